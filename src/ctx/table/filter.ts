import { parseSize } from "../kit/time.ts";
import type { Type } from "../kit/value.ts";
import { printCell } from "../kit/value.ts";
import type { Batch, Cell, Columns } from "./batch.ts";
import { numberIn } from "./cell.ts";
import type { Emit, Operator } from "./operator.ts";
import { columnAt, eachTable, need } from "./step.ts";

/** Gives the rows of a batch that pass. */
export type Filter = (batch: Batch) => ArrayLike<number>;

/** Keeps the rows that pass a filter, which is compiled once the columns are known. */
export function where(options: { readonly filter: (columns: Columns) => Filter }): Operator {
  return eachTable((columns) => {
    const filter = options.filter(columns);
    return { columns, push: (batch, emit) => keepRows(batch, filter(batch), emit) };
  });
}

/** Keeps the rows whose cell is that value, as it is printed or as the column's type reads it. */
export function eq(options: { readonly column: string; readonly value: string }): Operator {
  return eachTable((columns) => {
    const index = need("eq", columns, options.column);
    return { columns, push: keepCells(index, equalTo(columnAt(columns, index).type, options.value)) };
  });
}

/** Keeps the rows whose cell, as text, passes a test: the search of a regular expression. */
export function reg(options: { readonly column: string; readonly matches: (text: string) => boolean }): Operator {
  return eachTable((columns) => {
    const index = need("reg", columns, options.column);
    const { type } = columnAt(columns, index);
    return { columns, push: keepCells(index, (cell) => options.matches(printCell(type, cell))) };
  });
}

function equalTo(type: Type, wanted: string): (cell: Cell) => boolean {
  const number =
    type === "size" ? sizeIn(wanted) : type === "integer" || type === "float" ? numberIn(wanted) : undefined;
  if (number !== undefined) return (cell) => cell === number;
  if (type === "text") return (cell) => (cell ?? "") === wanted;
  return (cell) => printCell(type, cell) === wanted;
}

/** Reads a number of bytes, with or without a unit. */
function sizeIn(text: string): number | undefined {
  return numberIn(text) ?? parseSize(text);
}

function keepCells(column: number, passes: (cell: Cell) => boolean): (batch: Batch, emit: Emit) => void {
  return (batch, emit) => {
    const cells = batch.cells(column);
    const rows: number[] = [];
    for (let row = 0; row < batch.length; row++) if (passes(cells[row] ?? null)) rows.push(row);
    keepRows(batch, rows, emit);
  };
}

function keepRows(batch: Batch, rows: ArrayLike<number>, emit: Emit): void {
  if (rows.length === batch.length) emit(batch);
  else if (rows.length > 0) emit(batch.pick(rows));
}
