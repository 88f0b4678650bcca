import { Batch, batchSize, type Cells, type Column, type Columns } from "./batch.ts";
import { Gathered } from "./gather.ts";
import { Groups } from "./groups.ts";
import type { Operator } from "./operator.ts";
import { columnAt, distinct, eachTable, need } from "./step.ts";
import { type Aggregate, type AggregateKind, counts, extremes, sums } from "./sums.ts";

/** One column worked out a group: `{ kind: "sum", column: "size" }` becomes `sum_size`; `count` needs no column. */
export interface Wanted {
  readonly kind: AggregateKind;
  readonly column?: string | undefined;
}

export interface GroupOptions {
  /** The columns whose values make a group; none at all makes one group of all rows. */
  readonly by: readonly string[];
  /** Without any, the seed's way: integers are summed, other columns keep the first value, `count` is added. */
  readonly aggregates?: readonly Wanted[] | undefined;
  /** In the seed's way: the columns to keep, with `count`, instead of all. */
  readonly keep?: readonly string[] | undefined;
}

/** Puts rows together that are equal in some columns; groups stand in the order of their first row. */
export function group(options: GroupOptions): Operator {
  return eachTable((columns) => {
    const by = options.by.map((name) => need("group", columns, name));
    const plan =
      (options.aggregates?.length ?? 0) > 0
        ? aggregated(columns, by, options.aggregates ?? [])
        : seedsWay(columns, by, options.keep);
    const groups = new Groups(by);
    const firsts = new Gathered(columns);
    return {
      columns: plan.columns,
      push(batch) {
        const { numbers, opened } = groups.of(batch);
        if (opened.length > 0) firsts.add(batch.pick(opened));
        for (const source of plan.sources) if (typeof source !== "number") source.add(batch, numbers);
      },
      end(emit) {
        const worked = plan.sources.map((source) =>
          typeof source === "number" ? source : source.cells(firsts.length),
        );
        for (let start = 0; start < firsts.length; start += batchSize) {
          const length = Math.min(batchSize, firsts.length - start);
          const first = firsts.pick(Array.from({ length }, (_, i) => start + i));
          const data = worked.map((source) =>
            typeof source === "number" ? first.column(source) : part(source, start, length),
          );
          emit(new Batch(plan.columns, length, data));
        }
      },
    };
  });
}

function part(cells: Cells, start: number, length: number): Cells {
  return Array.from({ length }, (_, i) => cells[start + i] ?? null);
}

/** Which columns come out; a number is the column whose first value of the group stays. */
interface Plan {
  readonly columns: Columns;
  readonly sources: readonly (number | Aggregate)[];
}

function seedsWay(columns: Columns, by: readonly number[], keep: readonly string[] | undefined): Plan {
  const kept =
    keep === undefined || keep.length === 0 ? [...columns.keys()] : keep.map((name) => need("group", columns, name));
  // Grouping a grouped table again: its old `count` gives way to the new one.
  const shown = kept.filter((index) => by.includes(index) || columnAt(columns, index).name !== "count");
  const sources = shown.map((index) => {
    const column = columnAt(columns, index);
    const summed = !by.includes(index) && (column.type === "integer" || column.type === "size");
    return summed ? sums("group", "sum", column, index) : index;
  });
  const out = [...shown.map((index) => columnAt(columns, index)), { name: "count", type: "integer" } as const];
  return { columns: distinct("group", out), sources: [...sources, counts()] };
}

function aggregated(columns: Columns, by: readonly number[], wanted: readonly Wanted[]): Plan {
  const out: Column[] = by.map((index) => columnAt(columns, index));
  const sources: (number | Aggregate)[] = [...by];
  for (const want of wanted) {
    const aggregate = aggregateOf("group", columns, want);
    out.push({ name: nameOf(want), type: aggregate.type });
    sources.push(aggregate);
  }
  return { columns: distinct("group", out), sources };
}

/** Names the column of an aggregate: `sum_size`, `count`. */
export function nameOf({ kind, column }: Wanted): string {
  return column === undefined ? kind : `${kind}_${column}`;
}

/** Makes what works an aggregate out. */
export function aggregateOf(command: string, columns: Columns, { kind, column }: Wanted): Aggregate {
  if (kind === "count" || column === undefined) return counts();
  const index = need(command, columns, column);
  const found = columnAt(columns, index);
  return kind === "min" || kind === "max" ? extremes(kind, found, index) : sums(command, kind, found, index);
}
