/** The log of what others have caused: they must not be able to fill the disk with it. */
const mostLines = 100;
const window = 60_000;

export class Refusals {
  readonly #line: (text: string) => void;
  readonly #now: () => number;
  #since = 0;
  #count = 0;

  constructor(line: (text: string) => void, now: () => number) {
    this.#line = line;
    this.#now = now;
  }
  /** Writes a line, at most a hundred a minute; the others are counted. */
  write(text: string): void {
    const now = this.#now();
    if (now - this.#since >= window || now < this.#since) {
      if (this.#count > mostLines) this.#line(`${this.#count - mostLines} more were refused`);
      this.#since = now;
      this.#count = 0;
    }
    this.#count++;
    if (this.#count <= mostLines) this.#line(text);
    if (this.#count === mostLines) this.#line("more of this minute is counted, not written");
  }
}
