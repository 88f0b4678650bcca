/** Operators that choose rows by their place: from the front, from the back, by chance, and their order turned round. */
import { Batch } from "./batch.ts";
import { Gathered } from "./gather.ts";
import type { Operator } from "./operator.ts";
import { distinct, eachTable, wholeNumber } from "./step.ts";

/** Keeps the first rows and stops the source once it has them. */
export function limit(options: { readonly rows: number }): Operator {
  const most = wholeNumber("limit", options.rows);
  return eachTable((columns) => {
    let left = most;
    return {
      columns,
      push(batch, emit) {
        emit(batch.slice(0, left));
        left -= Math.min(left, batch.length);
      },
      get done() {
        return left === 0;
      },
    };
  });
}

/** Drops the first rows. */
export function offset(options: { readonly rows: number }): Operator {
  const skipped = wholeNumber("offset", options.rows);
  return eachTable((columns) => {
    let left = skipped;
    return {
      columns,
      push(batch, emit) {
        if (left < batch.length) emit(batch.slice(left, batch.length));
        left -= Math.min(left, batch.length);
      },
    };
  });
}

/** Keeps the last rows; only as many batches are held as they need. */
export function last(options: { readonly rows: number }): Operator {
  const most = wholeNumber("last", options.rows);
  return eachTable((columns) => {
    const held: Batch[] = [];
    let length = 0;
    return {
      columns,
      push(batch) {
        held.push(batch);
        length += batch.length;
        for (let first = held[0]; first !== undefined && length - first.length >= most; first = held[0]) {
          held.shift();
          length -= first.length;
        }
      },
      end(emit) {
        for (const batch of held) {
          const surplus = Math.max(0, length - most);
          length -= batch.length;
          emit(batch.slice(surplus, batch.length));
        }
      },
    };
  });
}

/** Keeps rows chosen by chance, each with the same chance, in the order they came. `random` gives numbers from 0 to below 1. */
export function sample(options: { readonly rows: number; readonly random: () => number }): Operator {
  const most = wholeNumber("sample", options.rows);
  return eachTable((columns) => {
    const chosen: { readonly seen: number; readonly row: Batch }[] = [];
    let seen = 0;
    return {
      columns,
      push(batch) {
        for (let row = 0; row < batch.length; row++, seen++) {
          const place = seen < most ? seen : Math.floor(options.random() * (seen + 1));
          if (place < most) chosen[place] = { seen, row: batch.pick([row]) };
        }
      },
      end(emit) {
        const rows = new Gathered(columns);
        for (const { row } of chosen.sort((a, b) => a.seen - b.seen)) rows.add(row);
        rows.emit(
          Uint32Array.from({ length: rows.length }, (_, i) => i),
          emit,
        );
      },
    };
  });
}

/** Turns the order of the rows round. */
export function reverse(): Operator {
  return eachTable((columns) => {
    const rows = new Gathered(columns);
    return {
      columns,
      push: (batch) => rows.add(batch),
      end(emit) {
        const last = rows.length - 1;
        rows.emit(
          Uint32Array.from({ length: rows.length }, (_, i) => last - i),
          emit,
        );
      },
    };
  });
}

/** Adds the column `index` in front, counting from 0. */
export function enumerate(): Operator {
  return eachTable((columns) => {
    const numbered = distinct("enumerate", [{ name: "index", type: "integer" }, ...columns]);
    let next = 0;
    return {
      columns: numbered,
      push(batch, emit) {
        const from = next;
        next += batch.length;
        const index = Array.from({ length: batch.length }, (_, row) => from + row);
        emit(new Batch(numbered, batch.length, [index, ...columns.map((_, column) => batch.column(column))]));
      },
    };
  });
}
