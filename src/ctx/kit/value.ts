import { isoWithZone, printDuration, printTime } from "./time.ts";

/**
 * The values of ContextOS: one list of types for columns, parameters, the language and JSON (language.md 2).
 *
 * A *value* tells its own type: null, text (string), integer (a number without fraction), float (a number with one,
 * or `Float` for 7.0), boolean, time (`Date`), duration (`Duration`), list (array), map (plain object).
 * A *cell* is a value stored in a typed column, without wrapping: times and durations are numbers of milliseconds,
 * sizes integers of bytes, floats plain numbers; null is null in every column.
 */
export type Type = (typeof typeNames)[number];
export const typeNames = [
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
] as const;

/** Tells whether a value from outside names a type. */
export function isType(name: unknown): name is Type {
  return (typeNames as readonly unknown[]).includes(name);
}

/** A float whose fraction happens to be zero; it prints as `7.0` and stays a float. Other floats are plain numbers. */
export class Float {
  readonly n: number;
  constructor(n: number) {
    this.n = n;
  }
  valueOf(): number {
    return this.n;
  }
}

/** A length of time in milliseconds. */
export class Duration {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  valueOf(): number {
    return this.ms;
  }
}

export type Value =
  | null
  | string
  | number
  | boolean
  | Float
  | Duration
  | Date
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What stands in a typed column; in columns of type `any` and in lists and maps these are values. */
export type Cell = Value;

/** Tells the type of a value; null has none and counts as text. */
export function typeOf(value: Value | undefined): Type {
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return Number.isInteger(value) ? "integer" : "float";
    case "boolean":
      return "boolean";
    case "object":
      if (value === null) return "text";
      if (value instanceof Date) return "time";
      if (value instanceof Duration) return "duration";
      if (value instanceof Float) return "float";
      return Array.isArray(value) ? "list" : "map";
    default:
      return "any";
  }
}

/** Takes a cell out of a column of that type, as a value that tells its own type. */
export function toValue(type: Type, cell: Cell): Value {
  if (cell === null || cell === undefined) return null;
  switch (type) {
    case "time":
      return typeof cell === "number" ? new Date(cell) : cell;
    case "duration":
      return typeof cell === "number" ? new Duration(cell) : cell;
    case "float":
      return typeof cell === "number" && Number.isInteger(cell) ? new Float(cell) : cell;
    default:
      return cell;
  }
}

/** Makes a value a cell of a column of that type; a value that is of another kind is kept as it is. */
export function toCell(type: Type, value: Value | undefined): Cell {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "time":
      return value instanceof Date ? value.getTime() : value;
    case "duration":
      return value instanceof Duration ? value.ms : value;
    case "float":
      return value instanceof Float ? value.n : value;
    default:
      return value;
  }
}

const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Tells whether a text looks like a number: `7`, `-7`, `7.50`, but not `007`, `+7`, `7.`, `1e5`. */
export function looksLikeNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first !== 45 && !(first >= 48 && first <= 57)) return false;
  return numberForm.test(text);
}

/** Tells whether a value counts as true. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "string":
      return !falseTexts.has(value) && !value.startsWith("error: ");
    default:
      if (value === null) return false;
      if (value instanceof Float) return value.n !== 0;
      if (value instanceof Date || value instanceof Duration) return true;
      return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
  }
}

const falseTexts: ReadonlySet<string> = new Set(["", "0", "false", "off", "no"]);

/** Tells whether a value is a map. */
export function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeOf(value) === "map";
}

/** Tells whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Writes a float without an exponent, so that the text still looks like a number; 7 becomes `7.0`. */
function printFloat(n: number): string {
  const text = String(n);
  if (Number.isInteger(n) && !text.includes("e")) return `${text}.0`;
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent] = parts;
  const shift = Number(exponent);
  const digits = whole + fraction;
  if (shift < 0) return `${sign}0.${"0".repeat(-shift - 1)}${digits}`;
  return `${sign}${digits.padEnd(shift + 1, "0")}.0`;
}

/** Writes any value as plain text; null is empty, lists and maps are JSON. */
export function printValue(value: Value): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Number.isInteger(value) ? String(value) : printFloat(value);
    case "boolean":
      return value ? "true" : "false";
    default:
      if (value === null || value === undefined) return "";
      if (value instanceof Float) return printFloat(value.n);
      if (value instanceof Date) return printTime(value.getTime());
      if (value instanceof Duration) return printDuration(value.ms);
      return JSON.stringify(toJson("any", value));
  }
}

/** Writes a cell of a column of that type as plain text. */
export function printCell(type: Type, cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (typeof cell !== "number") return printValue(cell);
  switch (type) {
    case "time":
      return printTime(cell);
    case "duration":
      return printDuration(cell);
    case "float":
      return printFloat(cell);
    default:
      return printValue(cell);
  }
}

/** Makes a cell plain data for JSON: times ISO with zone, durations in milliseconds, floats plain numbers. */
export function toJson(type: Type, cell: Cell): unknown {
  if (typeof cell === "number") return type === "time" ? isoWithZone(cell) : cell;
  if (typeof cell !== "object" || cell === null) return cell ?? null;
  if (cell instanceof Date) return isoWithZone(cell.getTime());
  if (cell instanceof Duration) return cell.ms;
  if (cell instanceof Float) return cell.n;
  if (isList(cell)) return cell.map((item) => toJson("any", item));
  // `fromEntries` makes "__proto__" a key like any other.
  return Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, toJson("any", item)]));
}

/** Compares texts by code point: less than zero when `a` comes first. (`<` of JavaScript compares UTF-16 units.) */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates (D800–DFFF) stand for code points above all other units.
    const high = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
    return high(x) - high(y);
  }
  return a.length - b.length;
}

const ranks: Readonly<Record<Type, number>> = {
  boolean: 0,
  integer: 1,
  size: 1,
  float: 1,
  duration: 2,
  time: 3,
  text: 4,
  list: 5,
  map: 6,
  any: 7,
};

/**
 * Compares two values for sorting: less than zero when `a` comes first. Numbers by size, texts by code point, times
 * by instant, durations by length, lists item by item; values of different kinds in a fixed order, null last.
 */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const rank = ranks[typeOf(a)] - ranks[typeOf(b)];
  if (rank !== 0) return rank;
  if (isList(a) && isList(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareValues(a[i] ?? null, b[i] ?? null);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (isMap(a)) return compareText(printValue(a), printValue(b));
  return Number(a) - Number(b);
}

/** Tells whether two values are the same in kind and content; 7 and 7.0 are, null equals null. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" && typeof b !== "object") return false;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i] ?? null));
  if (isMap(a)) {
    if (!isMap(b)) return false;
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equalValues(a[key] ?? null, b[key] ?? null))
    );
  }
  if (a === null || b === null || isList(b) || isMap(b)) return false;
  return ranks[typeOf(a)] === ranks[typeOf(b)] && Number(a) === Number(b);
}
