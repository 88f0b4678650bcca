/**
 * An answer as bytes, the same on a link between nodes and between a shell and the node that runs beside it: nothing of
 * it is lost, types of columns, times and the code of an error included.
 *
 * A stream of frames: a kind (1 byte), a length (4 bytes, big endian), and as many bytes. `T` text, `B` bytes, `H` the
 * columns of a table that begins, `R` rows of it, `A` rows beside a text that says the same, `F` the format that was
 * asked for, `N` a note, `E` the end, with the error if there was one. The same bytes whatever carries them.
 */
import { CtxError, catalogue, type ErrorJson, fail } from "./errors.ts";
import { Duration, Float, type Type, type Value } from "./kit/value.ts";
import { after, type Maybe } from "./maybe.ts";
import type { Message } from "./message.ts";
import type { Sink } from "./pipe.ts";
import { type Format, formats } from "./render/index.ts";
import { Batch, type Cell, type Columns } from "./table/batch.ts";
import type { Piece } from "./table/operator.ts";

const kinds = { text: 84, bytes: 66, head: 72, rows: 82, aside: 65, format: 70, note: 78, end: 69 } as const;
const headSize = 5;
/** Longer frames are refused: a damaged length must not fill the memory. */
const frameLimit = 64 << 20;
/** A table of more columns than that, or a batch of more rows, is none of ours. */
const columnLimit = 10_000;
const rowLimit = 1 << 20;

function frame(kind: number, payload: string | Uint8Array): Buffer {
  const length = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
  const bytes = Buffer.allocUnsafe(headSize + length);
  bytes[0] = kind;
  bytes.writeUInt32BE(length, 1);
  if (typeof payload === "string") bytes.write(payload, headSize);
  else bytes.set(payload, headSize);
  return bytes;
}

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
    if (typeof piece === "string") return this.#emit(frame(kinds.text, piece));
    if (piece instanceof Batch) return this.#emit(this.#rows(piece));
    return this.#emit(frame(kinds.bytes, piece));
  }
  note(text: string): void {
    void this.#emit(frame(kinds.note, text));
  }
  /** One answer may come from several commands: the end is said with `close`. */
  end(): void {}
  /** Says that the answer is complete, or why it is not. */
  close(error?: CtxError): Maybe<void> {
    return this.#emit(frame(kinds.end, error === undefined ? "" : JSON.stringify(error)));
  }

  #rows(batch: Batch): Uint8Array {
    const { columns, length } = batch;
    const cells = columns.map((_, c) => Array.from(batch.cells(c), packed));
    const rows = frame(batch.isAside ? kinds.aside : kinds.rows, JSON.stringify({ n: length, c: cells }));
    if (columns === this.#columns) return rows;
    this.#columns = columns;
    const head = frame(kinds.head, JSON.stringify(columns.map(({ name, type }) => [name, type])));
    return length === 0 && !batch.isAside ? head : Buffer.concat([head, rows]);
  }
}

/** A value as JSON that tells its type: what JSON has no word for stands in an object of one key. */
type Packed = null | string | number | boolean | readonly Packed[] | { readonly [tag: string]: unknown };

function packed(value: Cell | undefined): Packed {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : { x: String(value) };
    case "object":
      if (value === null) return null;
      if (value instanceof Float) return { f: Number.isFinite(value.n) ? value.n : String(value.n) };
      if (value instanceof Duration) return { d: value.ms };
      if (value instanceof Date) return { t: value.getTime() };
      if (Array.isArray(value)) return value.map(packed);
      return { m: Object.entries(value).map(([key, part]) => [key, packed(part)]) };
    default:
      return null;
  }
}

function unpacked(value: unknown, depth = 0): Value {
  if (typeof value !== "object" || value === null) return value as Value;
  if (depth > 100) throw damaged("values nested too deep");
  if (Array.isArray(value)) return value.map((part) => unpacked(part, depth + 1));
  const [entry] = Object.entries(value);
  const [tag, content] = entry ?? [];
  switch (tag) {
    case "x":
      return Number(content);
    case "f":
      return new Float(Number(content));
    case "d":
      return new Duration(Number(content));
    case "t":
      return new Date(Number(content));
    case "m":
      return unpackedMap(content, depth);
    default:
      throw damaged("an unknown value");
  }
}

