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

/** An addressee, and what goes to it in the next batch. It stays, as long as they are not too many: see Slots on maps that change. */
interface Line {
  readonly dst: string;
  draft: Draft | undefined;
}
const mostLines = 20_000;

export class Outbox {
  readonly #sending: Sending;
  readonly #lines = new Map<string, Line>();
  /** Those that have a draft, perhaps. */
  #drafted: Line[] = [];
  /** Tells this start of the node from others. */
  readonly #epoch = randomBytes(8).toString("hex");
  /** How many batches it has sent. */
  #seq = 0;

  constructor(sending: Sending) {
    this.#sending = sending;
  }

  /** Puts an item into the next batch to an address. */
  put(dst: string, item: Item, size: number, told?: Told): void {
    const line = this.#line(dst);
    const draft = this.#draft(line);
    draft.items.push(item);
    draft.isBulk = false;
    if (told !== undefined) draft.told.push(told);
    this.#grow(line, draft, size);
  }

  /** Puts a part of an answer into the next batch; what one turn of the loop has to say on a call becomes one item. */
  reply(dst: string, re: string, rh: string, bytes: Uint8Array | undefined, isLast: boolean): void {
    const line = this.#line(dst);
    const draft = this.#draft(line);
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
    this.#grow(line, draft, bytes?.length ?? 0);
  }

  #line(dst: string): Line {
    let line = this.#lines.get(dst);
    if (line === undefined) {
      if (this.#lines.size >= mostLines) this.#clear();
      line = { dst, draft: undefined };
      this.#lines.set(dst, line);
    }
    return line;
  }
  #clear(): void {
    for (const [dst, { draft }] of this.#lines) if (draft === undefined) this.#lines.delete(dst);
  }
  #draft(line: Line): Draft {
    if (line.draft === undefined) {
      line.draft = new Draft();
      if (this.#drafted.length === 0) setImmediate(this.#flush);
      this.#drafted.push(line);
    }
    return line.draft;
  }
  #grow(line: Line, draft: Draft, size: number): void {
    draft.size += size;
    if (draft.size >= mostBytes || draft.items.length >= mostItems) this.#send(line, draft);
  }
  #flush = (): void => {
    const lines = this.#drafted;
    this.#drafted = [];
    for (const line of lines) if (line.draft !== undefined) this.#send(line, line.draft);
  };

  #send(line: Line, { items, parts, told, isBulk }: Draft): void {
    const { network, signer, now } = this.#sending;
    const { dst } = line;
    line.draft = undefined;
    const iat = now();
    const seq = this.#seq++;
    const place = network.place(dst);
    const chain = place === "above" || place === "below" ? [] : network.chain();
    const head = { v: 1, src: network.address, dst, iat, exp: iat + lifetime, epoch: this.#epoch, seq, items };
    const { body, hash } = seal(head, parts, chain, signer);
    const isSent = network.send(dst, body, isBulk ? prios.bulk : prios.interactive);
    for (const tell of told) tell(isSent ? hash : undefined);
  }
}
