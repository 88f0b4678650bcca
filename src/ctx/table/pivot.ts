import { printCell } from "../kit/value.ts";
import { Batch, batchSize, type Column } from "./batch.ts";
import { Gathered } from "./gather.ts";
import { Groups } from "./groups.ts";
import type { Operator } from "./operator.ts";
import { columnAt, distinct, eachTable, need, wrong } from "./step.ts";
import { firstValues, sums } from "./sums.ts";

export interface PivotOptions {
  /** The column whose values become columns. */
  readonly column: string;
  /** The column whose values stand in them; numbers that meet in one place are summed, of other values the first stays. */
  readonly value: string;
}

/** Most columns a pivot may make. */
const widest = 10_000;

/** Makes a column of every value of a column; the columns that are left make the rows. */
export function pivot(options: PivotOptions): Operator {
  return eachTable((columns) => {
    const head = need("pivot", columns, options.column);
    const value = need("pivot", columns, options.value);
    const sides = [...columns.keys()].filter((column) => column !== head && column !== value);
    const rowGroups = new Groups(sides);
    const headGroups = new Groups([head]);
    const rows = new Gathered(columns);
    const names = new Gathered(columns);
    const seen: { readonly batch: Batch; readonly row: Uint32Array; readonly head: Uint32Array }[] = [];
    return {
      push(batch) {
        const row = rowGroups.of(batch);
        const heads = headGroups.of(batch);
        rows.add(batch.pick(row.opened));
        names.add(batch.pick(heads.opened));
        if (names.length > widest) throw wrong("pivot", `at most ${widest} values can become columns`);
        seen.push({ batch, row: row.numbers, head: heads.numbers });
      },
      end(emit) {
        const valueColumn = columnAt(columns, value);
        const worked = addsUp(valueColumn) ? sums("pivot", "sum", valueColumn, value) : firstValues(valueColumn, value);
        const places = new Map<number, number>();
        for (const { batch, row, head } of seen) {
          const numbers = row.map((group, i) => {
            const place = group * names.length + (head[i] ?? 0);
            const number = places.get(place) ?? places.size;
            places.set(place, number);
            return number;
          });
          worked.add(batch, numbers);
        }
        const cells = worked.cells(places.size);
        const made: Column[] = [];
        names.eachCell(head, (cell) =>
          made.push({ name: printCell(columnAt(columns, head).type, cell), type: worked.type }),
        );
        const out = distinct("pivot", [...sides.map((side) => columnAt(columns, side)), ...made]);
        emit(Batch.head(out));
        for (let start = 0; start < rows.length; start += batchSize) {
          const length = Math.min(batchSize, rows.length - start);
          const part = rows.pick(Array.from({ length }, (_, i) => start + i));
          const values = made.map((_, h) =>
            Array.from({ length }, (_, i) => cells[places.get((start + i) * made.length + h) ?? -1] ?? null),
          );
          emit(new Batch(out, length, [...sides.map((side) => part.column(side)), ...values]));
        }
      },
    };
  });
}

function addsUp({ type }: Column): boolean {
  return type === "integer" || type === "size" || type === "float" || type === "duration";
}
