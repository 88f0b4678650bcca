import { fail } from "../errors.ts";
import { compilePattern, type Pattern } from "../kit/regex.ts";
import { parseDuration } from "../kit/time.ts";
import {
  compareText,
  Duration,
  equalValues,
  Float,
  isList,
  isMap,
  looksLikeNumber,
  printValue,
  type Value,
} from "../kit/value.ts";
import { asTime } from "./arithmetic.ts";
import type { CompareOp } from "./tree.ts";

/** Compares two values that are not null. */
export type Comparison = (a: Value, b: Value) => boolean;

const isNumber = (value: Value): value is number | Float => typeof value === "number" || value instanceof Float;

/** The number that a text or a number is; NaN for others, which equals nothing. */
function numberOf(value: Value): number {
  if (isNumber(value)) return Number(value);
  return typeof value === "string" && looksLikeNumber(value) ? Number(value) : Number.NaN;
}

const asLength = (value: Value): number | undefined =>
  value instanceof Duration ? value.ms : typeof value === "string" ? parseDuration(value) : undefined;

/** Tells whether two values are equal as `==` means it: numeric, by instant or by length beside such a value, else exact. */
export function isEqual(a: Value, b: Value): boolean {
  if (typeof a === "string" && typeof b === "string") return a === b;
  if (isNumber(a) || isNumber(b)) return numberOf(a) === numberOf(b);
  if (a instanceof Date || b instanceof Date) {
    const x = asTime(a);
    return x !== undefined && x === asTime(b);
  }
  if (a instanceof Duration || b instanceof Duration) {
    const x = asLength(a);
    return x !== undefined && x === asLength(b);
  }
  // Texts that come from files and words say "true" for true.
  if (typeof a === "boolean" && typeof b === "string") return String(a) === b;
  if (typeof a === "string" && typeof b === "boolean") return a === String(b);
  return equalValues(a, b);
}

/** Compares as `<` means it: less than zero when `a` comes first; NaN when neither does. */
export function compareOrder(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const x = numberOf(a);
  const y = numberOf(b);
  if (!Number.isNaN(x) && !Number.isNaN(y)) {
    if (x === y && typeof a === "string" && typeof b === "string") return compareDigits(a, b);
    return x - y;
  }
  if (a instanceof Date || b instanceof Date) return orderBy(asTime(a), asTime(b), a, b);
  if (a instanceof Duration || b instanceof Duration) return orderBy(asLength(a), asLength(b), a, b);
  return unlike(a, b) ? refuse(a, b) : compareText(printValue(a), printValue(b));
}

/** Whole numbers beyond 2^53 look equal as numbers; their digits tell. */
function compareDigits(a: string, b: string): number {
  if (a.length < 16 || a.includes(".") || b.includes(".")) return 0;
  return Number(BigInt(a) - BigInt(b));
}

function orderBy(x: number | undefined, y: number | undefined, a: Value, b: Value): number {
  if (x !== undefined && y !== undefined) return x - y;
  return unlike(a, b) ? refuse(a, b) : compareText(printValue(a), printValue(b));
}

/** Which kinds have an order among themselves only; texts are compared with anything that has one. */
function kindOf(value: Value): string {
  if (isNumber(value)) return "a number";
  if (value instanceof Date) return "a time";
  if (value instanceof Duration) return "a duration";
  if (isList(value)) return "a list";
  if (isMap(value)) return "a map";
  return typeof value === "boolean" ? "a boolean" : "text";
}

function unlike(a: Value, b: Value): boolean {
  if (isList(a) || isMap(a) || isList(b) || isMap(b)) return true;
  return typeof a !== "string" && typeof b !== "string" && kindOf(a) !== kindOf(b);
}

function refuse(a: Value, b: Value): never {
  throw fail("failed", { problem: `${kindOf(a)} and ${kindOf(b)} have no order` });
}

/** Tells whether a value is an item of a list, a key of a map, or a part of a text. */
export function isIn(a: Value, b: Value): boolean {
  if (isList(b)) return b.some((item) => item !== null && isEqual(a, item));
  if (isMap(b)) return Object.hasOwn(b, printValue(a));
  return printValue(b).includes(printValue(a));
}

/** Compiles a pattern, or throws what is wrong with it. */
export function patternOf(value: Value): Pattern {
  const pattern = compilePattern(printValue(value));
  if ("problem" in pattern) throw fail("failed", { problem: pattern.problem });
  return pattern;
}

const matches: Comparison = (a, b) => patternOf(b).test(printValue(a));

/** What the operators of comparison do. */
export const comparisons: Readonly<Record<CompareOp, Comparison>> = {
  "==": isEqual,
  "!=": (a, b) => !isEqual(a, b),
  "<": (a, b) => compareOrder(a, b) < 0,
  "<=": (a, b) => compareOrder(a, b) <= 0,
  ">": (a, b) => compareOrder(a, b) > 0,
  ">=": (a, b) => compareOrder(a, b) >= 0,
  "~": matches,
  "!~": (a, b) => !matches(a, b),
  in: isIn,
};
