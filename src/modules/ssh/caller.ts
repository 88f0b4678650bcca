/** The calls of this node that other nodes answer. */
import {
  along,
  CtxError,
  endless,
  fail,
  isBare,
  textOf,
  type Who,
  WireReader,
  type WireTarget,
  type Words,
} from "../../ctx/index.ts";
import type { Reply, Request, SentWord } from "./envelope.ts";
import type { Outbox } from "./outbox.ts";
import { Slots } from "./slots.ts";

/** The bytes of an answer that may be on their way; more come when these were read. */
export const creditSize = 256 << 10;
/** The longest words and input of a call, in bytes. */
const requestLimit = 256 << 10;
/** Most words of a call. */
const wordLimit = 1000;

/** A call for another node. */
export interface Asking {
  readonly words: Words;
  readonly input?: { readonly [key: string]: unknown } | undefined;
  readonly who: Who;
  readonly signal: AbortSignal;
  readonly out: WireTarget;
}

/** A call that waits for its answer, or for the rest of it. */
class Pending {
  readonly id: string;
  readonly dst: string;
  readonly signal: AbortSignal;
  readonly reader: WireReader;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** When something must have been heard, as `ticks` counts; nothing once it was. */
  deadline: number | undefined;
  /** The hash of the batch it went out with; nothing before it did. */
  hash: string | undefined;
  /** Parts of the answer that came while one before them is being read. */
  readonly queue: Uint8Array[] = [];
  isReading = false;
  /** Bytes that came and were not read yet, and that were read since more were asked for. */
  unread = 0;
  read = 0;
  isDone = false;
  stop: (() => void) | undefined;

  constructor(id: string, dst: string, { out, signal }: Asking, resolve: () => void, reject: (error: unknown) => void) {
    this.id = id;
    this.dst = dst;
    this.signal = signal;
    this.reader = new WireReader(out);
    this.resolve = resolve;
    this.reject = reject;
  }
}

export interface CallerOptions {
  readonly outbox: Outbox;
  /** The address of this node now. */
  readonly own: () => string;
  /** How long another node may take to say that it has the call, in milliseconds. */
  readonly answerLimit: () => number;
  /** Milliseconds that only go forward. */
  readonly ticks: () => number;
  readonly refused: (what: string, src: string) => void;
}

