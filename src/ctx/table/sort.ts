/**
 * Sorting rows by number: every key column becomes an array of numbers first (texts become their rank), so that the
 * sort itself compares only numbers, whatever the columns hold.
 */
import { compareText, printCell } from "../kit/value.ts";
import { type Cell, columnIndex } from "./batch.ts";
import { cellKey, cellNumber, cellTime, comparison, isNumeric } from "./cell.ts";
import type { Gathered } from "./gather.ts";

/** How cells are understood for ordering; `type` is the column's own way. */
export type How = "type" | "number" | "text" | "time";

export interface SortKey {
  readonly column: string;
  readonly how: How;
  readonly descending: boolean;
}

/** So few rows are picked out one by one, which is quicker than sorting the others too. */
const fewRows = 256;

/**
 * Gives the numbers of the rows in order, or of the first `top` of them: stable, with nulls and unreadable cells last in
 * both directions.
 */
export function sortedRows(rows: Gathered, keys: readonly SortKey[], top = Number.POSITIVE_INFINITY): Uint32Array {
  const compare = comparing(keys.map((key) => keyNumbers(rows, key)));
  if (top <= fewRows) return firstRows(rows.length, compare, top);
  const sorted = mergeSort(rows.length, compare);
  return top < sorted.length ? sorted.subarray(0, top) : sorted;
}

/** Picks the first rows of the order: each row that beats the last of them takes its place among them. */
function firstRows(count: number, compare: (a: number, b: number) => number, top: number): Uint32Array {
  const kept = new Uint32Array(Math.min(top, count));
  let length = 0;
  for (let row = 0; row < count; row++) {
    if (length === kept.length && (length === 0 || compare(kept[length - 1] as number, row) <= 0)) continue;
    let at = length < kept.length ? length++ : length - 1;
    while (at > 0 && compare(kept[at - 1] as number, row) > 0) {
      kept[at] = kept[at - 1] as number;
      at--;
    }
    kept[at] = row;
  }
  return kept;
}

function comparing(keys: readonly Float64Array[]): (a: number, b: number) => number {
  const [first, ...others] = keys;
  if (first === undefined) return () => 0;
  if (others.length === 0) return (a, b) => compareNumbers(first[a] as number, first[b] as number);
  return (a, b) => {
    for (const key of keys) {
      const order = compareNumbers(key[a] as number, key[b] as number);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** NaN stands for null and comes last. */
function compareNumbers(x: number, y: number): number {
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return 0;
  return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
}

function keyNumbers(rows: Gathered, key: SortKey): Float64Array {
  const column = columnIndex(rows.columns, key.column);
  const type = rows.columns[column]?.type ?? "any";
  const numbers = new Float64Array(rows.length);
  const sign = key.descending ? -1 : 1;
  switch (key.how) {
    case "number":
      rows.eachCell(column, (cell, row) => {
        numbers[row] = sign * (cellNumber(cell) ?? Number.NaN);
      });
      return numbers;
    case "time":
      rows.eachCell(column, (cell, row) => {
        numbers[row] = sign * (cellTime(type, cell) ?? Number.NaN);
      });
      return numbers;
    case "text":
      return ranks(rows, column, sign, (cell) => printCell(type, cell), sortTexts);
    case "type":
      if (type === "text") return ranks(rows, column, sign, (cell) => cell, sortTexts);
      if (!isNumeric(type))
        return ranks(
          rows,
          column,
          sign,
          (cell) => cell,
          (cells) => cells.sort(comparison(type)),
        );
      rows.eachCell(column, (cell, row) => {
        numbers[row] = typeof cell === "number" ? sign * cell : Number.NaN;
      });
      return numbers;
  }
}

/** Numbers the distinct cells of a column by their place in the order. */
function ranks(
  rows: Gathered,
  column: number,
  sign: number,
  see: (cell: Cell) => Cell,
  sort: (cells: Cell[]) => Cell[],
): Float64Array {
  const numbers = new Float64Array(rows.length);
  const ids = new Map<Cell, number>();
  const distinct: Cell[] = [];
  rows.eachCell(column, (cell, row) => {
    if (cell === null) {
      numbers[row] = Number.NaN;
      return;
    }
    const seen = see(cell);
    const key = cellKey(seen);
    let id = ids.get(key);
    if (id === undefined) {
      id = distinct.push(seen) - 1;
      ids.set(key, id);
    }
    numbers[row] = id;
  });
  const rank = new Float64Array(distinct.length);
  const sorted = sort(distinct);
  for (let i = 0; i < sorted.length; i++) rank[ids.get(cellKey(sorted[i] ?? null)) as number] = sign * i;
  for (let row = 0; row < numbers.length; row++) {
    const id = numbers[row] as number;
    if (!Number.isNaN(id)) numbers[row] = rank[id] as number;
  }
  return numbers;
}

const surrogate = /[\ud800-\udfff]/;

/** Sorts texts by code point; the engine's own order is that, but for characters outside the basic plane. */
function sortTexts(cells: Cell[]): Cell[] {
  const plain = cells.every((cell) => typeof cell === "string" && !surrogate.test(cell));
  return plain ? cells.sort() : cells.sort((a, b) => compareText(String(a), String(b)));
}

/** Sorts the numbers from 0 up to `count`, stable; several times faster than a typed array's own sort with a callback. */
function mergeSort(count: number, compare: (a: number, b: number) => number): Uint32Array {
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      merge(from, to, start, Math.min(start + width, count), Math.min(start + 2 * width, count), compare);
    }
    [from, to] = [to, from];
  }
  return from;
}

function merge(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: (a: number, b: number) => number,
): void {
  let left = start;
  let right = middle;
  for (let i = start; i < end; i++) {
    const takeLeft = left < middle && (right >= end || compare(from[left] as number, from[right] as number) <= 0);
    to[i] = from[takeLeft ? left++ : right++] as number;
  }
}
