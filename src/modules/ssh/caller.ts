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
interface Pending {
  readonly dst: string;
  /** The hash of the batch it went out with; nothing before it did. */
  hash: string | undefined;
  readonly reader: WireReader;
  /** Parts of the answer that came while one before them is being read. */
  readonly queue: Uint8Array[];
  isReading: boolean;
  /** Bytes that came and were not read yet, and that were read since more were asked for. */
  unread: number;
  read: number;
  isDone: boolean;
  readonly timer: NodeJS.Timeout;
  settle(error?: CtxError): void;
}

export interface CallerOptions {
  readonly outbox: Outbox;
  /** The address of this node now. */
  readonly own: () => string;
  /** How long another node may take to say that it has the call, in milliseconds. */
  readonly answerLimit: () => number;
  readonly refused: (what: string, src: string) => void;
}

export class Caller {
  readonly #options: CallerOptions;
  readonly #pending = new Map<string, Pending>();
  #lastId = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Calls a command on another node; its answer goes to `out` as it comes. Throws what it failed with. */
  call(dst: string, asking: Asking): Promise<void> {
    const { signal } = asking;
    if (signal.aborted) throw fail("cancelled", {});
    const request = this.#request(asking);
    const { id } = request;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#options.outbox.put(dst, { cancel: id }, 0);
        pending.settle(fail("cancelled", {}));
      };
      const limit = this.#options.answerLimit();
      const late = (): void => {
        const shown = `${limit / 1000}s`;
        pending.settle(this.#failed(dst, fail("timed_out", { what: `the answer of ${dst}`, limit: shown })));
      };
      const pending: Pending = {
        dst,
        hash: undefined,
        reader: new WireReader(asking.out),
        queue: [],
        isReading: false,
        unread: 0,
        read: 0,
        isDone: false,
        timer: setTimeout(late, limit),
        settle: (error) => {
          if (!this.#pending.delete(id)) return;
          clearTimeout(pending.timer);
          if (signal !== endless) signal.removeEventListener("abort", stop);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.#pending.set(id, pending);
      if (signal !== endless) signal.addEventListener("abort", stop, { once: true });
      this.#options.outbox.put(dst, request, sizeOf(request), (hash) => {
        pending.hash = hash;
        if (hash === undefined) pending.settle(fail("node_offline", { node: dst }));
      });
    });
  }

  #request({ words, input, who }: Asking): Request {
    if (words.length > wordLimit) throw fail("too_large", { problem: `a call has more than ${wordLimit} words` });
    const args = words.map((word): SentWord => (isBare(word) ? textOf(word) : { text: textOf(word) }));
    const id = (++this.#lastId).toString(36);
    const request = { id, args, ...(input !== undefined && { input }) };
    const { user, lang, trace } = who;
    return { ...request, user, lang, trace };
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
    clearTimeout(pending.timer);
    pending.isDone = fin === true;
    pending.unread += bytes.length;
    if (pending.unread > 2 * creditSize) {
      this.#options.outbox.put(src, { cancel: re }, 0);
      pending.settle(this.#failed(src, fail("too_large", { problem: `${src} sends more than it was asked for` })));
      return;
    }
    pending.queue.push(bytes);
    if (!pending.isReading) this.#read(pending, re);
  }

  #read(pending: Pending, id: string): void {
    for (let bytes = pending.queue.shift(); bytes !== undefined; bytes = pending.queue.shift()) {
      const { length } = bytes;
      try {
        const reading = length === 0 ? undefined : pending.reader.push(bytes);
        if (reading !== undefined) {
          pending.isReading = true;
          reading.then(
            () => {
              pending.isReading = false;
              this.#wasRead(pending, id, length);
              this.#read(pending, id);
            },
            (error: unknown) => this.#stopReading(pending, id, error),
          );
          return;
        }
      } catch (error) {
        this.#stopReading(pending, id, error);
        return;
      }
      this.#wasRead(pending, id, length);
    }
  }
  #wasRead(pending: Pending, id: string, length: number): void {
    pending.unread -= length;
    pending.read += length;
    if (pending.isDone && pending.unread === 0) {
      const { ended, error } = pending.reader;
      const cut = ended ? undefined : fail("failed", { problem: "the answer came damaged: it ends too early" });
      const why = error ?? cut;
      pending.settle(why === undefined ? undefined : this.#failed(pending.dst, why));
    } else if (pending.read >= creditSize / 4) {
      this.#options.outbox.put(pending.dst, { credit: id, more: pending.read }, 0);
      pending.read = 0;
    }
  }
  #stopReading(pending: Pending, id: string, error: unknown): void {
    if (!pending.isDone) this.#options.outbox.put(pending.dst, { cancel: id }, 0);
    pending.settle(
      error instanceof CtxError ? error : fail("failed", { problem: "the answer could not be read" }, { cause: error }),
    );
  }

  /** An error of a call, with the way it went. */
  #failed(dst: string, error: CtxError): CtxError {
    return along(error, this.#options.own(), ...(error.trail.length === 0 ? [dst] : []));
  }

  /** Ends what waits for nodes that are gone: nobody knows whether it ran. */
  gone(isGone: (address: string) => boolean): void {
    for (const { dst, hash, settle } of [...this.#pending.values()]) {
      if (!isGone(dst)) continue;
      const hint = hash === undefined ? undefined : "the link was lost while it ran: whether it ended is not known";
      settle(this.#failed(dst, fail("node_offline", { node: dst }, { hint })));
    }
  }
  get waiting(): number {
    return this.#pending.size;
  }
}

/** About how many bytes a call takes; throws for one that is too long for a link. */
function sizeOf({ args, input }: Request): number {
  let size = 200;
  for (const word of args) size += (typeof word === "string" ? word : word.text).length + 12;
  if (input !== undefined) size += JSON.stringify(input).length;
  if (size > requestLimit) throw fail("too_large", { problem: `a call is longer than ${requestLimit >> 10} KiB` });
  return size;
}
