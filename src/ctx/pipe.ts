/**
 * How answers travel: a command writes pieces (rows, text, bytes) into a `Sink`; a command that takes input reads them
 * from a `Piped`. A `Pipe` is both ends with a short queue between. `write` gives a promise when the reader is behind;
 * a reader that has enough closes its end, and the writer's signal is aborted.
 */
import { CtxError } from "./errors.ts";
import { after, type Maybe, waitBoth } from "./maybe.ts";
import type { Message } from "./message.ts";
import { type Format, type Renderer, type RenderOptions, renderer } from "./render/index.ts";
import { Batch, type Row } from "./table/batch.ts";
import { lineReader } from "./table/lines.ts";
import type { Operator, Piece } from "./table/operator.ts";

/** Where the answer of a command goes. */
export interface Sink {
  /** Takes a piece. A promise means: wait for it before the next one. */
  write(piece: Piece): Maybe<void>;
  /** Says that the answer is complete. */
  end(): Maybe<void>;
  /** Takes what is said beside the answer: warnings, progress. A promise means what it means for `write`. */
  note(text: string): Maybe<void>;
  /** True once nobody wants more. */
  readonly closed: boolean;
  /** Rows are wanted: the text of an answer that has both is left out. */
  readonly wantsTable?: boolean;
  /** Learns whose answer this is, before its first piece. */
  begin?(m: Message): void;
  /** True when this is the terminal itself: a system program may then be given it. */
  readonly isTerminal?: boolean;
}

/** What comes in through a pipe, in whichever form the command reads. Each may be read once. */
export interface Piped {
  /** The open file behind it, where it is one: a program is given it as it is. */
  readonly fd?: number;
  /** Gives the pieces as they were written. */
  pieces(): AsyncIterable<Piece>;
  /** Gives rows; text becomes the column `text`, a row a line. */
  batches(): AsyncIterable<Batch>;
  /** Gives text, a table as it is shown in a file. */
  text(): Promise<string>;
  /** Gives bytes, for programs. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Reads a stream of pieces in the three forms. */
export class PieceReader implements Piped {
  readonly #pieces: AsyncIterable<Piece>;
  /** The call whose answer is read, if it was asked for a format. */
  protected asked: Message | undefined;
  constructor(pieces: AsyncIterable<Piece>) {
    this.#pieces = pieces;
  }
  pieces(): AsyncIterable<Piece> {
    return this.#pieces;
  }
  async *batches(): AsyncGenerator<Batch> {
    const lines = lineReader();
    const ready: Batch[] = [];
    for await (const piece of this.#pieces) {
      if (piece instanceof Batch) yield piece;
      else {
        lines.push(piece, (batch) => ready.push(batch));
        yield* ready.splice(0);
      }
    }
    lines.end((batch) => ready.push(batch));
    yield* ready;
  }
  async *bytes(): AsyncGenerator<Uint8Array> {
    let form: Renderer | undefined;
    const encoder = new TextEncoder();
    const ready: Uint8Array[] = [];
    const out = (chunk: string | Uint8Array): void => {
      ready.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
    };
    for await (const piece of this.#pieces) {
      form ??= rendererFor(this.asked, "plain");
      form.push(piece, out);
      yield* ready.splice(0);
    }
    form ??= rendererFor(this.asked, "plain");
    form.end(out);
    yield* ready;
  }
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    const parts: string[] = [];
    for await (const chunk of this.bytes()) parts.push(decoder.decode(chunk, { stream: true }));
    parts.push(decoder.decode());
    return parts.join("");
  }
}

/** Makes the renderer of an answer: in the format its call was asked for, else in the one given. */
export function rendererFor(m: Message | undefined, format: Format, options: RenderOptions = {}): Renderer {
  const message = m && { detail: m.shownDetail, option: m.given };
  return renderer(m?.format ?? format, { ...options, message });
}

/** Most pieces that wait in a pipe. */
const queueLimit = 8;

/** A sink whose pieces are read at the other end. */
export class Pipe extends PieceReader implements Sink {
  readonly wantsTable: boolean;
  readonly #queue: Piece[] = [];
  readonly #note: (text: string) => Maybe<void>;
  readonly #onClosed: () => void;
  #ended = false;
  #closed = false;
  #error: unknown;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;
  #room: Promise<void> | undefined;

