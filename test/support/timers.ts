import type { Timers } from "../../src/modules/ssh/timers.ts";

interface Timer {
  at: number;
  readonly work: () => void;
  readonly every: number | undefined;
}

/** Time that passes when a test says so. */
export class ManualTimers implements Timers {
  readonly #timers = new Set<Timer>();
  #now = 0;

  after(ms: number, work: () => void): () => void {
    return this.#add({ at: this.#now + ms, work, every: undefined });
  }
  every(ms: number, work: () => void): () => void {
    return this.#add({ at: this.#now + ms, work, every: ms });
  }
  /** Lets milliseconds pass, and does what is due, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      if (next.every === undefined) this.#timers.delete(next);
      else next.at += next.every;
      next.work();
    }
    this.#now = end;
  }
  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}
