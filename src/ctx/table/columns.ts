import type { Columns } from "./batch.ts";
import type { Operator } from "./operator.ts";
import { columnAt, distinct, eachTable, need, type Step, wrong } from "./step.ts";

export interface SelectOptions {
  readonly columns: readonly string[];
  /** Columns to keep where the table has them; unlike the others they may be missing. */
  readonly optional?: readonly string[] | undefined;
}

/** Keeps the named columns, in that order; with none named, all. */
export function select(options: SelectOptions): Operator {
  return eachTable((columns) => {
    const optional = options.optional?.filter((name) => columns.some((column) => column.name === name)) ?? [];
    const names = [...new Set([...options.columns, ...optional])];
    if (names.length === 0) return project(columns, [...columns.keys()]);
    const from = names.map((name) => need("select", columns, name));
    return project(pick(columns, from), from);
  });
}

/** Drops the named columns. */
export function hide(options: { readonly columns: readonly string[] }): Operator {
  return eachTable((columns) => {
    const hidden = new Set(options.columns.map((name) => need("hide", columns, name)));
    const from = [...columns.keys()].filter((column) => !hidden.has(column));
    return project(pick(columns, from), from);
  });
}

/** Renames columns, all at once: two may swap their names. */
export function rename(options: { readonly pairs: readonly (readonly [from: string, to: string])[] }): Operator {
  return eachTable((columns) => {
    const names = columns.map((column) => column.name);
    for (const [from, to] of options.pairs) {
      if (to === "") throw wrong("rename", `column "${from}" must get a name`);
      names[need("rename", columns, from)] = to;
    }
    const renamed = columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
    return project(distinct("rename", renamed), [...columns.keys()]);
  });
}

function pick(columns: Columns, from: readonly number[]): Columns {
  return from.map((column) => columnAt(columns, column));
}

function project(columns: Columns, from: readonly number[]): Step {
  return { columns, push: (batch, emit) => emit(batch.project(columns, from)) };
}
