import { type Cell, Lazy, parseTime } from "../../ctx/index.ts";
import type { Entries } from "./entries.ts";
import { cellsOf, type Field } from "./fields.ts";
import { sortSteps } from "./sort.ts";

export const hows = ["int", "int_r", "str", "str_r", "time", "time_r"] as const;
/** How the values of a column are understood for sorting, and `_r` for the greatest first. */
export type How = (typeof hows)[number];

/** So many keys are worked out between two pauses. */
const part = 64;

/**
 * Gives the rows of entries in the order of a field: stable, with those that have no such value last in both
 * directions. Each `undefined` is a good moment for a pause.
 */
export function* orderSteps(entries: Entries, field: Field, how: How): Generator<Uint32Array | undefined> {
  const cells = cellsOf(field, entries);
  const at = cells instanceof Lazy ? cells.at : (row: number): Cell => cells[row] ?? null;
  const sign = how.endsWith("_r") ? -1 : 1;
  if (how.startsWith("str")) {
    const keys = new Array<string | undefined>(entries.length);
    for (let row = 0; row < keys.length; row++) {
      const cell = at(row);
      keys[row] = cell === null ? undefined : String(cell);
      if (row % part === 0) yield;
    }
    yield yield* sortSteps(keys.length, (a, b) => compare(keys[a], keys[b], sign));
    return;
  }
  const numberOf = how.startsWith("int") ? asNumber : asTime;
  const keys = new Float64Array(entries.length);
  for (let row = 0; row < keys.length; row++) {
    keys[row] = numberOf(at(row)) ?? Number.NaN;
    if (row % part === 0) yield;
  }
  yield yield* sortSteps(keys.length, (a, b) => {
    const x = keys[a] as number;
    const y = keys[b] as number;
    if (x === y) return 0;
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x < y ? -sign : sign;
  });
}

function compare(x: string | undefined, y: string | undefined, sign: number): number {
  if (x === y) return 0;
  if (x === undefined) return 1;
  if (y === undefined) return -1;
  return x < y ? -sign : sign;
}

function asNumber(cell: Cell): number | undefined {
  if (typeof cell === "number") return cell;
  return typeof cell === "string" && /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
}

function asTime(cell: Cell): number | undefined {
  if (typeof cell === "number") return cell;
  return typeof cell === "string" ? parseTime(cell) : undefined;
}
