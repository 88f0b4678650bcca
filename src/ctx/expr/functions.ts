import { fail } from "../errors.ts";
import {
  compareValues,
  Duration,
  Float,
  isList,
  isMap,
  isTrue,
  looksLikeNumber,
  printValue,
  toJson,
  typeOf,
  type Value,
} from "../kit/value.ts";
import { arithmetic, asNumber, asTime, negate, type Operand } from "./arithmetic.ts";
import { compareOrder, isIn, patternOf } from "./compare.ts";

/** A function that every expression may call. */
export interface FunctionDefinition {
  /** How it is called, for errors and help. */
  readonly usage: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
  /** Its answer depends on the clock. */
  readonly clock?: boolean;
  readonly run: (args: readonly Value[], now: () => number) => Value;
}

const longestRange = 1_000_000;
const nowhere: Operand = { text: undefined, at: undefined };

function problem(text: string, hint?: string): never {
  throw fail("failed", { problem: text }, { hint });
}

const show = (value: Value): string => (typeof value === "string" ? `"${value.slice(0, 40)}"` : typeName(value));
const typeName = (value: Value): string => (value === null ? "null" : typeOf(value));

/** Reads the argument as text; null stays null. */
function mapText(value: Value | undefined, change: (text: string) => Value): Value {
  return value === null || value === undefined ? null : change(printValue(value));
}

function list(value: Value | undefined): readonly Value[] {
  if (value === null || value === undefined) return [];
  return isList(value) ? value : problem(`a list is wanted, but this is ${show(value)}`);
}

/** The items, whether given as one list or as the arguments themselves; nulls do not count. */
function items(args: readonly Value[]): readonly Value[] {
  const all = args.length === 1 && isList(args[0]) ? args[0] : args;
  return all.filter((value) => value !== null);
}

function integer(value: Value | undefined): number {
  const number = asNumber(value ?? null);
  return typeof number === "number" && Number.isSafeInteger(number)
    ? number
    : problem(`an integer is wanted, but this is ${show(value ?? null)}`);
}

function number(value: Value): number | Float {
  return asNumber(value) ?? problem(`a number is wanted, but this is ${show(value)}`);
}

const float = (n: number): Value => {
  if (!Number.isFinite(n)) problem("the result is too large");
  return Number.isInteger(n) ? new Float(n) : n;
};

function whole(n: number): number {
  return Number.isSafeInteger(n) ? n + 0 : problem("the result is too large for an integer");
}

/** Puts values in order: numerically if all look like numbers, else each kind in its own order, null last. */
function sorted(values: readonly Value[]): Value[] {
  const numeric = values.every((value) => value === null || asNumber(value) !== undefined);
  const order = numeric ? (a: Value, b: Value) => (a === null || b === null ? 0 : compareOrder(a, b)) : compareValues;
  return [...values].sort((a, b) => Number(a === null) - Number(b === null) || order(a, b));
}

