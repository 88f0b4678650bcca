/** What a node tells the one above of the nodes below it: ROUTE messages, and how they are believed. */
import { type CtxError, fail, type Signer } from "../../ctx/index.ts";
import type { Below, NodeBelow } from "./below.ts";
import { readCertificate } from "./certificate.ts";
import { Fields } from "./fields.ts";
import { frameTypes } from "./frame.ts";
import { jsonFrame } from "./meeting.ts";
import { isBelow, parentOf } from "./route.ts";

/** How many nodes one message tells of. */
const perMessage = 200;

/** Writes what the node above has to hear; `isAll` when it has heard nothing yet. Parents come before those below them. */
export function advertise(below: Below, own: string, isAll: boolean): readonly Buffer[] {
  const changed = below.takeChanged();
  const told = (isAll ? below.list() : changed).map((one) =>
    typeof one === "string"
      ? { gone: one }
      : { cert: one.certificate, epoch: one.epoch, online: one.isOnline, since: one.since, address: one.address },
  );
  told.sort((a, b) => depth(a) - depth(b));
  const frames: Buffer[] = [];
  for (let at = 0; at < told.length || (isAll && at === 0); at += perMessage) {
    const nodes = told.slice(at, at + perMessage);
    const first = isAll && at === 0;
    const last = isAll && at + perMessage >= told.length;
    frames.push(jsonFrame(frameTypes.route, { nodes, first, last }, "", own));
  }
  return frames;
}
const depth = (one: { readonly address?: string }): number => (one.address ?? "").split(".").length;

/** The child that tells. */
export interface Teller {
  readonly address: string;
  readonly key: string;
}

export interface Hearing {
  readonly verify: Signer["verify"];
  readonly now: number;
  /** The most nodes that may be known below this one. */
  readonly most: number;
  /** Told of nodes that were away, or are not there any more. */
  readonly away: (address: string) => void;
}

/**
 * Takes what a child tells of the nodes below it, and of no others: each has to be certified by the one directly above it,
 * up to the child itself. Throws at the first that does not fit.
 */
export function hear(below: Below, child: Teller, body: Buffer, hearing: Hearing): void {
  const fields = Fields.read("a ROUTE", body);
  if (fields.flag("first")) below.beginAll(child.address);
  for (const one of fields.list("nodes")) {
    const told = new Fields("a ROUTE", one);
    if (told.has("gone")) hearing.away(forget(below, child, told.text("gone", "address")));
    else {
      const node = nodeOf(below, child, told, hearing);
      if (below.put(node)) hearing.away(node.address);
    }
  }
  if (fields.flag("last")) below.endAll(child.address);
}

function forget(below: Below, child: Teller, address: string): string {
  if (!isBelow(address, child.address)) throw outside(address, child);
  below.forget(address);
  return address;
}

function nodeOf(below: Below, child: Teller, told: Fields, { verify, now, most }: Hearing): NodeBelow {
  const address = told.text("address", "address");
  if (!isBelow(address, child.address)) throw outside(address, child);
  const isOnline = told.flag("online");
  const epoch = isOnline ? told.text("epoch", "epoch") : "";
  const certificate = String(told.only("cert"));
  const since = told.integer("since");
  const before = below.get(address);
  if (before === undefined && below.size >= most) {
    throw fail("too_large", { problem: `more than ${most} nodes below this one (ssh.link_nodes)` });
  }
  // Most news is of who came and went: what proves the key is checked when it changes.
  if (before?.certificate === certificate) return { ...before, isOnline, epoch, since };
  const parent = parentOf(address);
  const issuer = parent === child.address ? child.key : below.get(parent)?.key;
  if (issuer === undefined) throw fail("not_allowed", { problem: `nobody has told of ${parent}, above ${address}` });
  const { sub, key, type } = readCertificate(certificate, parent, issuer, {
    verify,
    now: isOnline ? now : undefined,
  });
  if (sub !== address) throw fail("not_allowed", { problem: `a certificate of ${sub} for ${address}` });
  return { address, key, type, certificate, epoch, isOnline, since };
}

function outside(address: string, { address: child }: Teller): CtxError {
  return fail("not_allowed", { problem: `${child} tells of ${address}, which is not below it` });
}
