import { Groups } from "./groups.ts";
import type { Operator } from "./operator.ts";
import { eachTable, need } from "./step.ts";

/** Keeps the first of the rows that are equal in the named columns, or in all. */
export function uniq(options: { readonly columns: readonly string[] }): Operator {
  return eachTable((columns) => {
    const named = options.columns.map((name) => need("uniq", columns, name));
    const groups = new Groups(named.length === 0 ? [...columns.keys()] : named);
    return {
      columns,
      push(batch, emit) {
        const { opened } = groups.of(batch);
        if (opened.length > 0) emit(batch.pick(opened));
      },
    };
  });
}
