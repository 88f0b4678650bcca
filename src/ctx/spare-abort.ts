import { getEventListeners } from "node:events";

/**
 * Abort controllers for doors that open one a call: making one costs as much as all the rest of a short call, so one that
 * nobody has used is used again.
 */
export class SpareAborts {
  readonly #spare: AbortController[] = [];

  take(): AbortController {
    return this.#spare.pop() ?? new AbortController();
  }
  /** Takes one back from a call that was done at once; one that was aborted or is listened to is left to the collector. */
  giveBack(abort: AbortController): void {
    if (abort.signal.aborted || this.#spare.length >= mostSpare) return;
    if (getEventListeners(abort.signal, "abort").length === 0) this.#spare.push(abort);
  }
}

const mostSpare = 64;
