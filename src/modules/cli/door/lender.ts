import type { Terminal } from "../../../ctx/index.ts";

/** Milliseconds in which a Ctrl-C that has ended a program may still come to us. */
const lateness = 50;

/** Lends the terminal to programs, and knows whose Ctrl-C is: the terminal tells it to the program and to us alike. */
export class Lender implements Terminal {
  #lent = 0;
  /** Whether we have been told of one since the terminal was lent. */
  #hasHeard = false;
  /** A program has failed and we were told of nothing: it may have been a Ctrl-C that is on its way to us. */
  #isLate = false;

  /** Called when we are told of a Ctrl-C: true when it is that of a program. */
  isForProgram(): boolean {
    const isLate = this.#isLate;
    this.#isLate = false;
    this.#hasHeard = true;
    return this.#lent > 0 || isLate;
  }

  async lend<T>(work: () => Promise<T>): Promise<T> {
    let isTaken = false;
    let hasFailed = true;
    this.#hasHeard = false;
    // One from before the program was there has missed it, and is told to us within a turn from now: that one is ours.
    void oneTurn().then(() => {
      isTaken = true;
      this.#lent++;
    });
    try {
      const done = await work();
      hasFailed = false;
      return done;
    } finally {
      await oneTurn();
      if (isTaken) this.#lent--;
      if (hasFailed && !this.#hasHeard) this.#awaitLate();
    }
  }

  #awaitLate(): void {
    this.#isLate = true;
    setTimeout(() => {
      this.#isLate = false;
    }, lateness).unref();
  }
}

/** Waits until everything was told to us that has happened by now. */
async function oneTurn(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}
