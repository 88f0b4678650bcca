import type { Columns } from "./batch.ts";
import { Gathered } from "./gather.ts";
import type { Operator } from "./operator.ts";
import { type SortKey, sortedRows } from "./sort.ts";
import { eachTable, need, wholeNumber } from "./step.ts";

export interface OrderOptions {
  /** The columns to order by, or a function that settles them once the columns of the table are known. */
  readonly keys: readonly SortKey[] | ((columns: Columns) => readonly SortKey[]);
  /** Only that many rows of the answer are wanted: the others need not be kept. */
  readonly top?: number | undefined;
}

/** Rows beyond `top` that are collected before the worse ones are thrown away. */
const slack = 4096;

/** Orders rows by columns: stable, with nulls last in both directions. */
export function order(options: OrderOptions): Operator {
  const top = options.top === undefined ? Number.POSITIVE_INFINITY : wholeNumber("order", options.top);
  return eachTable((columns) => {
    const keys = typeof options.keys === "function" ? options.keys(columns) : options.keys;
    for (const key of keys) need("order", columns, key.column);
    const rows = new Gathered(columns);
    return {
      columns,
      push(batch) {
        rows.add(batch);
        if (rows.length > top + Math.max(top, slack)) keepBest(rows, keys, top);
      },
      end(emit) {
        rows.emit(sortedRows(rows, keys, top), emit);
      },
    };
  });
}

/** Throws away all but the best rows. Those that stay keep the order they came in, which the stable sort relies on. */
function keepBest(rows: Gathered, keys: readonly SortKey[], top: number): void {
  const marked = new Uint8Array(rows.length);
  for (const row of sortedRows(rows, keys, top)) marked[row] = 1;
  rows.keep(marked);
}
