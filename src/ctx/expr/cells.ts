import { parseDuration, parseTime } from "../kit/time.ts";
import {
  type Cell,
  compareText,
  Duration,
  Float,
  isList,
  looksLikeNumber,
  type Type,
  type Value,
} from "../kit/value.ts";
import { patternOf } from "./compare.ts";
import type { CompareOp } from "./tree.ts";

/** Tests a cell as it is stored; `undefined` when only its value can tell. */
export type CellTest = (cell: Cell) => boolean | undefined;

/** Makes the comparison of the cells of a column with a value, or `undefined` when nothing is won by it. */
export function compareCells(op: CompareOp, type: Type, value: Value): CellTest | undefined {
  if (value === null) return () => false;
  const onNumber = testNumbers(op, type, value);
  const onText = testTexts(op, value);
  if (onNumber === undefined && onText === undefined) return undefined;
  return (cell) => {
    if (typeof cell === "number") return onNumber?.(cell);
    if (typeof cell === "string") return onText?.(cell);
    return cell === null ? false : undefined;
  };
}

/** What a number stored in a column of that type is compared with. */
function numberFor(type: Type, value: Value): number | undefined {
  if (type === "time") {
    if (value instanceof Date) return value.getTime();
    return typeof value === "string" ? parseTime(value) : undefined;
  }
  if (type === "duration") {
    if (value instanceof Duration) return value.ms;
    return typeof value === "string" ? parseDuration(value) : undefined;
  }
  if (typeof value === "number" || value instanceof Float) return Number(value);
  return typeof value === "string" && looksLikeNumber(value) ? Number(value) : undefined;
}

function testNumbers(op: CompareOp, type: Type, value: Value): ((cell: number) => boolean) | undefined {
  if (op === "in" && isList(value) && type !== "time" && type !== "duration") {
    const items = value.filter((item) => item !== null);
    if (!items.every((item) => typeof item === "number" || item instanceof Float)) return undefined;
    const numbers = new Set(items.map(Number));
    return (cell) => numbers.has(cell);
  }
  const n = numberFor(type, value);
  return n === undefined ? undefined : ordered(op, n);
}

function ordered(op: CompareOp, n: number): ((x: number) => boolean) | undefined {
  switch (op) {
    case "==":
      return (x) => x === n;
    case "!=":
      return (x) => x !== n;
    case "<":
      return (x) => x < n;
    case "<=":
      return (x) => x <= n;
    case ">":
      return (x) => x > n;
    case ">=":
      return (x) => x >= n;
    default:
      return undefined;
  }
}

function testTexts(op: CompareOp, value: Value): ((cell: string) => boolean | undefined) | undefined {
  if (typeof value === "string") return compareTexts(op, value);
  if (op === "in" && isList(value)) {
    const items = value.filter((item) => item !== null);
    if (!items.every((item) => typeof item === "string")) return undefined;
    const texts = new Set(items);
    return (cell) => texts.has(cell);
  }
  if (typeof value !== "number" && !(value instanceof Float)) return undefined;
  const test = ordered(op, Number(value));
  if (test === undefined) return undefined;
  if (op === "==" || op === "!=") return (cell) => (looksLikeNumber(cell) ? test(Number(cell)) : op === "!=");
  return (cell) => (looksLikeNumber(cell) ? test(Number(cell)) : undefined);
}

function compareTexts(op: CompareOp, text: string): ((cell: string) => boolean) | undefined {
  switch (op) {
    case "==":
      return (cell) => cell === text;
    case "!=":
      return (cell) => cell !== text;
    case "in":
      return (cell) => text.includes(cell);
    case "~":
    case "!~": {
      const pattern = patternOf(text);
      return (cell) => pattern.test(cell) === (op === "~");
    }
    default: {
      const test = looksLikeNumber(text) ? undefined : ordered(op, 0);
      return test && ((cell) => test(compareText(cell, text)));
    }
  }
}
