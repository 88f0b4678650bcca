import { fail } from "../errors.ts";
import { parseTime } from "../kit/time.ts";
import { Duration, Float, isList, isMap, looksLikeNumber, printValue, type Value } from "../kit/value.ts";
import type { Place } from "../source.ts";
import type { ArithmeticOp } from "./tree.ts";

/** Says where an operand stands, for errors: its text in the source, if it is more than a literal. */
export interface Operand {
  readonly text: string | undefined;
  readonly at: Place | undefined;
}

export type Arithmetic = (a: Value, b: Value, left: Operand, right: Operand) => Value;
type Num = number | Float;

/** Longest text that joining makes. */
const longestText = 2 ** 28;

/** Gives a number as one, also a text that looks like one; `undefined` for what is none. */
export function asNumber(value: Value): Num | undefined {
  if (typeof value === "number" || value instanceof Float) return value;
  if (typeof value !== "string" || !looksLikeNumber(value)) return undefined;
  const number = Number(value);
  return value.includes(".") && Number.isInteger(number) ? new Float(number) : number;
}

const isWhole = (value: Num): value is number => typeof value === "number" && Number.isInteger(value);

/** Describes a value in an error: `price is "abc"`, or just `"abc"`. */
export function describe(value: Value, operand: Operand): string {
  const printed = printValue(value);
  const short = printed.length > 40 ? `${printed.slice(0, 40)}…` : printed;
  const shown = value === null ? "null" : typeof value === "string" ? `"${short}"` : short;
  const { text } = operand;
  return text === undefined || text === shown || text.length > 40 ? shown : `${text} is ${shown},`;
}

/** Reports an operand of the wrong kind. */
function wrong(value: Value, operand: Operand, wanted = "a number"): never {
  const described = describe(value, operand);
  const problem = described.endsWith(",") ? `${described} not ${wanted}` : `${described} is not ${wanted}`;
  throw fail("failed", { problem }, { at: operand.at });
}

function whole(result: number, operand: Operand): number {
  if (!Number.isSafeInteger(result))
    throw fail(
      "failed",
      { problem: "the result is too large for an integer" },
      { at: operand.at, hint: "use a float" },
    );
  // Adding zero turns -0 into 0.
  return result + 0;
}

function fraction(result: number, operand: Operand): Num {
  if (!Number.isFinite(result)) throw fail("failed", { problem: "the result is too large" }, { at: operand.at });
  return Number.isInteger(result) ? new Float(result) : result;
}

function instant(ms: number, operand: Operand): Date {
  const time = new Date(Math.round(ms));
  if (Number.isNaN(time.getTime())) throw fail("failed", { problem: "the time is out of range" }, { at: operand.at });
  return time;
}

function length(ms: number, operand: Operand): Duration {
  if (!Number.isFinite(ms)) throw fail("failed", { problem: "the duration is too long" }, { at: operand.at });
  return new Duration(Math.round(ms) + 0);
}

/** Does the integer operation if both are integers, else the one of floats. */
function numbers(
  a: Num,
  b: Num,
  op: (x: number, y: number) => number,
  right: Operand,
  wholeOp: (x: number, y: number) => number = op,
): Num {
  const x = Number(a);
  const y = Number(b);
  // A text of digits beyond the integers is refused here like a result that is.
  if (isWhole(a) && isWhole(b)) return whole(wholeOp(whole(x, right), whole(y, right)), right);
  return fraction(op(x, y), right);
}

const plus = (x: number, y: number): number => x + y;
const minus = (x: number, y: number): number => x - y;
const times = (x: number, y: number): number => x * y;
const over = (x: number, y: number): number => x / y;
const overWhole = (x: number, y: number): number => Math.trunc(x / y);
const rest = (x: number, y: number): number => x % y;

function add(a: Value, b: Value, left: Operand, right: Operand): Value {
  if (typeof a === "number" && typeof b === "number" && Number.isInteger(a) && Number.isInteger(b))
    return whole(a + b, right);
  if (isList(a)) return isList(b) ? [...a, ...b] : [...a, b];
  if (isList(b) || isMap(b)) wrong(b, right, isMap(b) ? "a number or text" : "something to add to it");
  if (isMap(a)) wrong(a, left, "a number or text");
  if (a instanceof Date && b instanceof Duration) return instant(a.getTime() + b.ms, right);
  if (a instanceof Duration && b instanceof Date) return instant(a.ms + b.getTime(), right);
  if (a instanceof Duration && b instanceof Duration) return length(a.ms + b.ms, right);
  const x = asNumber(a);
  const y = x === undefined ? undefined : asNumber(b);
  if (x !== undefined && y !== undefined) return numbers(x, y, plus, right);
  const head = printValue(a);
  const tail = printValue(b);
  if (head.length + tail.length > longestText)
    throw fail("too_large", { problem: "the joined text is too long" }, { at: right.at });
  return head + tail;
}

function subtract(a: Value, b: Value, left: Operand, right: Operand): Value {
  if (typeof a === "number" && typeof b === "number" && Number.isInteger(a) && Number.isInteger(b))
    return whole(a - b, right);
  if (a instanceof Date || b instanceof Date) return subtractTimes(a, b, left, right);
  if (a instanceof Duration) return b instanceof Duration ? length(a.ms - b.ms, right) : wrong(b, right, "a duration");
  return numbers(asNumber(a) ?? wrong(a, left), asNumber(b) ?? wrong(b, right), minus, right);
}

function subtractTimes(a: Value, b: Value, left: Operand, right: Operand): Value {
  const from = asTime(a) ?? wrong(a, left, "a time");
  if (b instanceof Duration) return instant(from - b.ms, right);
  return length(from - (asTime(b) ?? wrong(b, right, "a time or a duration")), right);
}

/** Gives a time as its milliseconds, also a text that reads as one. */
export function asTime(value: Value): number | undefined {
  if (value instanceof Date) return value.getTime();
  return typeof value === "string" ? parseTime(value) : undefined;
}

function multiply(a: Value, b: Value, left: Operand, right: Operand): Value {
  if (a instanceof Duration) return length(a.ms * Number(asNumber(b) ?? wrong(b, right)), right);
  if (b instanceof Duration) return length(Number(asNumber(a) ?? wrong(a, left)) * b.ms, right);
  return numbers(asNumber(a) ?? wrong(a, left), asNumber(b) ?? wrong(b, right), times, right);
}

function divide(a: Value, b: Value, left: Operand, right: Operand): Value {
  const y = asNumber(b) ?? wrong(b, right);
  const x = a instanceof Duration ? a : (asNumber(a) ?? wrong(a, left));
  if (Number(y) === 0) throw fail("failed", { problem: "division by zero" }, { at: right.at });
  return x instanceof Duration ? length(x.ms / Number(y), right) : numbers(x, y, over, right, overWhole);
}

function modulo(a: Value, b: Value, left: Operand, right: Operand): Value {
  const x = asNumber(a) ?? wrong(a, left);
  const y = asNumber(b) ?? wrong(b, right);
  if (Number(y) === 0) throw fail("failed", { problem: "division by zero" }, { at: right.at });
  return numbers(x, y, rest, right);
}

/** What the operators of arithmetic do; a fault names the operand and its place. */
export const arithmetic: Readonly<Record<ArithmeticOp, Arithmetic>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  mod: modulo,
};

/** Gives minus a value. */
export function negate(value: Value, operand: Operand): Value {
  if (value instanceof Duration) return length(-value.ms, operand);
  return numbers(0, asNumber(value) ?? wrong(value, operand), minus, operand);
}