function uniq(values: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const kind = value !== null && typeof value === "object" ? typeOf(value) : typeof value;
    const key = `${kind === "float" ? "number" : kind} ${value instanceof Float ? value.n : JSON.stringify(toJson("any", value))}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function convertInteger(value: Value): Value {
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Duration) return value.ms;
  if (value instanceof Date) return value.getTime();
  return toNumber(value, (n) => whole(Math.trunc(n)));
}

function toNumber(value: Value, change: (n: number) => Value): Value {
  if (value === null) return null;
  if (typeof value !== "string") return change(Number(number(value)));
  const text = value.trim();
  const read = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^0x[0-9a-f]+$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isNaN(read) ? problem(`${show(value)} is no number`) : change(read);
}

/** Rounds half away from zero, by the digits as they are written: 1.005 to two digits is 1.01. */
function round(value: Value, digits: number): Value {
  if (value === null) return null;
  const given = number(value);
  const n = Number(given);
  if (Number.isInteger(n) && digits >= 0) return digits === 0 ? whole(n) : given;
  const places = Math.max(-300, Math.min(digits, 300));
  const [mantissa, exponent = "0"] = String(Math.abs(n)).split("e");
  const scaled = Math.round(Number(`${mantissa}e${Number(exponent) + places}`));
  const result = Math.sign(n) * Number(`${scaled}e${-places}`);
  return digits > 0 ? float(Number.isFinite(result) ? result : n) : whole(result);
}

function toTime(value: Value, now: () => number): Date {
  if (typeof value === "number" && Number.isInteger(value)) return new Date(value);
  if (value === null) return new Date(now());
  const ms = asTime(value);
  return ms === undefined ? problem(`${show(value)} is no time`, "write 2019-05-10 11:11:02") : new Date(ms);
}

function range(args: readonly Value[]): Value {
  const [start, end] = args.length === 1 ? [0, integer(args[0])] : [integer(args[0]), integer(args[1])];
  const step = args.length === 3 ? integer(args[2]) : 1;
  if (step === 0) problem("the step of a range must not be 0");
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (count > longestRange) problem(`a range has at most ${longestRange} items, but this one has ${count}`);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

/** The first or last items of a list, or characters of a text. */
function ends(value: Value, count: Value | undefined, take: <T>(all: readonly T[], n: number) => T[]): Value {
  if (value === null) return count === undefined ? null : [];
  const n = count === undefined ? 1 : Math.max(0, integer(count));
  if (!isList(value)) return take([...printValue(value)], n).join("");
  const taken = take(value, n);
  return count === undefined ? (taken[0] ?? null) : taken;
}

function split(text: string, by: Value | undefined): Value {
  if (by !== undefined) return printValue(by) === "" ? [...text] : text.split(printValue(by));
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/u);
}

function json(value: Value): Value {
  if (typeof value !== "string") return JSON.stringify(toJson("any", value));
  try {
    return JSON.parse(value) as Value;
  } catch (error) {
    throw fail("failed", { problem: `the text is no JSON: ${(error as Error).message}` }, { cause: error });
  }
}

function length(value: Value): number {
  if (value === null) return 0;
  if (isList(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  let count = 0;
  for (const _ of printValue(value)) count++;
  return count;
}

/** Keeps the one that comes first (`sign` 1) or last (-1). */
function extreme(args: readonly Value[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of items(args)) if (best === null || sign * compareOrder(value, best) < 0) best = value;
  return typeof best === "string" && looksLikeNumber(best) ? (asNumber(best) ?? best) : best;
}

const startOfDay = (time: Date): Date => new Date(new Date(time).setHours(0, 0, 0, 0));
const test = (of: (a: string, b: string) => boolean): FunctionDefinition["run"] => {
  return ([a = null, b = null]) => a !== null && b !== null && of(printValue(a), printValue(b));
};

type Row = [usage: string, help: string, run: FunctionDefinition["run"], least: number, most?: number];

const rows: readonly Row[] = [
  ["len(value)", "Counts characters, items or keys", ([v = null]) => length(v), 1],
  ["lower(text)", "Writes in small letters", ([v]) => mapText(v, (text) => text.toLowerCase()), 1],
  ["upper(text)", "Writes in capitals", ([v]) => mapText(v, (text) => text.toUpperCase()), 1],
  ["trim(text)", "Takes blanks off both ends", ([v]) => mapText(v, (text) => text.trim()), 1],
  [
    "split(text, by)",
    "Cuts a text into a list, at blanks if not told",
    ([v, by]) => mapText(v, (t) => split(t, by)),
    1,
    2,
  ],
  ["join(list, by)", "Joins a list to a text", ([v, by = " "]) => list(v).map(printValue).join(printValue(by)), 1, 2],
  [
    "replace(text, from, to)",
    "Replaces every occurrence of a text",
    ([v, from = null, to = null]) => mapText(v, (text) => text.replaceAll(printValue(from), () => printValue(to))),
    3,
  ],
  ["int(value)", "Makes an integer, cutting the fraction", ([v = null]) => convertInteger(v), 1],
  ["float(value)", "Makes a float", ([v = null]) => toNumber(v, float), 1],
  ["str(value)", "Makes text", ([v = null]) => printValue(v), 1],
  ["type(value)", "Tells the type", ([v = null]) => typeName(v), 1],
  ["keys(map)", "Lists the keys of a map", ([v = null]) => Object.keys(mapOf(v)), 1],
  ["values(map)", "Lists the values of a map", ([v = null]) => (isList(v) ? v : Object.values(mapOf(v))), 1],
  ["min(list)", "Finds the smallest", (args) => extreme(args, 1), 1, Infinity],
  ["max(list)", "Finds the largest", (args) => extreme(args, -1), 1, Infinity],
  ["sum(list)", "Adds up", (args) => items(args).reduce(addItem, 0), 1, Infinity],
  ["round(number, digits)", "Rounds to an integer or to digits", ([v = null, n = 0]) => round(v, integer(n)), 1, 2],
  ["abs(number)", "Takes the sign away", ([v = null]) => absolute(v), 1],
  ["now()", "Tells the time", (_, now) => new Date(now()), 0],
  ["time(value)", "Reads a time", ([v = null], now) => toTime(v, now), 0, 1],
  ["date(value)", "Gives the beginning of the day", ([v = null], now) => startOfDay(toTime(v, now)), 0, 1],
  ["range(start, end, step)", "Lists integers up to, not including, the end", (args) => range(args), 1, 3],
  ["sort(list)", "Puts a list in order", ([v]) => sorted(list(v)), 1],
  ["uniq(list)", "Keeps the first of equal items", ([v]) => uniq(list(v)), 1],
  ["reverse(value)", "Turns a list or a text round", ([v = null]) => reversed(v), 1],
  ["first(value, count)", "Takes from the beginning", ([v = null, n]) => ends(v, n, (all, k) => all.slice(0, k)), 1, 2],
  [
    "last(value, count)",
    "Takes from the end",
    ([v = null, n]) => ends(v, n, (all, k) => (k ? all.slice(-k) : [])),
    1,
    2,
  ],
  ["contains(value, part)", "Tells whether a part is in it", ([a = null, b = null]) => contains(a, b), 2],
  ["starts(text, part)", "Tells whether a text begins so", test((a, b) => a.startsWith(b)), 2],
  ["ends(text, part)", "Tells whether a text ends so", test((a, b) => a.endsWith(b)), 2],
  ["matches(text, pattern)", "Tells whether a pattern fits", test((a, b) => patternOf(b).test(a)), 2],
  ["json(value)", "Reads JSON from text, or writes a value as JSON", ([v = null]) => json(v), 1],
  ["all(list)", "Tells whether all are true", (args) => given(args).every(isTrue), 1, Infinity],
  ["any(list)", "Tells whether one is true", (args) => given(args).some(isTrue), 1, Infinity],
];

function given(args: readonly Value[]): readonly Value[] {
  return args.length === 1 && isList(args[0]) ? args[0] : args;
}

function mapOf(value: Value): { readonly [key: string]: Value } {
  if (value === null) return {};
  return isMap(value) ? value : problem(`a map is wanted, but this is ${show(value)}`);
}

function addItem(sum: Value, item: Value): Value {
  if (item instanceof Duration && sum === 0) return item;
  if (sum instanceof Duration && item instanceof Duration) return new Duration(sum.ms + item.ms);
  return arithmetic["+"](number(sum), number(item), nowhere, nowhere);
}

function absolute(value: Value): Value {
  if (value === null) return null;
  if (value instanceof Duration) return new Duration(Math.abs(value.ms));
  const n = number(value);
  return Number(n) < 0 ? negate(n, nowhere) : n;
}

function reversed(value: Value): Value {
  return isList(value) ? [...value].reverse() : mapText(value, (text) => [...text].reverse().join(""));
}

function contains(whole: Value, part: Value): Value {
  return whole !== null && part !== null && isIn(part, whole);
}

const clocks: ReadonlySet<string> = new Set(["now", "time", "date"]);

/** The functions of every expression, by name. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  rows.map(([usage, help, run, least, most = least]) => {
    const name = usage.slice(0, usage.indexOf("("));
    return [name, { usage, help, least, most, run, ...(clocks.has(name) && { clock: true }) }];
  }),
);
