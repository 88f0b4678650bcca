/**
 * Cells as operators look at them: as text, as a number, as the key of a group, as something to compare. A cell needs
 * the type of its column to be understood (a time is a number of milliseconds there).
 */
import { parseTime } from "../kit/time.ts";
import {
  type Cell,
  compareText,
  compareValues,
  Duration,
  Float,
  looksLikeNumber,
  type Type,
  toValue,
} from "../kit/value.ts";

/** Tells whether cells of that type are plain numbers (or null). */
export function isNumeric(type: Type): boolean {
  return type === "integer" || type === "float" || type === "size" || type === "time" || type === "duration";
}

/** Reads text that looks like a number (language.md 2), or gives undefined. */
export function numberIn(text: string): number | undefined {
  return looksLikeNumber(text) ? Number(text) : undefined;
}

/** Gives a cell as a number: numbers, and text that looks like one; undefined for anything else. */
export function cellNumber(cell: Cell): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "string") return numberIn(cell);
  if (cell instanceof Float) return cell.n;
  return undefined;
}

/** Gives a cell as a time in milliseconds, also where it is text that reads as one. */
export function cellTime(type: Type, cell: Cell): number | undefined {
  if (cell instanceof Date) return cell.getTime();
  if (typeof cell === "number") return type === "time" ? cell : undefined;
  if (typeof cell !== "string") return undefined;
  return parseTime(cell);
}

/**
 * Gives what equal cells have in common, for a Map: numbers and texts are their own key, so that a column of them
 * costs nothing; lists, maps and wrapped values are written out.
 */
export function cellKey(cell: Cell): string | number | boolean | null {
  if (typeof cell === "string") return cell.startsWith("\0") ? `\0${cell}` : cell;
  if (typeof cell !== "object" || cell === null) return cell;
  if (cell instanceof Float) return cell.n;
  if (cell instanceof Date) return `\0t${cell.getTime()}`;
  if (cell instanceof Duration) return `\0d${cell.ms}`;
  return `\0${JSON.stringify(cell)}`;
}

/** Joins the keys of several cells so that no two rows share one by chance. */
export function rowKey(cells: readonly Cell[]): string {
  let key = "";
  for (const cell of cells) {
    const part = cellKey(cell);
    const text = String(part);
    key += `${typeof part === "string" ? "s" : "n"}${text.length}:${text}`;
  }
  return key;
}

/** Gives the comparison that fits two cells of a column of that type, neither of them null. */
export function comparison(type: Type): (a: Cell, b: Cell) => number {
  if (isNumeric(type)) return (a, b) => (a as number) - (b as number);
  if (type === "text") return (a, b) => compareText(a as string, b as string);
  return (a, b) => compareValues(toValue(type, a), toValue(type, b));
}
