/** Whether the node above is who it has to be, and what it may certify: the part of joining that the node below decides. */
import { type Code, CtxError, fail, type Signer } from "../../ctx/index.ts";
import { type Certificate, readChain } from "./certificate.ts";
import type { Fields } from "./fields.ts";
import type { Proven } from "./handshake.ts";
import type { Known } from "./known.ts";
import { isProof, proofOf, type Secrets } from "./secret.ts";

const hint = "to join anew: bin/boot.sh create with this folder, which makes a new secret";

/** A request to join: the secret is proven when there is one. */
export interface JoinRequest {
  readonly secret: string | undefined;
  readonly proof: Buffer | undefined;
}

/**
 * Decides whether a node may be above this one: the one it joined before, by its key; another one only if it can be
 * expected to prove the secret of this node. Throws otherwise, and nothing is sent.
 */
export function askAbove(other: Proven, known: Known, secrets: Secrets): JoinRequest {
  const secret = secrets.join();
  const pinned = known.above?.key;
  if (secret === undefined && pinned === undefined) {
    throw fail("not_allowed", { problem: `this node has no secret to join ${other.name} with` }, { hint });
  }
  if (secret === undefined && pinned !== other.key) {
    const problem = `${other.name} has another key than the node above had: it may be a stranger in its place`;
    throw fail("not_allowed", { problem }, { hint });
  }
  return { secret, proof: secret === undefined ? undefined : proofOf(secret, "join-c", other.transcript) };
}

/** Checks the answer to a request to join: a node that was not above before has to prove the secret. */
export function checkAnswer(other: Proven, fields: Fields, asking: JoinRequest | undefined, known: Known): void {
  const secret = asking?.secret;
  if (fields.has("error")) throw errorOf(fields);
  if (known.above?.key === other.key) return;
  const isProven =
    secret !== undefined &&
    fields.has("proof") &&
    isProof(fields.bytes("proof", 32), secret, "join-s", other.transcript);
  if (!isProven)
    throw fail("not_allowed", { problem: `${other.name} does not know the secret of this node` }, { hint });
}

/** An error as another node tells it: what it says is shown, so that it must not be able to draw on the screen. */
function errorOf(fields: Fields): CtxError {
  const said = (name: string): string =>
    fields
      .text(name, "words")
      .replace(/\p{Cc}/gu, " ")
      .slice(0, 300);
  const code: Code = said("error") === "not_allowed" ? "not_allowed" : "failed";
  return new CtxError(
    code,
    `the node above says: ${said("message")}`,
    fields.has("hint") ? { hint: said("hint") } : {},
  );
}

/**
 * Reads the chain that the node above gave: it has to end with that node's and this one's keys, and hold no loop. A chain
 * that has run out still says who is who: those whose own node above is away go on working; others will not believe it.
 */
export function readOwnChain(chain: readonly string[], aboveKey: string, signer: Signer) {
  const certificates = readChain(chain, { verify: signer.verify });
  const own = certificates.at(-1);
  const above = certificates.at(-2);
  if (own?.key !== signer.key || above?.key !== aboveKey) {
    throw fail("not_allowed", { problem: "the node above certifies another key" });
  }
  if (certificates.slice(0, -1).some(({ key }) => key === signer.key)) throw loop(own.sub);
  return { certificates: certificates as readonly Certificate[], own, above };
}

export const loop = (name: string) =>
  fail(
    "not_allowed",
    { problem: `${name} would be above itself` },
    { hint: "look at ctx_box and ctx_dev of both nodes" },
  );