  /** `onClosed` is called when the reader leaves before the end. */
  constructor(note: (text: string) => Maybe<void>, onClosed: () => void, wantsTable = false) {
    super({ [Symbol.asyncIterator]: () => this.#read() });
    this.wantsTable = wantsTable;
    this.#note = note;
    this.#onClosed = onClosed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  begin(m: Message): void {
    if (m.format !== undefined) this.asked ??= m;
  }
  write(piece: Piece): Maybe<void> {
    if (this.#closed || this.#ended) return;
    this.#queue.push(piece);
    this.#wakeReader?.();
    if (this.#queue.length < queueLimit) return;
    this.#room ??= new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
    return this.#room;
  }
  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
  }
  /** Ends the pipe with an error, which the reader meets after the pieces before it. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.end();
  }
  note(text: string): Maybe<void> {
    return this.#note(text);
  }
  /** Says that nobody reads any more. */
  close(): void {
    if (this.#closed) return;
    const early = !this.#ended;
    this.#closed = true;
    this.#queue.length = 0;
    this.#letWrite();
    if (early) this.#onClosed();
  }

  #letWrite(): void {
    this.#room = undefined;
    this.#wakeWriter?.();
    this.#wakeWriter = undefined;
  }
  async *#read(): AsyncGenerator<Piece> {
    try {
      for (;;) {
        const piece = this.#queue.shift();
        if (piece !== undefined) {
          if (this.#queue.length < queueLimit / 2) this.#letWrite();
          yield piece;
        } else if (this.#ended) {
          if (this.#error !== undefined) throw this.#error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
          this.#wakeReader = undefined;
        }
      }
    } finally {
      this.close();
    }
  }
}

/** A sink that passes rows through an operator and hands on what comes out. */
export class OperatorSink implements Sink {
  readonly wantsTable = true;
  readonly #operator: Operator;
  readonly #next: Sink;
  readonly #lines = lineReader();
  readonly #onDone: () => void;
  readonly #format: Format | undefined;
  #waiting: Promise<void> | undefined;
  #told = false;

  /** `onDone` is called once when no more rows are wanted; `format` is what the operator was asked to answer in. */
  constructor(operator: Operator, next: Sink, onDone: () => void, format?: Format) {
    this.#operator = operator;
    this.#next = next;
    this.#onDone = onDone;
    this.#format = format;
  }
  get closed(): boolean {
    return this.#operator.done || this.#next.closed;
  }
  write(piece: Piece): Maybe<void> {
    if (this.closed) return;
    if (piece instanceof Batch) this.#push(piece);
    else this.#lines.push(piece, this.#push);
    this.#tell();
    return this.#drained();
  }
  end(): Maybe<void> {
    this.#lines.end(this.#push);
    this.#operator.end(this.#emit);
    return after(this.#drained(), () => this.#next.end());
  }
  note(text: string): Maybe<void> {
    return this.#next.note(text);
  }
  /** The format that is asked for behind an operator is that of the answer. */
  begin(m: Message): void {
    m.format = this.#format ?? m.format;
    this.#next.begin?.(m);
  }

  #push = (batch: Batch): void => {
    if (!this.#operator.done) this.#operator.push(batch, this.#emit);
  };
  #emit = (piece: Piece): void => {
    this.#waiting = waitBoth(this.#waiting, this.#next.write(piece));
  };
  #drained(): Maybe<void> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
  #tell(): void {
    if (this.#told || !this.closed) return;
    this.#told = true;
    this.#onDone();
  }
}

/** A sink that keeps everything: what a handler gets from `m.cmd`. */
export class Collector implements Sink {
  readonly pieces: Piece[] = [];
  readonly closed = false;
  readonly #note: (text: string) => void;
  constructor(note: (text: string) => void) {
    this.#note = note;
  }
  write(piece: Piece): void {
    this.pieces.push(piece);
  }
  end(): void {}
  note(text: string): void {
    this.#note(text);
  }
  /** The rows of all tables. */
  get rows(): Row[] {
    const rows: Row[] = [];
    for (const piece of this.pieces) {
      if (piece instanceof Batch) for (let row = 0; row < piece.length; row++) rows.push(piece.row(row));
    }
    return rows;
  }
  get batches(): Batch[] {
    return this.pieces.filter((piece) => piece instanceof Batch);
  }
  get text(): string {
    const decoder = new TextDecoder();
    return this.pieces
      .map((piece) => (typeof piece === "string" ? piece : piece instanceof Batch ? "" : decoder.decode(piece)))
      .join("");
  }
}

/** Tells whether an error only says that the reader or the caller has gone. */
export function isCancelled(error: unknown): boolean {
  return error instanceof CtxError && error.code === "cancelled";
}
