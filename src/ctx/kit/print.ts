import { type Cell, Duration, Float, type Type, toValue } from "./value.ts";

/** TEMPORARY until kit has it. */
export function printCell(type: Type, cell: Cell): string {
  const value = toValue(type, cell);
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Float) return `${value.n}.0`;
  if (value instanceof Duration) return `${value.ms}ms`;
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  return JSON.stringify(value);
}
