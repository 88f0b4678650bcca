/** What waits to be sent, by addressee: all of one turn of the event loop goes out as one batch with one signature. */
import { randomBytes } from "node:crypto";
import type { Signer } from "../../ctx/index.ts";
import { type Item, type Reply, seal } from "./envelope.ts";
import { prios } from "./frame.ts";
import type { Network } from "./network.ts";

/** A batch is sent at once when it holds so many items, or bytes. */
const mostItems = 256;
const mostBytes = 60 << 10;
/** A batch is good for so many milliseconds. */
const lifetime = 30_000;

/** What is needed to send. */
export interface Sending {
  readonly network: Network;
  readonly signer: Signer;
  readonly now: () => number;
}

/** Told what became of an item: the hash of its batch, or that there is no way to the addressee. */
type Told = (hash: string | undefined) => void;

/** What goes to one addressee in the next batch. */
class Draft {
  readonly items: Item[] = [];
  readonly parts: Uint8Array[] = [];
  readonly told: Told[] = [];
  size = 0;
  /** All of it is parts of answers: others go first. */
  isBulk = true;
}

export class Outbox {
  readonly #sending: Sending;
  readonly #drafts = new Map<string, Draft>();
  /** Tells this start of the node from others. */
  readonly #epoch = randomBytes(8).toString("hex");
  readonly #seqs = new Map<string, number>();
  #isFlushing = false;

  constructor(sending: Sending) {
    this.#sending = sending;
  }

  /** Puts an item into the next batch to an address. */
  put(dst: string, item: Item, size: number, told?: Told): void {
    const draft = this.#draft(dst);
    draft.items.push(item);
    draft.isBulk = false;
    if (told !== undefined) draft.told.push(told);
    this.#grow(dst, draft, size);
  }

  /** Puts a part of an answer into the next batch; what one turn of the loop has to say on a call becomes one item. */
  reply(dst: string, re: string, rh: string, bytes: Uint8Array | undefined, isLast: boolean): void {
    const draft = this.#draft(dst);
    const last = draft.items.at(-1);
    let item: Reply;
    if (last !== undefined && "re" in last && last.re === re && last.rh === rh && last.fin === undefined) item = last;
    else {
      item = { re, rh, n: 0 };
      draft.items.push(item);
    }
    if (bytes !== undefined) {
      item.n += bytes.length;
      draft.parts.push(bytes);
    }
    if (isLast) item.fin = true;
    draft.isBulk &&= bytes !== undefined && !isLast;
    this.#grow(dst, draft, bytes?.length ?? 0);
  }

  #draft(dst: string): Draft {
    let draft = this.#drafts.get(dst);
    if (draft === undefined) {
      draft = new Draft();
      this.#drafts.set(dst, draft);
    }
    return draft;
  }
  #grow(dst: string, draft: Draft, size: number): void {
    draft.size += size;
    if (draft.size >= mostBytes || draft.items.length >= mostItems) {
      this.#drafts.delete(dst);
      this.#send(dst, draft);
    } else if (!this.#isFlushing) {
      this.#isFlushing = true;
      setImmediate(this.#flush);
    }
  }
  #flush = (): void => {
    this.#isFlushing = false;
    const drafts = [...this.#drafts];
    this.#drafts.clear();
    for (const [dst, draft] of drafts) this.#send(dst, draft);
  };

  #send(dst: string, { items, parts, told, isBulk }: Draft): void {
    const { network, signer, now } = this.#sending;
    const iat = now();
    const seq = (this.#seqs.get(dst) ?? -1) + 1;
    this.#seqs.set(dst, seq);
    const place = network.place(dst);
    const chain = place === "above" || place === "below" ? [] : network.chain();
    const head = { v: 1, src: network.address, dst, iat, exp: iat + lifetime, epoch: this.#epoch, seq, items };
    const { body, hash } = seal(head, parts, chain, signer);
    const isSent = network.send(dst, body, isBulk ? prios.bulk : prios.interactive);
    for (const tell of told) tell(isSent ? hash : undefined);
  }
}
