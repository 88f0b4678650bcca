import { Batch, batchesOf, type Columns, columnsOf, Lazy, type Row } from "../../src/ctx/table/batch.ts";
import type { Operator } from "../../src/ctx/table/operator.ts";
import type { Tools } from "../../src/ctx/table/read.ts";

/** A table cut into batches of these lengths (the last one repeats), with a header first. */
export function cutInto(rows: readonly Row[], lengths: readonly number[], columns: Columns = columnsOf(rows)): Batch[] {
  const batches = [Batch.head(columns)];
  for (let start = 0, i = 0; start < rows.length; i++) {
    const length = Math.max(1, lengths[Math.min(i, lengths.length - 1)] ?? rows.length);
    batches.push(...batchesOf(rows.slice(start, start + length), columns));
    start += length;
  }
  return batches;
}

/** Runs batches through an operator, as a pipeline does. */
export function through(operator: Operator, batches: readonly Batch[]): Batch[] {
  const out: Batch[] = [];
  const emit = (piece: unknown): void => void out.push(piece as Batch);
  for (const batch of batches) {
    operator.push(batch, emit);
    if (operator.done) break;
  }
  operator.end(emit);
  return out;
}

/** The rows of batches as lists of values, after a list of the names. */
export function listed(batches: readonly Batch[]): unknown[][] {
  const columns = batches.at(-1)?.columns ?? [];
  const names = columns.map((column) => column.name);
  const rows = batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, row) => batch.columns.map((_, c) => batch.at(c, row))),
  );
  return [names, ...rows];
}

/** Makes a column one that must not be looked at. */
export function untouchable(batch: Batch, name: string): Batch {
  const data = batch.columns.map((column, i) =>
    column.name === name
      ? new Lazy(() => {
          throw new Error(`somebody looked at ${name}`);
        })
      : batch.column(i),
  );
  return new Batch(batch.columns, batch.length, data);
}

/** Tools for tests: `where` and `set` take what the test gives, chance is not random. */
export const plainTools: Tools = {
  random: () => 0,
  filter: () => () => (batch) => Array.from({ length: batch.length }, (_, row) => row),
  compute: () => () => ({ type: "integer", cells: (batch) => new Array(batch.length).fill(1) }),
  regex: (text) => {
    const pattern = new RegExp(text, "u");
    return (found) => pattern.test(found);
  },
  table: () => [],
};
