import {
  type CtxError,
  type Format,
  type Maybe,
  type Message,
  type Piece,
  type Renderer,
  renderer,
  type Sink,
  type Style,
} from "../../../ctx/index.ts";
import type { Output } from "./output.ts";

/** How answers are shown: the format where the command line says nothing, the screen, the colours. */
export interface Showing {
  readonly format: Format;
  /** Columns of the screen now: a window changes its size. */
  readonly width?: () => number | undefined;
  readonly style?: Style | undefined;
}

/** Rows that wait for the widths of their columns are shown after so many milliseconds. */
const patience = 150;

/** Shows the answers of commands, one after another, on standard output; what is said beside them goes to standard error. */
export class Printer implements Sink {
  readonly #out: Output;
  readonly #notes: Output;
  readonly #showing: Showing;
  readonly isTerminal: boolean;
  #renderer: Renderer | undefined;
  #format: Format | undefined;
  #message: Message | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiting: Promise<void> | undefined;

  constructor(out: Output, notes: Output, showing: Showing) {
    this.#out = out;
    this.#notes = notes;
    this.#showing = showing;
    this.isTerminal = showing.format === "terminal";
  }
  get closed(): boolean {
    return this.#out.closed;
  }
  begin(m: Message): void {
    this.#message = m;
    this.#format = m.format ?? this.#format;
    if (this.#wrote) this.#close();
  }
  #wrote = false;
  write(piece: Piece): Maybe<void> {
    this.#wrote = true;
    this.#open().push(piece, this.#emit);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#renderer?.flush(this.#emit);
    }, patience);
    return this.#take();
  }
  /** Ends what is shown; with an error, the formats that have a place for it carry it. */
  end(error?: CtxError): Maybe<void> {
    const format = this.#format ?? this.#showing.format;
    if (this.#message !== undefined || error !== undefined) {
      if (this.#wrote || carriesError(format)) this.#open();
      this.#close(error);
    }
    this.#message = undefined;
    this.#format = undefined;
    return this.#take();
  }
  /** Forgets what waits to be shown: nobody wants the rest of what was stopped. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#renderer = undefined;
    this.#wrote = false;
    this.#message = undefined;
    this.#format = undefined;
  }
  note(text: string): Maybe<void> {
    return this.#notes.write(text.endsWith("\n") ? text : `${text}\n`);
  }
  /** Whether the format asked for has a place for an error. */
  get carriesError(): boolean {
    return carriesError(this.#format ?? this.#showing.format);
  }

  #open(): Renderer {
    if (this.#renderer === undefined) {
      const { width, style, format } = this.#showing;
      const { shownDetail = [], given = {} } = this.#message ?? {};
      this.#renderer = renderer(this.#format ?? format, {
        width: width?.(),
        style,
        message: { detail: shownDetail, option: given },
      });
    }
    return this.#renderer;
  }
  #close(error?: CtxError): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#renderer?.end(this.#emit, error);
    this.#renderer = undefined;
    this.#wrote = false;
  }
  #emit = (chunk: string | Uint8Array): void => {
    const wait = this.#out.write(chunk);
    if (wait instanceof Promise) this.#waiting = wait;
  };
  #take(): Maybe<void> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}

const carriesError = (format: Format): boolean => format === "json" || format === "ndjson";