export class Caller {
  readonly #options: CallerOptions;
  readonly #pending = new Slots<Pending>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Calls a command on another node; its answer goes to `out` as it comes. Throws what it failed with. */
  call(dst: string, asking: Asking): Promise<void> {
    if (asking.signal.aborted) throw fail("cancelled", {});
    const request = this.#request(asking);
    const size = sizeOf(request);
    return new Promise((resolve, reject) => {
      const pending = new Pending(request.id, dst, asking, resolve, reject);
      this.#pending.put(pending);
      this.#watch(pending);
      this.#options.outbox.put(dst, request, size, (hash) => {
        pending.hash = hash;
        if (hash === undefined) this.#settle(pending, fail("node_offline", { node: dst }));
      });
    });
  }

  /** Sees to it that a call ends when nobody wants it any more, and when nothing is heard of it. */
  #watch(pending: Pending): void {
    const { signal, dst, id } = pending;
    const { answerLimit, ticks, outbox } = this.#options;
    pending.deadline = ticks() + answerLimit();
    this.#sweeper ??= setTimeout(this.#sweep, sweepAfter(answerLimit())).unref();
    if (signal === endless) return;
    pending.stop = () => {
      outbox.put(dst, { cancel: id }, 0);
      this.#settle(pending, fail("cancelled", {}));
    };
    signal.addEventListener("abort", pending.stop, { once: true });
  }
  #sweep = (): void => {
    this.#sweeper = undefined;
    const { ticks, answerLimit } = this.#options;
    const now = ticks();
    for (const pending of this.#pending.list()) {
      if (pending.deadline === undefined || pending.deadline > now) continue;
      const late = fail("timed_out", { what: `the answer of ${pending.dst}`, limit: `${answerLimit() / 1000}s` });
      this.#settle(pending, this.#failed(pending.dst, late));
    }
    if (this.#pending.size > 0) this.#sweeper = setTimeout(this.#sweep, sweepAfter(answerLimit())).unref();
  };
  #settle(pending: Pending, error?: CtxError): void {
    if (!this.#pending.delete(pending)) return;
    if (pending.stop !== undefined) pending.signal.removeEventListener("abort", pending.stop);
    if (error === undefined) pending.resolve();
    else pending.reject(error);
  }

  #request({ words, input, who }: Asking): Request {
    if (words.length > wordLimit) throw fail("too_large", { problem: `a call has more than ${wordLimit} words` });
    const args = words.map((word): SentWord => (isBare(word) ? textOf(word) : { text: textOf(word) }));
    const id = this.#pending.nextId();
    const { user, lang, trace } = who;
    return input === undefined ? { id, args, user, lang, trace } : { id, args, input, user, lang, trace };
  }

  /** Takes a part of an answer. */
  take(src: string, { re, rh, fin }: Reply, bytes: Uint8Array): void {
    const pending = this.#pending.get(re);
    // Nobody waits for it any more: it was stopped, or its time was over.
    if (pending === undefined) return;
    if (pending.dst !== src || pending.hash !== rh || pending.isDone) {
      this.#options.refused("an answer to a call that was not made", src);
      return;
    }
    pending.deadline = undefined;
    pending.isDone = fin === true;
    pending.unread += bytes.length;
    if (pending.unread > 2 * creditSize) {
      this.#options.outbox.put(src, { cancel: re }, 0);
      const problem = `${src} sends more than it was asked for`;
      this.#settle(pending, this.#failed(src, fail("too_large", { problem })));
      return;
    }
    pending.queue.push(bytes);
    if (!pending.isReading) this.#read(pending);
  }

  #read(pending: Pending): void {
    for (let bytes = pending.queue.shift(); bytes !== undefined; bytes = pending.queue.shift()) {
      const { length } = bytes;
      try {
        const reading = length === 0 ? undefined : pending.reader.push(bytes);
        if (reading !== undefined) {
          pending.isReading = true;
          reading.then(
            () => {
              pending.isReading = false;
              this.#wasRead(pending, length);
              this.#read(pending);
            },
            (error: unknown) => this.#stopReading(pending, error),
          );
          return;
        }
      } catch (error) {
        this.#stopReading(pending, error);
        return;
      }
      this.#wasRead(pending, length);
    }
  }
  #wasRead(pending: Pending, length: number): void {
    pending.unread -= length;
    pending.read += length;
    if (pending.isDone && pending.unread === 0) {
      const { ended, error } = pending.reader;
      const cut = ended ? undefined : fail("failed", { problem: "the answer came damaged: it ends too early" });
      const why = error ?? cut;
      this.#settle(pending, why && this.#failed(pending.dst, why));
    } else if (pending.read >= creditSize / 4) {
      this.#options.outbox.put(pending.dst, { credit: pending.id, more: pending.read }, 0);
      pending.read = 0;
    }
  }
  #stopReading(pending: Pending, error: unknown): void {
    if (!pending.isDone) this.#options.outbox.put(pending.dst, { cancel: pending.id }, 0);
    const known = error instanceof CtxError ? error : undefined;
    const problem = "the answer could not be read";
    this.#settle(pending, known ?? fail("failed", { problem }, { cause: error }));
  }

  /** An error of a call, with the way it went. */
  #failed(dst: string, error: CtxError): CtxError {
    return along(error, this.#options.own(), ...(error.trail.length === 0 ? [dst] : []));
  }

  /** Ends what waits for nodes that are gone: nobody knows whether it ran. */
  gone(isGone: (address: string) => boolean): void {
    for (const pending of this.#pending.list()) {
      const { dst, hash } = pending;
      if (!isGone(dst)) continue;
      const hint = hash === undefined ? undefined : "the link was lost while it ran: whether it ended is not known";
      this.#settle(pending, this.#failed(dst, fail("node_offline", { node: dst }, { hint })));
    }
  }
}

/** How often to look for calls of which nothing is heard, in milliseconds. */
const sweepAfter = (limit: number): number => Math.min(1000, Math.max(10, limit / 4));

/** About how many bytes a call takes; throws for one that is too long for a link. */
function sizeOf({ args, input }: Request): number {
  let size = 200;
  for (const word of args) size += (typeof word === "string" ? word : word.text).length + 12;
  if (input !== undefined) size += JSON.stringify(input).length;
  if (size > requestLimit) throw fail("too_large", { problem: `a call is longer than ${requestLimit >> 10} KiB` });
  return size;
}
