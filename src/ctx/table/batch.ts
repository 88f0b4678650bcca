import type { Cell, Type, Value } from "../kit/value.ts";
import { Float, toCell, toValue, typeOf } from "../kit/value.ts";

/** A column of a table: its name, and the type that all of its cells have. */
export interface Column {
  readonly name: string;
  readonly type: Type;
}

/** The columns of a table, in order. The same array means the same table going on; another one begins a new table. */
export type Columns = readonly Column[];
export type { Cell } from "../kit/value.ts";
export type Cells = ArrayLike<Cell>;
export type Row = Readonly<Record<string, unknown>>;

/** Most rows a batch holds. */
export const batchSize = 1024;

/**
 * A column whose cells are worked out only when somebody looks: line counts of files, fields of a CSV text.
 * `at` may be called more than once for a row and must give the same answer.
 */
export class Lazy {
  readonly at: (row: number) => Cell;
  constructor(at: (row: number) => Cell) {
    this.at = at;
  }
}

/**
 * Some rows of a table, one array a column. A table is a stream of batches with the same `columns`; the first one may
 * be empty, so that a table without rows still has its header. A batch is never changed once it is made.
 */
export class Batch {
  readonly columns: Columns;
  readonly length: number;
  /** The same answer was given as text: people are shown the text, programs get both. */
  readonly isAside: boolean;
  readonly #data: (Cells | Lazy)[];

  constructor(columns: Columns, length: number, data: readonly (Cells | Lazy)[], isAside = false) {
    this.columns = columns;
    this.length = length;
    this.#data = data as (Cells | Lazy)[];
    this.isAside = isAside;
  }

  /** Gives the same rows as those of an answer that has text too. */
  aside(): Batch {
    return new Batch(this.columns, this.length, this.#data, true);
  }

  /** Makes the batch that only says which columns follow. */
  static head(columns: Columns): Batch {
    return new Batch(
      columns,
      0,
      columns.map(() => []),
    );
  }

  /** Gives all cells of a column; a lazy column is worked out now, once. */
  cells(column: number): Cells {
    const data = this.#data[column];
    if (!(data instanceof Lazy)) return data ?? [];
    const cells = Array.from({ length: this.length }, (_, row) => data.at(row));
    this.#data[column] = cells;
    return cells;
  }

  /** Gives one cell, without working out the rest of a lazy column. */
  at(column: number, row: number): Cell {
    const data = this.#data[column];
    return (data instanceof Lazy ? data.at(row) : data?.[row]) ?? null;
  }

  /** Gives a column as it is kept, lazy or not, for building another batch from it. */
  column(column: number): Cells | Lazy {
    return this.#data[column] ?? [];
  }

  /** Tells whether a column has not been worked out yet. */
  isLazy(column: number): boolean {
    return this.#data[column] instanceof Lazy;
  }

  /** Gives one cell as a value that tells its own type. */
  value(column: number, row: number): Value {
    return toValue(this.columns[column]?.type ?? "any", this.at(column, row));
  }

  /** Gives a row as an object of values. */
  row(row: number): Row {
    const object: Record<string, unknown> = {};
    for (let c = 0; c < this.columns.length; c++) {
      const { name } = this.columns[c] as Column;
      const cell = this.value(c, row);
      const value = cell instanceof Float ? cell.n : cell;
      // A column of that name would else become the prototype of the row.
      if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true });
      else object[name] = value;
    }
    return object;
  }

  /** Keeps some rows, in the order given; lazy columns stay lazy. */
  pick(rows: ArrayLike<number>): Batch {
    return new Batch(
      this.columns,
      rows.length,
      this.#data.map((data) => {
        if (data instanceof Lazy) return new Lazy((row) => data.at(rows[row] as number));
        const cells = new Array<Cell>(rows.length);
        for (let i = 0; i < rows.length; i++) cells[i] = data[rows[i] as number] ?? null;
        return cells;
      }),
    );
  }

  /** Keeps the rows from `start` up to, not including, `end`. */
  slice(start: number, end: number): Batch {
    if (start <= 0 && end >= this.length) return this;
    const length = Math.max(0, Math.min(end, this.length) - start);
    return this.pick(Array.from({ length }, (_, i) => start + i));
  }

  /** Keeps some columns, by index, under the names of `columns`; lazy columns stay lazy. */
  project(columns: Columns, from: readonly number[]): Batch {
    return new Batch(
      columns,
      this.length,
      from.map((column) => this.#data[column] ?? []),
    );
  }
}

/** Collects rows into batches of at most `batchSize`. */
export class BatchBuilder {
  readonly columns: Columns;
  #data: Cell[][];
  #length = 0;

  constructor(columns: Columns) {
    this.columns = columns;
    this.#data = columns.map(() => []);
  }
  get length(): number {
    return this.#length;
  }
  get full(): boolean {
    return this.#length >= batchSize;
  }
  /** Adds a row of values; names that are no column are an error of the caller and are left out, missing ones are null. */
  push(row: Row): void {
    for (let c = 0; c < this.columns.length; c++) {
      const { name, type } = this.columns[c] as Column;
      const value = Object.hasOwn(row, name) ? row[name] : null;
      (this.#data[c] as Cell[]).push(toCell(type, value as Value));
    }
    this.#length++;
  }
  /** Adds a row of cells, in the order of the columns. */
  pushCells(cells: readonly Cell[]): void {
    for (let c = 0; c < this.columns.length; c++) (this.#data[c] as Cell[]).push(cells[c] ?? null);
    this.#length++;
  }
  /** Gives what was collected and starts anew. */
  take(): Batch {
    const batch = new Batch(this.columns, this.#length, this.#data);
    this.#data = this.columns.map(() => []);
    this.#length = 0;
    return batch;
  }
}

/** Finds the column of that name; -1 when there is none. */
export function columnIndex(columns: Columns, name: string): number {
  for (let c = 0; c < columns.length; c++) if (columns[c]?.name === name) return c;
  return -1;
}

/** Guesses columns from rows: names in order of first appearance, types from the values (mixed ones are `any`). */
export function columnsOf(rows: readonly Row[]): Columns {
  const types = new Map<string, Type | undefined>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const seen = types.get(name);
      if (value === null || value === undefined) {
        if (!types.has(name)) types.set(name, undefined);
        continue;
      }
      const type = typeOf(value as Value);
      types.set(name, seen === undefined || seen === type ? type : joinTypes(seen, type));
    }
  }
  return [...types].map(([name, type]) => ({ name, type: type ?? "text" }));
}

/** The type of a column that holds cells of both types. */
export function joinTypes(a: Type, b: Type): Type {
  if (a === b) return a;
  const numeric = (type: Type): boolean => type === "integer" || type === "float";
  return numeric(a) && numeric(b) ? "float" : "any";
}

/** Makes batches of rows whose columns are known or guessed. */
export function batchesOf(rows: readonly Row[], columns: Columns = columnsOf(rows)): Batch[] {
  const builder = new BatchBuilder(columns);
  const batches: Batch[] = [];
  for (const row of rows) {
    builder.push(row);
    if (builder.full) batches.push(builder.take());
  }
  if (builder.length > 0 || batches.length === 0) batches.push(builder.take());
  return batches;
}
