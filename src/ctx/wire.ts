/**
 * An answer as bytes, the same on a link between nodes and between a shell and the node that runs beside it: nothing of
 * it is lost, types of columns, times and the code of an error included.
 *
 * A stream of frames: a kind (1 byte), a length (4 bytes, big endian), and as many bytes. `T` text, `B` bytes, `H` the
 * columns of a table that begins, `R` rows of it, `A` rows beside a text that says the same, `F` the format that was
 * asked for, `N` a note, `E` the end, with the error if there was one. The same bytes whatever carries them.
 */
import { CtxError, catalogue, type ErrorJson, fail } from "./errors.ts";
import { damaged, packCells, unpackCells } from "./kit/pack.ts";
import { isType } from "./kit/value.ts";
import { visible } from "./kit/width.ts";
import { type Maybe, waitBoth } from "./maybe.ts";
import type { Message } from "./message.ts";
import type { Sink } from "./pipe.ts";
import { type Format, formats } from "./render/index.ts";
import { Batch, type Columns } from "./table/batch.ts";
import type { Piece } from "./table/operator.ts";

const kinds = { text: 84, bytes: 66, head: 72, rows: 82, aside: 65, format: 70, note: 78, end: 69 } as const;
const known: ReadonlySet<number> = new Set(Object.values(kinds));
const headSize = 5;
/** Longer frames are refused: a damaged length must not fill the memory. */
const frameLimit = 16 << 20;
/** What is longer goes in several frames; only one row may fill a whole one. */
const partLimit = 4 << 20;
/** A table of more columns than that, or a frame of more rows, is none of ours. */
const columnLimit = 10_000;
const rowLimit = 1 << 16;
/** Parts of a frame that are shorter are put together as they come. */
const smallPart = 4096;

function frame(kind: number, payload: string | Uint8Array): Buffer {
  const length = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
  const bytes = Buffer.allocUnsafe(headSize + length);
  bytes[0] = kind;
  bytes.writeUInt32BE(length, 1);
  if (typeof payload === "string") bytes.write(payload, headSize);
  else bytes.set(payload, headSize);
  return bytes;
}

/** The end of an answer without an error: always the same bytes, which nobody writes to. */
const goodEnd = frame(kinds.end, "");

/** A sink that writes an answer as bytes. */
export class WireWriter implements Sink {
  readonly #emit: (bytes: Uint8Array) => Maybe<void>;
  readonly #isClosed: () => boolean;
  #columns: Columns | undefined;

  /** `emit` takes bytes, and may give a promise to wait for; `isClosed` tells that nobody reads any more. */
  constructor(emit: (bytes: Uint8Array) => Maybe<void>, isClosed: () => boolean = () => false) {
    this.#emit = emit;
    this.#isClosed = isClosed;
  }
  get closed(): boolean {
    return this.#isClosed();
  }
  begin({ format }: Message): void {
    if (format !== undefined) void this.#emit(frame(kinds.format, format));
  }
  write(piece: Piece): Maybe<void> {
    if (piece instanceof Batch) return this.#rows(piece);
    return this.#parts(typeof piece === "string" ? kinds.text : kinds.bytes, piece);
  }
  note(text: string): Maybe<void> {
    return this.#emit(frame(kinds.note, text));
  }
  /** One answer may come from several commands: the end is said with `close`. */
  end(): void {}
  /** Says that the answer is complete, or why it is not. */
  close(error?: CtxError): Maybe<void> {
    return this.#emit(error === undefined ? goodEnd : frame(kinds.end, JSON.stringify(error)));
  }

  #parts(kind: number, piece: string | Uint8Array): Maybe<void> {
    // A character has at most three bytes a unit.
    const most = typeof piece === "string" ? Math.floor(partLimit / 3) : partLimit;
    if (piece.length <= most) return this.#emit(frame(kind, piece));
    let waiting: Promise<void> | undefined;
    for (let from = 0; from < piece.length; ) {
      let to = Math.min(from + most, piece.length);
      if (typeof piece === "string" && isHighSurrogate(piece.charCodeAt(to - 1)) && to < piece.length) to--;
      const part = typeof piece === "string" ? piece.slice(from, to) : piece.subarray(from, to);
      waiting = waitBoth(waiting, this.#emit(frame(kind, part)));
      from = to;
    }
    return waiting;
  }

