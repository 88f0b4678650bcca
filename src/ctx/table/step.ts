import { type CtxError, fail } from "../errors.ts";
import { didYouMean } from "../kit/suggest.ts";
import { Batch, type Column, type Columns, columnIndex } from "./batch.ts";
import type { Emit, Operator } from "./operator.ts";

/** What an operator does with one table. */
export interface Step {
  /** The columns of the answer: its header goes out at once. Absent where they depend on the rows; the step then sends the header itself. */
  readonly columns?: Columns;
  /** Takes a batch that has at least one row. */
  push(batch: Batch, emit: Emit): void;
  end?(emit: Emit): void;
  readonly done?: boolean;
}

/**
 * Makes an operator of what it does with one table. `begin` is called as soon as the columns of a table are known, so
 * that a wrong name is an error even before the first row, and on a table without rows.
 */
export function eachTable(begin: (columns: Columns) => Step): Operator {
  let columns: Columns | undefined;
  let step: Step | undefined;
  let done = false;
  return {
    push(batch, emit) {
      if (done) return;
      if (step === undefined || batch.columns !== columns) {
        step?.end?.(emit);
        columns = batch.columns;
        step = begin(columns);
        if (step.columns !== undefined) emit(Batch.head(step.columns));
      }
      if (batch.length > 0 && step.done !== true) step.push(batch, emit);
      done = step.done === true;
    },
    end(emit) {
      step?.end?.(emit);
      step = undefined;
    },
    get done() {
      return done;
    },
  };
}

/** Makes the error of an operator that was given something wrong. */
export function wrong(command: string, problem: string, hint?: string): CtxError {
  return fail("bad_argument", { command, problem }, { hint });
}

/** Finds a column by name; an unknown one is an error that names the nearest. */
export function need(command: string, columns: Columns, name: string): number {
  const found = columnIndex(columns, name);
  if (found >= 0) return found;
  const names = columns.map((column) => column.name);
  throw wrong(command, `no column "${name}"`, didYouMean(name, names) ?? listed(names));
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "the table has no columns";
  const shown = names.slice(0, 8).join(" ");
  return `there are: ${shown}${names.length > 8 ? " …" : ""}`;
}

/** Gives the column at an index that `need` found. */
export function columnAt(columns: Columns, index: number): Column {
  const column = columns[index];
  if (column === undefined) throw new RangeError(`no column at ${index}`);
  return column;
}

/** Refuses an answer with two columns of one name. */
export function distinct(command: string, columns: Columns): Columns {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw wrong(command, `two columns would be named "${name}"`, "rename one first");
    seen.add(name);
  }
  return columns;
}

/** Refuses a number of rows that is none. */
export function wholeNumber(command: string, n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw wrong(command, `the number of rows must be 0 or more, but is ${n}`);
  return n;
}
