/**
 * Values as plain JSON that tells their types, so that they come out at another node as they went in. What JSON has no
 * word for stands in an object of one key: `t` a time, `d` a duration, `f` a float, `x` a number such as NaN, `m` a map.
 */
import { type CtxError, fail } from "../errors.ts";
import { Duration, Float, type Value } from "./value.ts";

export type Packed = null | string | number | boolean | readonly Packed[] | { readonly [tag: string]: unknown };

/** Deepest nesting of lists and maps that travels: as deep as JSON is read. */
const deepest = 500;

/** Makes a value JSON. Throws `too_large` when it is nested too deep. */
export function packValue(value: Value | undefined, depth = 0): Packed {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return isPlainNumber(value) ? value : { x: textOfNumber(value) };
    case "object":
      return value === null ? null : packObject(value, depth);
    default:
      return null;
  }
}

function packObject(value: object, depth: number): Packed {
  if (value instanceof Float) return { f: packNumber(value.n) };
  if (value instanceof Duration) return { d: packNumber(value.ms) };
  if (value instanceof Date) return { t: packNumber(value.getTime()) };
  if (depth >= deepest) throw fail("too_large", { problem: `lists and maps are nested deeper than ${deepest}` });
  if (Array.isArray(value)) return value.map((part: Value) => packValue(part, depth + 1));
  return { m: Object.entries(value).map(([key, part]) => [key, packValue(part as Value, depth + 1)]) };
}

const isPlainNumber = (value: number): boolean => (value === 0 ? 1 / value > 0 : Number.isFinite(value));
const textOfNumber = (value: number): string => (value === 0 ? "-0" : String(value));
const packNumber = (value: number): number | string => (isPlainNumber(value) ? value : textOfNumber(value));

/** Makes the cells of a column JSON; most columns are so already, and are given as they are. */
export function packCells(cells: ArrayLike<Value>): ArrayLike<Packed> {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (typeof cell === "number" ? !isPlainNumber(cell) : typeof cell === "object" && cell !== null) {
      return Array.from(cells, (one) => packValue(one));
    }
  }
  return Array.isArray(cells) ? cells : Array.from(cells as ArrayLike<Packed>);
}

/** Makes JSON a value again. Throws `failed` when it is none of ours. */
export function unpackValue(packed: unknown, depth = 0): Value {
  if (typeof packed !== "object" || packed === null) return packed as Value;
  if (depth > deepest) throw damaged("values nested too deep");
  if (Array.isArray(packed)) return packed.map((part) => unpackValue(part, depth + 1));
  const [entry, more] = Object.entries(packed);
  if (entry === undefined || more !== undefined) throw damaged("an unknown value");
  const [tag, content] = entry as [string, unknown];
  switch (tag) {
    case "x":
      return unpackNumber(content);
    case "f":
      return new Float(unpackNumber(content));
    case "d":
      return new Duration(unpackNumber(content));
    case "t":
      return new Date(unpackNumber(content));
    case "m":
      return unpackMap(content, depth);
    default:
      throw damaged("an unknown value");
  }
}

const oddNumbers: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity", "-0"]);

function unpackNumber(content: unknown): number {
  if (typeof content !== "number" && !oddNumbers.has(content)) throw damaged("an unknown number");
  return Number(content);
}

function unpackMap(content: unknown, depth: number): Value {
  if (!Array.isArray(content)) throw damaged("an unknown map");
  const entries = content.map((entry: unknown): [string, Value] => {
    const [key, part] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof key !== "string") throw damaged("an unknown key");
    return [key, unpackValue(part ?? null, depth + 1)];
  });
  // `fromEntries` makes "__proto__" a key like any other.
  return Object.fromEntries(entries);
}

/** Makes JSON the cells of a column again; changes the list it is given. */
export function unpackCells(cells: unknown[]): Value[] {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    if (typeof cell === "object" && cell !== null) cells[i] = unpackValue(cell);
  }
  return cells as Value[];
}

/** The error for bytes that are no answer of ours. */
export function damaged(what: string, cause?: unknown): CtxError {
  return fail("failed", { problem: `the answer came damaged: ${what}` }, { cause });
}