  #rows(batch: Batch): Maybe<void> {
    const { columns, length, isAside } = batch;
    const cells = columns.map((_, c) => packCells(batch.cells(c)));
    const frames = rowFrames(isAside ? kinds.aside : kinds.rows, length, cells);
    if (columns !== this.#columns) {
      frames.unshift(frame(kinds.head, JSON.stringify(columns.map(({ name, type }) => [name, type]))));
      this.#columns = columns;
    }
    return this.#emit(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

/** Writes rows as frames: one, or more where one would be too long. */
function rowFrames(kind: number, n: number, c: readonly ArrayLike<unknown>[]): Buffer[] {
  if (n <= rowLimit) {
    const whole = frame(kind, JSON.stringify({ n, c }));
    if (whole.length <= partLimit || (n <= 1 && whole.length <= headSize + frameLimit)) return [whole];
    if (n <= 1) throw fail("too_large", { problem: `a row is longer than ${frameLimit >> 20} MiB` });
  }
  const half = n >> 1;
  const part = (from: number, to: number): ArrayLike<unknown>[] => c.map((cells) => Array.from(cells).slice(from, to));
  return [...rowFrames(kind, half, part(0, half)), ...rowFrames(kind, n - half, part(half, n))];
}

/** Where an answer that came as bytes goes. */
export interface WireTarget {
  write(piece: Piece): Maybe<void>;
  note(text: string): Maybe<void>;
  /** Learns the format that was asked for, before the first piece. */
  format(format: Format): void;
}

const nothing = Buffer.alloc(0);

/** Reads an answer from bytes, however they are cut, and hands its pieces on. */
export class WireReader {
  readonly #target: WireTarget;
  /** What has come and was not read yet: its beginning in one piece, the rest as it came. */
  #rest: Buffer = nothing;
  #parts: Buffer[] = [];
  #have = 0;
  /** How many bytes it takes to go on: a head, or a head and what it announces. */
  #need = headSize;
  #busy: Promise<void> | undefined;
  #columns: Columns | undefined;
  #ended = false;
  #error: CtxError | undefined;

  constructor(target: WireTarget) {
    this.#target = target;
  }
  /** True once the answer is complete. */
  get ended(): boolean {
    return this.#ended;
  }
  /** What the answer failed with. */
  get error(): CtxError | undefined {
    return this.#error;
  }

