import type { Batch } from "./batch.ts";
import { cellKey, rowKey } from "./cell.ts";

/** Numbers the groups of rows that are equal in some columns, as they come. */
export class Groups {
  readonly #by: readonly number[];
  readonly #numbers = new Map<unknown, number>();

  constructor(by: readonly number[]) {
    this.#by = by;
  }

  /** Gives the group of every row of a batch, and the rows that opened a new one. */
  of(batch: Batch): { numbers: Uint32Array; opened: number[] } {
    const numbers = new Uint32Array(batch.length);
    const opened: number[] = [];
    const key = this.#keyOf(batch);
    for (let row = 0; row < batch.length; row++) {
      const found = key(row);
      let number = this.#numbers.get(found);
      if (number === undefined) {
        number = this.#numbers.size;
        this.#numbers.set(found, number);
        opened.push(row);
      }
      numbers[row] = number;
    }
    return { numbers, opened };
  }

  #keyOf(batch: Batch): (row: number) => unknown {
    const columns = this.#by.map((column) => batch.cells(column));
    const [only] = columns;
    if (only === undefined) return () => "";
    if (columns.length === 1) return (row) => cellKey(only[row] ?? null);
    return (row) => rowKey(columns.map((cells) => cells[row] ?? null));
  }
}
