/**
 * Sums and extremes, one a group. Sums carry the rounding error along (Neumaier), which makes sums of floats as good as
 * their input and sums of integers exact as long as the answer itself is an integer that a number can hold.
 */
import { fail } from "../errors.ts";
import { Duration, Float, printValue, type Type, type Value } from "../kit/value.ts";
import type { Batch, Cell, Cells, Column } from "./batch.ts";
import { cellNumber, comparison } from "./cell.ts";
import { wrong } from "./step.ts";

export type AggregateKind = "sum" | "avg" | "min" | "max" | "count";

/** Works out one column of a grouped table. */
export interface Aggregate {
  /** Takes a batch; `groups[row]` is the number of the group that the row belongs to. */
  add(batch: Batch, groups: Uint32Array): void;
  /** Gives the column's cells for that many groups. */
  cells(groups: number): Cells;
  readonly type: Type;
}

/** Counts rows. */
export function counts(): Aggregate {
  const count = new Numbers();
  return {
    type: "integer",
    add(_, groups) {
      for (const group of groups) count.add(group, 1);
    },
    cells: (groups) => Array.from({ length: groups }, (_, group) => count.at(group)),
  };
}

/** Adds up a column, or gives its mean; nulls do not count. */
export function sums(command: string, kind: "sum" | "avg", column: Column, index: number): Aggregate {
  const { name, type } = column;
  if (type === "time" || type === "boolean" || type === "list" || type === "map") {
    throw wrong(command, `the column must hold numbers, but "${name}" holds ${type === "time" ? "times" : `${type}s`}`);
  }
  const total = new Numbers();
  const error = new Numbers();
  const count = new Numbers();
  const fractions = new Set<number>();
  const loose = type === "any" || type === "text";
  const numberOf = (cell: Cell): number => {
    if (typeof cell === "number") return cell;
    const n = cell instanceof Duration ? undefined : cellNumber(cell);
    if (n === undefined) throw wrong(command, `"${printValue(cell)}" in column "${name}" is no number`);
    return n;
  };
  const sumOf = (group: number): number => {
    const sum = total.at(group);
    return Number.isFinite(sum) ? sum + error.at(group) : sum;
  };
  const valueFor = (group: number): Cell => {
    const sum = sumOf(group);
    if (kind === "avg") return count.at(group) === 0 ? null : sum / count.at(group);
    if (type === "float" || type === "duration") return sum;
    if (loose && fractions.has(group)) return Number.isInteger(sum) ? new Float(sum) : sum;
    if (!Number.isSafeInteger(sum)) {
      throw fail("bad_argument", { command, problem: `the sum of column "${name}" is beyond 2^53-1` });
    }
    return sum;
  };
  return {
    type: kind === "avg" ? (type === "duration" ? "duration" : "float") : loose ? "any" : type,
    add(batch, groups) {
      const cells = batch.cells(index);
      for (let row = 0; row < batch.length; row++) {
        const cell = cells[row] ?? null;
        if (cell === null) continue;
        const group = groups[row] as number;
        const x = numberOf(cell);
        if (loose && isFraction(cell, x)) fractions.add(group);
        const before = total.at(group);
        const after = before + x;
        total.set(group, after);
        error.add(group, Math.abs(before) >= Math.abs(x) ? before - after + x : x - after + before);
        count.add(group, 1);
      }
    },
    cells: (groups) => Array.from({ length: groups }, (_, group) => valueFor(group)),
  };
}

function isFraction(cell: Value, n: number): boolean {
  return cell instanceof Float || !Number.isInteger(n) || (typeof cell === "string" && cell.includes("."));
}

/** Finds the least or greatest cell of a column; nulls do not count. */
export function extremes(kind: "min" | "max", column: Column, index: number): Aggregate {
  const best: Cell[] = [];
  const compare = comparison(column.type);
  const sign = kind === "min" ? 1 : -1;
  return {
    type: column.type,
    add(batch, groups) {
      const cells = batch.cells(index);
      for (let row = 0; row < batch.length; row++) {
        const cell = cells[row] ?? null;
        if (cell === null) continue;
        const group = groups[row] as number;
        const so = best[group] ?? null;
        if (so === null || sign * compare(cell, so) < 0) best[group] = cell;
      }
    },
    cells: (groups) => Array.from({ length: groups }, (_, group) => best[group] ?? null),
  };
}

/** Keeps the first value of a column that is not null. */
export function firstValues(column: Column, index: number): Aggregate {
  const first: Cell[] = [];
  return {
    type: column.type,
    add(batch, groups) {
      const cells = batch.cells(index);
      for (let row = 0; row < batch.length; row++) first[groups[row] as number] ??= cells[row] ?? null;
    },
    cells: (groups) => Array.from({ length: groups }, (_, group) => first[group] ?? null),
  };
}

/** An array of numbers that grows; what was never set is 0. */
class Numbers {
  #data = new Float64Array(16);

  at(index: number): number {
    return this.#data[index] ?? 0;
  }
  set(index: number, value: number): void {
    if (index >= this.#data.length) {
      const grown = new Float64Array(Math.max(index + 1, 2 * this.#data.length));
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[index] = value;
  }
  add(index: number, value: number): void {
    this.set(index, this.at(index) + value);
  }
}
