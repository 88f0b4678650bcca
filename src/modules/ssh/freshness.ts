/**
 * Whether a batch is news: sent lately, to this node, and not seen before (cluster.md 5.7). Nothing that was recorded can be
 * sent again with any effect, also not to a node that was started anew in between: what is older than its start is refused.
 */
import { type CtxError, fail, printDuration } from "../../ctx/index.ts";
import type { Head } from "./envelope.ts";

/** How far the clock of another node may be ahead of this one. */
const ahead = 30_000;
/** The longest a batch may be good for. */
const longest = 10 * 60_000;
/** Batches may overtake one another by so many. */
const windowSize = 1024;
/** So many starts of a node are remembered until what they sent has expired. */
const mostEpochs = 8;

/** Which numbers of a start of a sender have come: the highest, and a bit for each of those before it. */
class Window {
  #highest = -1;
  readonly #seen = new Uint8Array(windowSize);
  /** When the last batch of it expires. */
  until = 0;

  /** Notes a number; false when it has come before, or is too old to tell. */
  take(seq: number): boolean {
    if (seq < 0 || seq <= this.#highest - windowSize) return false;
    if (seq > this.#highest) {
      const from = Math.max(this.#highest + 1, seq - windowSize + 1);
      for (let free = from; free < seq; free++) this.#seen[free % windowSize] = 0;
      this.#highest = seq;
    } else if (this.#seen[seq % windowSize] === 1) return false;
    this.#seen[seq % windowSize] = 1;
    return true;
  }
}

/** Remembers what came, by key of the sender and start. */
export class Freshness {
  readonly #started: number;
  readonly #now: () => number;
  readonly #windows = new Map<string, Map<string, Window>>();

  constructor(now: () => number) {
    this.#now = now;
    this.#started = now();
  }

  /** Throws what is wrong with the time, the addressee or the number of a batch whose signature holds. */
  check({ src, dst, iat, exp, epoch, seq }: Head, own: string, key: string): void {
    const now = this.#now();
    if (dst !== own) throw refuse(src, `was sent to ${dst}, not to ${own}`);
    if (iat > now + ahead) throw refuse(src, `is from the future: its clock is ${printDuration(iat - now)} ahead`);
    if (exp < now) throw refuse(src, `expired ${printDuration(now - exp)} ago`);
    if (exp - iat > longest) throw refuse(src, "is good for too long");
    if (iat < this.#started) throw refuse(src, "is older than the start of this node");
    const window = this.#window(key, epoch, now);
    if (window === undefined) throw refuse(src, "is of one start of its node too many");
    if (!window.take(seq)) throw refuse(src, "has come before");
    window.until = Math.max(window.until, exp);
  }

  #window(key: string, epoch: string, now: number): Window | undefined {
    let epochs = this.#windows.get(key);
    if (epochs === undefined) {
      epochs = new Map();
      this.#windows.set(key, epochs);
    }
    const known = epochs.get(epoch);
    if (known !== undefined) return known;
    for (const [old, { until }] of epochs) if (until < now) epochs.delete(old);
    if (epochs.size >= mostEpochs) return undefined;
    const window = new Window();
    epochs.set(epoch, window);
    return window;
  }
}

const refuse = (src: string, why: string): CtxError => fail("not_allowed", { problem: `a message of ${src} ${why}` });
