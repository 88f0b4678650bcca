/**
 * Writes to a file descriptor without node's streams, which cost a start several milliseconds. Files and terminals are
 * written at once. So is the first part of a pipe, which its buffer takes; after that writing waits its turn, so that a
 * reader that is slow (or stopped) does not stop this process.
 */
import { fstatSync, write, writeSync } from "node:fs";
import type { Maybe } from "../../../ctx/index.ts";

/** What a pipe takes without a reader. */
const pipeBuffer = 60_000;
/** More waiting than this, and the writer is asked to wait. */
const high = 1 << 18;

export class Output {
  readonly #fd: number;
  readonly #isPipe: boolean;
  readonly #onClosed: () => void;
  #written = 0;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #busy = false;
  #drained: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #closed = false;

  /** `onClosed` is called once, when the reader has gone. */
  constructor(fd: number, onClosed: () => void = () => undefined) {
    this.#fd = fd;
    this.#onClosed = onClosed;
    this.#isPipe = isPipe(fd);
  }
  /** True once the reader has gone. */
  get closed(): boolean {
    return this.#closed;
  }

  write(chunk: string | Uint8Array): Maybe<void> {
    if (this.#closed || chunk.length === 0) return;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    if (!this.#busy && (!this.#isPipe || this.#written + bytes.length <= pipeBuffer)) {
      this.#written += bytes.length;
      this.#writeNow(bytes);
      return;
    }
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (!this.#busy) this.#writeNext();
    return this.#queued > high ? this.flush() : undefined;
  }

  /** Waits until everything is written, or the reader has gone. */
  flush(): Maybe<void> {
    if (!this.#busy) return;
    this.#drained ??= deferred();
    return this.#drained.promise;
  }

  #writeNow(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(this.#fd, bytes, done);
      } catch (error) {
        if (!isAgain(error)) return this.#failed(error);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
    }
  }
  #writeNext(): void {
    const [bytes] = this.#queue;
    if (bytes === undefined || this.#closed) {
      this.#busy = false;
      this.#drained?.resolve();
      this.#drained = undefined;
      return;
    }
    this.#busy = true;
    write(this.#fd, bytes, (error, done) => {
      if (error !== null && !isAgain(error)) this.#failed(error);
      else if (error !== null) return void setTimeout(() => this.#writeNext(), 2);
      else if (done < bytes.length) this.#queue[0] = bytes.subarray(done);
      else this.#queue.shift();
      this.#queued -= done ?? 0;
      this.#writeNext();
    });
  }
  #failed(error: unknown): void {
    this.#queue = [];
    if (this.#closed) return;
    this.#closed = true;
    if ((error as { code?: unknown }).code !== "EPIPE") this.error = error;
    this.#onClosed();
  }
  /** Why writing failed, if it was not that the reader has gone: a full disk. */
  error: unknown;
}

const isAgain = (error: unknown): boolean => (error as { code?: unknown }).code === "EAGAIN";

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
