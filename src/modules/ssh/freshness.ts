/**
 * Whether a batch is news: sent lately, to this node, and not seen before (cluster.md 5.7). Nothing that was recorded can be
 * sent again with any effect, also not to a node that was started anew in between: what is older than its start is refused.
 */
import { type CtxError, fail, printDuration } from "../../ctx/index.ts";
import type { Head } from "./envelope.ts";
import { isBelow, parentOf } from "./route.ts";

/** How far the clock of another node may be ahead of this one. */
const ahead = 30_000;
/** The longest a batch may be good for. */
const longest = 10 * 60_000;
/** Milliseconds between two looks for what can be forgotten. */
const lookAgain = 1000;
/** Batches may overtake one another by so many. */
const windowSize = 1024;
/** So many starts of a node are remembered until what they sent has expired. */
const mostEpochs = 8;
/** So many keys that are not of nodes right above or below; when there are more, those that sent nothing lately are forgotten. */
const mostKeys = 10_000;

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
  #sweptAt = 0;

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
    if (!this.#windows.has(key) && !this.#hasRoom(src, own, now)) throw refuse(src, "is of one node too many");
    const window = this.#window(key, epoch, now);
    if (window === undefined) throw refuse(src, "is of one start of its node too many");
    if (!window.take(seq)) throw refuse(src, "has come before");
    window.until = Math.max(window.until, exp);
  }

  /** Tells whether there is room for one more key: a node below could make any number of them. */
  #hasRoom(src: string, own: string, now: number): boolean {
    if (this.#windows.size < mostKeys) return true;
    // There are few of these, and it is they who count.
    if (isBelow(own, src) || parentOf(src) === own) return true;
    if (now < this.#sweptAt + lookAgain) return false;
    this.#sweptAt = now;
    for (const [known, epochs] of this.#windows) {
      if ([...epochs.values()].every(({ until }) => until < now)) this.#windows.delete(known);
    }
    return this.#windows.size < mostKeys;
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
