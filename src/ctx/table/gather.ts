import { Batch, batchSize, type Cell, type Cells, type Columns, Lazy } from "./batch.ts";
import type { Emit } from "./operator.ts";

/** The number of a row that is not there: all of its cells are null. */
export const noRow = -1;

/** Collects the batches of one table and gives their rows back in any order, without working out lazy columns. */
export class Gathered {
  readonly columns: Columns;
  readonly #batches: Batch[] = [];
  readonly #starts: number[] = [];
  #length = 0;

  constructor(columns: Columns) {
    this.columns = columns;
  }
  get length(): number {
    return this.#length;
  }
  get batches(): readonly Batch[] {
    return this.#batches;
  }

  add(batch: Batch): void {
    if (batch.length === 0) return;
    this.#batches.push(batch);
    this.#starts.push(this.#length);
    this.#length += batch.length;
  }

  /** Keeps only the rows that are marked; batches that lose none stay as they are. */
  keep(marked: Uint8Array): void {
    const before = this.#batches.splice(0);
    this.#starts.length = 0;
    this.#length = 0;
    let row = 0;
    for (const batch of before) {
      const kept: number[] = [];
      for (let i = 0; i < batch.length; i++) if (marked[row++] === 1) kept.push(i);
      this.add(kept.length === batch.length ? batch : batch.pick(kept));
    }
  }

  /** Calls back for every cell of a column, in the order of the rows. */
  eachCell(column: number, see: (cell: Cell, row: number) => void): void {
    let row = 0;
    for (const batch of this.#batches) {
      const cells = batch.cells(column);
      for (let i = 0; i < batch.length; i++) see(cells[i] ?? null, row++);
    }
  }

  /** Gives rows by number, in the order given; a column that is lazy in one of the batches stays lazy. */
  pick(rows: ArrayLike<number>): Batch {
    return this.#pick(rows, this.#sources());
  }

  /** Hands the rows on in that order, a full batch at a time. */
  emit(rows: Uint32Array, emit: Emit): void {
    const sources = this.#sources();
    for (let start = 0; start < rows.length; start += batchSize) {
      emit(this.#pick(rows.subarray(start, start + batchSize), sources));
    }
  }

  /** For every column its data in every batch. */
  #sources(): Source[] {
    return this.columns.map((_, column) => {
      const data = this.#batches.map((batch) => batch.column(column));
      return { data, lazy: data.some((one) => one instanceof Lazy) };
    });
  }

  #pick(rows: ArrayLike<number>, sources: readonly Source[]): Batch {
    const batch = new Int32Array(rows.length);
    const at = new Int32Array(rows.length);
    let found = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (row < 0) {
        batch[i] = noRow;
        continue;
      }
      found = this.#find(row, found);
      batch[i] = found;
      at[i] = row - (this.#starts[found] as number);
    }
    return new Batch(
      this.columns,
      rows.length,
      sources.map((source) => gatherColumn(source, batch, at)),
    );
  }

  #find(row: number, hint: number): number {
    const starts = this.#starts;
    if ((starts[hint] as number) <= row && row < (starts[hint + 1] ?? this.#length)) return hint;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A column of the whole table: its data in every batch, and whether any of them is lazy. */
interface Source {
  readonly data: readonly (Cells | Lazy)[];
  readonly lazy: boolean;
}

function gatherColumn({ data, lazy }: Source, batch: Int32Array, at: Int32Array): Cells | Lazy {
  const cellAt = (row: number): Cell => {
    const found = data[batch[row] as number];
    const place = at[row] as number;
    return (found instanceof Lazy ? found.at(place) : found?.[place]) ?? null;
  };
  if (lazy) return new Lazy(cellAt);
  const eager = data as readonly Cells[];
  const cells = new Array<Cell>(batch.length);
  for (let i = 0; i < cells.length; i++) cells[i] = eager[batch[i] as number]?.[at[i] as number] ?? null;
  return cells;
}