  /** Takes bytes; a promise means that the reader is behind: wait before the next ones. Throws when they are no answer. */
  push(bytes: Uint8Array): Maybe<void> {
    this.#add(bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return this.#busy ?? this.#next();
  }
  #add(part: Buffer): void {
    this.#have += part.length;
    const parts = this.#parts;
    let joined = part;
    // Small ones are joined two by two: alone they weigh more than what they hold.
    for (let last = parts.at(-1); last !== undefined && last.length < smallPart && last.length <= joined.length; ) {
      joined = Buffer.concat([last, joined]);
      parts.pop();
      last = parts.at(-1);
    }
    parts.push(joined);
  }
  #next(): Maybe<void> {
    while (this.#have >= this.#need) {
      const { kind, payload } = this.#frame();
      if (payload === undefined) continue;
      const taken = this.#take(kind, payload);
      if (!(taken instanceof Promise)) continue;
      this.#busy = taken.then(() => {
        this.#busy = undefined;
        return this.#next();
      });
      return this.#busy;
    }
  }
  /** Reads a head; once all that it announces is there, takes the frame away. */
  #frame(): { readonly kind: number; readonly payload?: Buffer } {
    if (this.#parts.length > 0) this.#rest = this.#joined();
    const kind = this.#rest[0] as number;
    const end = headSize + this.#rest.readUInt32BE(1);
    if (this.#ended) throw damaged("something after its end");
    if (!known.has(kind)) throw damaged("a frame of an unknown kind");
    if (end > headSize + frameLimit) throw damaged("a frame that is too long");
    this.#need = end;
    if (this.#have < end) return { kind };
    const payload = this.#rest.subarray(headSize, end);
    this.#rest = this.#rest.subarray(end);
    this.#have -= end;
    this.#need = headSize;
    return { kind, payload };
  }
  /** All that has come, in one piece. */
  #joined(): Buffer {
    const parts = this.#parts;
    const only = this.#rest.length === 0 && parts.length === 1 ? parts.pop() : undefined;
    return only ?? Buffer.concat([this.#rest, ...parts.splice(0)]);
  }
  #take(kind: number, payload: Buffer): Maybe<void> {
    switch (kind) {
      case kinds.text:
        return this.#target.write(payload.toString());
      case kinds.bytes:
        return this.#target.write(new Uint8Array(payload));
      case kinds.head:
        this.#columns = readColumns(payload);
        return;
      case kinds.rows:
      case kinds.aside:
        return this.#target.write(readRows(payload, this.#columns, kind === kinds.aside));
      case kinds.format: {
        const name = payload.toString();
        if (!(formats as readonly string[]).includes(name)) throw damaged("an unknown format");
        return this.#target.format(name as Format);
      }
      case kinds.note:
        return this.#target.note(harmless(payload.toString()));
      case kinds.end:
        this.#ended = true;
        if (payload.length > 0) this.#error = readError(parse(payload));
        return;
    }
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch (cause) {
    throw damaged("no JSON", cause);
  }
}

function readColumns(payload: Buffer): Columns {
  const given = parse(payload);
  if (!Array.isArray(given) || given.length > columnLimit) throw damaged("an unknown head of a table");
  return given.map((entry: unknown) => {
    const [name, type] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof name !== "string" || !isType(type)) throw damaged("an unknown column");
    return { name, type };
  });
}

function readRows(payload: Buffer, columns: Columns | undefined, isAside: boolean): Batch {
  if (columns === undefined) throw damaged("rows without their table");
  const { n, c } = Object(parse(payload)) as { readonly n?: unknown; readonly c?: unknown };
  const fits =
    Number.isInteger(n) &&
    (n as number) >= 0 &&
    (n as number) <= rowLimit &&
    Array.isArray(c) &&
    c.length === columns.length &&
    c.every((cells) => Array.isArray(cells) && cells.length === n);
  if (!fits) throw damaged("rows that do not fit their table");
  return new Batch(columns, n as number, (c as unknown[][]).map(unpackCells), isAside);
}

/** Makes an error that came from elsewhere one of ours; what the catalogue does not know is a plain failure. */
export function readError(given: unknown): CtxError {
  const { code, message, hint, exit, where, at, trail } = Object(given) as Partial<Record<keyof ErrorJson, unknown>>;
  const isKnown = typeof code === "string" && Object.hasOwn(catalogue, code);
  return new CtxError(isKnown ? (code as ErrorJson["code"]) : "failed", shownOr(message, "the call failed"), {
    hint: shownOr(hint, undefined),
    exit: Number.isInteger(exit) && (exit as number) > 0 && (exit as number) < 256 ? (exit as number) : undefined,
    where: shownOr(where, shownOr(at, undefined)),
    trail: Array.isArray(trail)
      ? trail
          .filter((stop) => typeof stop === "string")
          .slice(0, 64)
          .map(harmless)
      : [],
  });
}

function shownOr<T>(value: unknown, other: T): string | T {
  return typeof value === "string" ? harmless(value) : other;
}

/** What is said beside an answer of elsewhere must not be able to draw on the screen; lines and tabs stay. */
function harmless(text: string): string {
  return text.replace(/[^\n\t]+/g, (part) => visible(part));
}
