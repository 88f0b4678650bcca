import type { Terminal } from "../../../ctx/index.ts";

/** Lends the terminal to programs, and knows whose Ctrl-C is: the terminal tells it to the program and to us alike. */
/** Milliseconds in which a Ctrl-C that was meant for a program may still come to us after its end. */
const lateness = 50;

export class Lender implements Terminal {
  #lent = 0;

  get isLent(): boolean {
    return this.#lent > 0;
  }

  async lend<T>(work: () => Promise<T>): Promise<T> {
    let isTaken = false;
    // One from before the program was there has missed it, and is told to us within a turn from now: that one is ours.
    void oneTurn().then(() => {
      isTaken = true;
      this.#lent++;
    });
    try {
      return await work();
    } finally {
      await oneTurn();
      // And one that has ended the program may not have been told to us yet: threads hear of signals in no order.
      if (isTaken) setTimeout(() => this.#lent--, lateness).unref();
    }
  }
}

/** Waits until everything was told to us that has happened by now. */
async function oneTurn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}
