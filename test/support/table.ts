import { openOperator } from "../../src/ctx/dispatch.ts";
import { makeTree, terminalWho } from "../../src/ctx/make.ts";
import { Batch, batchesOf, type Columns, columnsOf, Lazy, type Row } from "../../src/ctx/table/batch.ts";
import { lineReader } from "../../src/ctx/table/lines.ts";
import type { Operator, Piece } from "../../src/ctx/table/operator.ts";
import { planStages, stepWords } from "../../src/ctx/table/stage.ts";
import type { Host } from "../../src/ctx/tree.ts";
import type { Words } from "../../src/ctx/word.ts";

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

const host: Host = { home: process.cwd(), program: process.cwd(), version: "0", env: {}, pid: 0, mode: "test" };
const tree = makeTree([], host);
const who = terminalWho(tree, { cwd: process.cwd() });

/** Makes a table of text, as a pipeline does in front of an operator. */
function batchesIn(pieces: readonly Piece[]): Batch[] {
  const lines = lineReader();
  const batches: Batch[] = [];
  const emit = (batch: Batch): void => void batches.push(batch);
  for (const piece of pieces) {
    if (piece instanceof Batch) emit(piece);
    else lines.push(piece, emit);
  }
  lines.end(emit);
  return batches;
}

/** Runs a table through the operators of stages, opened as the commands they are. */
export function runStages(stages: readonly Words[], batches: readonly Batch[]): Batch[] {
  const operators = planStages(stages).map((step) => {
    const found = tree.root.find(step.name);
    if (found === undefined) throw new Error(`no command ${step.name}`);
    return openOperator(found, stepWords(step), { from: tree.root, who }).operator;
  });
  return operators.reduce<Batch[]>((pieces, operator) => through(operator, batchesIn(pieces)), [...batches]);
}
