/** Operators that turn a table into one of another shape. */

import type { Value } from "../kit/value.ts";
import { printCell } from "../kit/value.ts";
import { Batch, BatchBuilder, type Cell, type Columns, columnIndex } from "./batch.ts";
import { Gathered } from "./gather.ts";
import type { Operator } from "./operator.ts";
import { columnAt, distinct, eachTable, wrong } from "./step.ts";

const verticalColumns: Columns = [
  { name: "field", type: "text" },
  { name: "value", type: "any" },
];

/** Shows each row as lines of field and value, by name, with an empty line around them. */
export function vertical(): Operator {
  return eachTable((columns) => {
    const sorted = [...columns.keys()].sort((a, b) => (columnAt(columns, a).name < columnAt(columns, b).name ? -1 : 1));
    let first = true;
    return {
      columns: verticalColumns,
      push(batch, emit) {
        const builder = new BatchBuilder(verticalColumns);
        const add = (field: Cell, value: Cell): void => {
          builder.pushCells([field, value]);
          if (builder.full) emit(builder.take());
        };
        if (first) add(null, null);
        first = false;
        for (let row = 0; row < batch.length; row++) {
          for (const column of sorted) add(columnAt(columns, column).name, batch.value(column, row));
          add(null, null);
        }
        if (builder.length > 0) emit(builder.take());
      },
    };
  });
}

/** Most rows that can become columns. */
const widest = 10_000;

/**
 * Turns rows into columns: the names stand in the column `field`, each row becomes a column `1`, `2` … A table that
 * begins with a column `field` is turned back: its values become the names.
 */
export function transpose(): Operator {
  return eachTable((columns) => {
    const rows = new Gathered(columns);
    return {
      push(batch) {
        rows.add(batch);
        if (rows.length > widest) throw wrong("transpose", `at most ${widest} rows can become columns`);
      },
      end(emit) {
        const names = columnIndex(columns, "field") === 0 ? 0 : undefined;
        const all = rows.pick(Array.from({ length: rows.length }, (_, row) => row));
        const heads = Array.from({ length: rows.length }, (_, row) =>
          names === undefined ? String(row + 1) : printCell("any", all.value(names, row)),
        );
        const turned = [...columns.keys()].filter((column) => column !== names);
        const records = turned.map((column) => {
          const values = heads.map((head, row): [string, Value] => [head, all.value(column, row)]);
          return names === undefined ? [["field", columnAt(columns, column).name], ...values] : values;
        });
        const named = names === undefined ? ["field", ...heads] : heads;
        const out = distinct(
          "transpose",
          named.map((name) => ({ name, type: name === "field" && names === undefined ? "text" : "any" })),
        );
        emit(Batch.head(out));
        const builder = new BatchBuilder(out);
        for (const record of records) {
          builder.pushCells(record.map(([, value]) => value ?? null));
          if (builder.full) emit(builder.take());
        }
        if (builder.length > 0) emit(builder.take());
      },
    };
  });
}
