import { Batch, type Maybe, type Message, type Piece, type Sink } from "../../ctx/index.ts";

const newline = 10;

/** Tells whether a piece of text ends in the middle of a line. */
function isOpen(piece: Piece): boolean {
  if (piece instanceof Batch) return false;
  if (typeof piece === "string") return !piece.endsWith("\n");
  return piece.at(-1) !== newline;
}

/**
 * The answers of several commands, one after another, into one sink: each begins on a new line, and the end of one is
 * not the end of the sink.
 */
export class LineSink implements Sink {
  readonly #out: Sink;
  #open = false;

  constructor(out: Sink) {
    this.#out = out;
  }
  get closed(): boolean {
    return this.#out.closed;
  }
  get isTerminal(): boolean {
    return this.#out.isTerminal === true;
  }
  get wantsTable(): boolean {
    return this.#out.wantsTable === true;
  }
  begin(m: Message): void {
    if (this.#open) void this.#out.write("\n");
    this.#open = false;
    this.#out.begin?.(m);
  }
  write(piece: Piece): Maybe<void> {
    this.#open = isOpen(piece);
    return this.#out.write(piece);
  }
  end(): void {}
  note(text: string): Maybe<void> {
    return this.#out.note(text);
  }
}
