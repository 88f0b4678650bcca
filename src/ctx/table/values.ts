/** Operators that work the cells of a column out, row by row. */

import { printCell, type Type, toValue } from "../kit/value.ts";
import { Batch, type Cell, type Cells, type Columns, columnIndex, Lazy } from "./batch.ts";
import { cellNumber, isNumeric } from "./cell.ts";
import type { Operator } from "./operator.ts";
import { type CellFormat, readFormat } from "./printf.ts";
import { columnAt, eachTable, need, type Step } from "./step.ts";

/** A column that is worked out of the others. */
export interface Computed {
  readonly type: Type;
  cells(batch: Batch): Cells;
}

/** Puts what an expression gives into a column: a new one at the end, or one that is there already. */
export function set(options: { readonly column: string; readonly value: (columns: Columns) => Computed }): Operator {
  return eachTable((columns) => {
    const value = options.value(columns);
    const found = columnIndex(columns, options.column);
    const index = found < 0 ? columns.length : found;
    const out = columns.toSpliced(index, 1, { name: options.column, type: value.type });
    return {
      columns: out,
      push: (batch, emit) =>
        emit(
          new Batch(
            out,
            batch.length,
            out.map((_, i) => (i === index ? value.cells(batch) : batch.column(i))),
          ),
        ),
    };
  });
}

/** Writes columns by formats (`["size", "%5d"]`): they become text; null stays null. */
export function format(options: { readonly pairs: readonly (readonly [column: string, format: string])[] }): Operator {
  const formats = options.pairs.map(([name, text]): [string, CellFormat] => [name, readFormat(text)]);
  return eachTable((columns) => {
    const writers = new Map(formats.map(([name, write]) => [need("format", columns, name), write]));
    return mapping(columns, (index) => {
      const write = writers.get(index);
      const { type } = columnAt(columns, index);
      return write && { type: "text", map: (cell) => (cell === null ? null : write(type, cell)) };
    });
  });
}

/** Replaces values of a column by others; what is not named stays. */
export function transMap(options: {
  readonly changes: readonly (readonly [column: string, from: string, to: string])[];
}): Operator {
  return eachTable((columns) => {
    const maps = new Map<number, Map<string, string>>();
    for (const [name, from, to] of options.changes) {
      const index = need("trans_map", columns, name);
      const map = maps.get(index) ?? new Map<string, string>();
      maps.set(index, map.set(from, to));
    }
    return mapping(columns, (index) => {
      const map = maps.get(index);
      return map && translation(columnAt(columns, index).type, map);
    });
  });
}

/** What one column becomes. */
interface Mapping {
  readonly type: Type;
  readonly map: (cell: Cell) => Cell;
}

/** The column keeps its type if all that comes in reads as one of it, else it holds values of any kind. */
function translation(type: Type, map: ReadonlyMap<string, string>): Mapping {
  const cells = new Map<string, Cell>();
  for (const [from, to] of map) {
    const number = isNumeric(type) ? cellNumber(to) : undefined;
    cells.set(from, number !== undefined && (type !== "integer" || Number.isInteger(number)) ? number : to);
  }
  const fits = type === "text" || (type !== "time" && [...cells.values()].every((cell) => typeof cell !== "string"));
  return {
    type: fits ? type : "any",
    map: (cell) => {
      const to = cells.get(printCell(type, cell));
      return to === undefined ? (fits ? cell : toValue(type, cell)) : to;
    },
  };
}

/** Changes columns cell by cell, lazily: a column that nobody looks at is never worked out. */
function mapping(columns: Columns, of: (index: number) => Mapping | undefined): Step {
  const mappings = columns.map((_, index) => of(index));
  const out = columns.map((column, i) => ({ name: column.name, type: mappings[i]?.type ?? column.type }));
  return {
    columns: out,
    push(batch, emit) {
      const data = mappings.map((mapping, i) =>
        mapping === undefined ? batch.column(i) : new Lazy((row) => mapping.map(batch.at(i, row))),
      );
      emit(new Batch(out, batch.length, data));
    },
  };
}
