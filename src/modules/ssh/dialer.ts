/** Keeps a link to the node above: dials, waits longer and longer while it fails, and begins anew when a link is lost. */
import type { CtxError } from "../../ctx/index.ts";
import { errorOf } from "./fault.ts";
import type { Timers } from "./timers.ts";

export interface DialerOptions {
  /** Dials; done when the link that came of it has ended. Throws when none came of it. */
  readonly dial: (signal: AbortSignal) => Promise<void>;
  /** Told why it did not work, each reason once until it has worked. */
  readonly failed: (error: CtxError) => void;
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The shortest and the longest wait, in milliseconds. */
  readonly limits: { readonly retryMin: number; readonly retryMax: number };
}

/** Errors that the next attempt will meet again, until somebody does something about it. */
const refusals: ReadonlySet<string> = new Set(["not_allowed", "bad_signature", "already_exists", "unsupported"]);

export class Dialer {
  readonly #options: DialerOptions;
  readonly #end = new AbortController();
  #said = "";

  constructor(options: DialerOptions) {
    this.#options = options;
  }
  stop(): void {
    this.#end.abort();
  }

  /** Dials for ever; done when it is stopped. */
  async run(): Promise<void> {
    const { signal } = this.#end;
    let wait = 0;
    while (!signal.aborted) {
      wait = this.#nextWait(wait, await this.#once(signal));
      await this.#pause(wait);
    }
  }

  /** Decorrelated jitter: many nodes that lost the same link do not come back at the same moment. */
  #nextWait(last: number, error: CtxError | undefined): number {
    const { retryMin, retryMax } = this.#options.limits;
    if (error !== undefined && refusals.has(error.code)) return retryMax;
    const longest = Math.max(retryMin, error === undefined ? 0 : last) * 3;
    return Math.min(retryMax, retryMin + this.#options.random() * (longest - retryMin));
  }
  async #once(signal: AbortSignal): Promise<CtxError | undefined> {
    try {
      await this.#options.dial(signal);
      this.#said = "";
      return undefined;
    } catch (thrown) {
      const error = errorOf(thrown);
      if (!signal.aborted && error.message !== this.#said) this.#options.failed(error);
      this.#said = error.message;
      return error;
    }
  }
  #pause(ms: number): Promise<void> {
    const { signal } = this.#end;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        cancel();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const cancel = this.#options.timers.after(ms, done);
      signal.addEventListener("abort", done);
    });
  }
}
