/** Redirections: `> f` and `>> f` in the format the name asks for, `2> f`, `2>&1`. */
import { closeSync, constants, statSync, writeSync } from "node:fs";
import {
  Batch,
  type CtxError,
  drawError,
  type Format,
  fail,
  formatOfFile,
  fromSystem,
  type Maybe,
  type Message,
  openAtomic,
  openForWriting,
  type Piece,
  type Place,
  type Renderer,
  rendererFor,
  resolvePath,
  type Sink,
} from "../../ctx/index.ts";
import type { Frame } from "./frame.ts";
import type { Redirection } from "./tree.ts";

/** Where the answer of a stage goes once it is redirected. */
interface Redirected {
  readonly sink: Sink;
  /** Leaves the file as it was. */
  readonly failed: (() => void) | undefined;
  /** Says the error of the stage itself in the file behind `2>`. */
  readonly say: ((error: CtxError) => void) | undefined;
}

/** A file being written. */
interface OpenFile {
  write(chunk: string | Uint8Array): void;
  commit(): void;
  abort(): void;
}

/** What is appended is written at once. */
function openForAppend(path: string): OpenFile {
  const fd = openForWriting(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  return {
    write: (chunk) => writeAll(fd, typeof chunk === "string" ? Buffer.from(chunk) : chunk),
    commit: () => closeSync(fd),
    abort: () => closeSync(fd),
  };
}

function writeAll(fd: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
}

/** Lets an error of the system point at the name of the file. */
function placed<T>(at: Place, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    const error = fromSystem(thrown);
    if (error !== undefined) error.at = at;
    throw error ?? thrown;
  }
}

/** A table goes into a file in the format its name asks for; text and bytes go as they are, they may be of that format. */
class FileSink implements Sink {
  readonly closed = false;
  readonly #file: OpenFile;
  readonly #format: Format;
  readonly #header: boolean;
  readonly #notes: Sink;
  readonly #at: Place;
  #renderer: Renderer | undefined;
  #asked: Message | undefined;
  #done = false;

  constructor(file: OpenFile, format: Format, header: boolean, notes: Sink, at: Place) {
    this.#file = file;
    this.#at = at;
    this.#format = format;
    this.#header = header;
    this.#notes = notes;
  }
  get wantsTable(): boolean {
    return this.#asked === undefined && this.#format !== "plain" && this.#format !== "text";
  }
  begin(m: Message): void {
    if (m.format !== undefined) this.#asked ??= m;
  }
  write(piece: Piece): void {
    placed(this.#at, () => this.#form(piece instanceof Batch).push(piece, (chunk) => this.#file.write(chunk)));
  }
  #form(isTable: boolean): Renderer {
    const format = isTable ? this.#format : "plain";
    this.#renderer ??= rendererFor(this.#asked, format, { header: this.#header });
    return this.#renderer;
  }
  end(): Maybe<void> {
    if (this.#done) return;
    placed(this.#at, () => {
      this.#form(true).end((chunk) => this.#file.write(chunk));
      this.#done = true;
      this.#file.commit();
    });
    return this.#notes.end();
  }
  /** Gives the file up. */
  fail(): void {
    if (this.#done) return;
    this.#done = true;
    this.#file.abort();
  }
  note(text: string): Maybe<void> {
    return this.#notes.note(text);
  }
}

/** A sink whose notes go elsewhere. */
class NotedSink implements Sink {
  readonly #out: Sink;
  readonly #note: (text: string) => Maybe<void>;
  readonly #close: () => void;

  constructor(out: Sink, note: (text: string) => Maybe<void>, close: () => void) {
    this.#out = out;
    this.#note = note;
    this.#close = close;
  }
  get closed(): boolean {
    return this.#out.closed;
  }
  get wantsTable(): boolean {
    return this.#out.wantsTable === true;
  }
  begin(m: Message): void {
    this.#out.begin?.(m);
  }
  write(piece: Piece): Maybe<void> {
    return this.#out.write(piece);
  }
  end(): Maybe<void> {
    this.#close();
    return this.#out.end();
  }
  note(text: string): Maybe<void> {
    return this.#note(text);
  }
}

/** The names that redirections were evaluated to. */
export type Targets = ReadonlyMap<Redirection, string>;

/** Puts the redirections of a stage in front of its sink. They are opened now, before anything runs. */
export function redirectOutput(
  redirections: readonly Redirection[],
  targets: Targets,
  frame: Frame,
  out: Sink,
): Redirected {
  let sink = out;
  const undo: (() => void)[] = [];
  const failed = (): void => {
    for (const close of undo) close();
  };
  let at: Place | undefined;
  let say: Redirected["say"];
  try {
    for (const redirection of redirections) {
      at = { source: frame.source, span: "target" in redirection ? redirection.target : redirection };
      switch (redirection.operator) {
        case "<":
          break;
        case ">":
        case ">>": {
          const name = targets.get(redirection) ?? "";
          const path = resolvePath(frame.who, name);
          const goesOn = redirection.operator === ">>" && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
          const file = redirection.operator === ">" ? openAtomic(path) : openForAppend(path);
          const into = new FileSink(file, formatOfFile(name) ?? "plain", !goesOn, sink, at);
          undo.push(() => into.fail());
          sink = into;
          break;
        }
        case "2>": {
          const file = openAtomic(resolvePath(frame.who, targets.get(redirection) ?? ""));
          let open = true;
          const close = (): void => {
            if (open) file.commit();
            open = false;
          };
          undo.push(close);
          sink = new NotedSink(sink, (text) => file.write(`${text}\n`), close);
          say = (error) => {
            // A program has said itself what is wrong, into this file.
            if (error.isProgramCode) return;
            file.write(`${drawError(error)}\n`);
            error.isSaid = true;
          };
          break;
        }
        case "2>&1": {
          const to = sink;
          sink = new NotedSink(
            to,
            (text) => to.write(`${text}\n`),
            () => undefined,
          );
          break;
        }
        default:
          throw fail("unsupported", { problem: `"${redirection.operator}" comes with variables` }, { at });
      }
    }
  } catch (thrown) {
    failed();
    const error = fromSystem(thrown);
    if (error !== undefined) error.at = at;
    throw error ?? thrown;
  }
  return { sink, say, failed: undo.length === 0 ? undefined : failed };
}