function unpackedMap(content: unknown, depth: number): Value {
  if (!Array.isArray(content)) throw damaged("an unknown map");
  const map: Record<string, Value> = {};
  for (const entry of content as unknown[]) {
    const [key, part] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof key !== "string") throw damaged("an unknown key");
    // A key of that name would else become the prototype of the map.
    Object.defineProperty(map, key, {
      value: unpacked(part, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return map;
}

const damaged = (what: string): CtxError => fail("failed", { problem: `the answer came damaged: ${what}` });

/** Where an answer that came as bytes goes. */
export interface WireTarget {
  write(piece: Piece): Maybe<void>;
  note(text: string): void;
  /** Learns the format that was asked for, before the first piece. */
  format(format: Format): void;
}

/** Reads an answer from bytes, however they are cut, and hands its pieces on. */
export class WireReader {
  readonly #target: WireTarget;
  #rest: Buffer = Buffer.alloc(0);
  #columns: Columns = [];
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

  /** Takes bytes; a promise means that the reader is behind. Throws when they are no answer. */
  push(bytes: Uint8Array): Maybe<void> {
    const part = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#rest = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part]);
    return this.#next();
  }
  #next(): Maybe<void> {
    while (this.#rest.length >= headSize) {
      const length = this.#rest.readUInt32BE(1);
      if (length > frameLimit) throw damaged("a frame that is too long");
      if (this.#rest.length < headSize + length) return;
      const kind = this.#rest[0] as number;
      const payload = this.#rest.subarray(headSize, headSize + length);
      this.#rest = this.#rest.subarray(headSize + length);
      const taken = this.#take(kind, payload);
      if (taken instanceof Promise) return after(taken, () => this.#next());
    }
  }
  #take(kind: number, payload: Buffer): Maybe<void> {
    if (this.#ended) throw damaged("something after its end");
    switch (kind) {
      case kinds.text:
        return this.#target.write(payload.toString());
      case kinds.bytes:
        return this.#target.write(new Uint8Array(payload));
      case kinds.head:
        this.#columns = readColumns(payload);
        return this.#target.write(Batch.head(this.#columns));
      case kinds.rows:
      case kinds.aside:
        return this.#target.write(readRows(payload, this.#columns, kind === kinds.aside));
      case kinds.format: {
        const name = payload.toString();
        if (!(formats as readonly string[]).includes(name)) throw damaged("an unknown format");
        return this.#target.format(name as Format);
      }
      case kinds.note:
        return this.#target.note(payload.toString());
      case kinds.end:
        this.#ended = true;
        if (payload.length > 0) this.#error = readError(parse(payload));
        return;
      default:
        throw damaged("a frame of an unknown kind");
    }
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch (cause) {
    throw fail("failed", { problem: "the answer came damaged: no JSON" }, { cause });
  }
}

const types: ReadonlySet<string> = new Set<Type>([
  "text",
  "integer",
  "float",
  "boolean",
  "time",
  "duration",
  "size",
  "list",
  "map",
  "any",
]);

function readColumns(payload: Buffer): Columns {
  const given = parse(payload);
  if (!Array.isArray(given) || given.length > columnLimit) throw damaged("an unknown head of a table");
  return given.map((entry: unknown) => {
    const [name, type] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof name !== "string" || typeof type !== "string" || !types.has(type)) throw damaged("an unknown column");
    return { name, type: type as Type };
  });
}

function readRows(payload: Buffer, columns: Columns, isAside: boolean): Batch {
  const { n, c } = Object(parse(payload)) as { readonly n?: unknown; readonly c?: unknown };
  const fits =
    Number.isInteger(n) &&
    (n as number) >= 0 &&
    (n as number) <= rowLimit &&
    Array.isArray(c) &&
    c.length === columns.length &&
    c.every((cells) => Array.isArray(cells) && cells.length === n);
  if (!fits) throw damaged("rows that do not fit their table");
  const cells = (c as unknown[][]).map((column) => column.map((cell) => unpacked(cell)));
  return new Batch(columns, n as number, cells, isAside);
}

/** Makes an error that came from elsewhere one of ours; what the catalogue does not know is a plain failure. */
export function readError(given: unknown): CtxError {
  const { code, message, hint, exit, where, at, trail } = Object(given) as Partial<Record<keyof ErrorJson, unknown>>;
  const isKnown = typeof code === "string" && Object.hasOwn(catalogue, code);
  return new CtxError(isKnown ? (code as ErrorJson["code"]) : "failed", textOr(message, "the call failed"), {
    hint: textOr(hint, undefined),
    exit: Number.isInteger(exit) && (exit as number) > 0 && (exit as number) < 256 ? (exit as number) : undefined,
    where: textOr(where, textOr(at, undefined)),
    trail: Array.isArray(trail) ? trail.map(String).slice(0, 64) : [],
  });
}

function textOr<T>(value: unknown, other: T): string | T {
  return typeof value === "string" ? value : other;
}
