import { Batch } from "./batch.ts";
import { aggregateOf, nameOf, type Wanted } from "./group.ts";
import type { Operator } from "./operator.ts";
import { eachTable } from "./step.ts";

/** Works one number out of the whole table: one row with one column, such as `sum_size` or `count`. */
export function number(wanted: Wanted): Operator {
  return eachTable((columns) => {
    const aggregate = aggregateOf(wanted.kind, columns, wanted);
    const out = [{ name: nameOf(wanted), type: aggregate.type }];
    return {
      columns: out,
      push: (batch) => aggregate.add(batch, new Uint32Array(batch.length)),
      end: (emit) => emit(new Batch(out, 1, [aggregate.cells(1)])),
    };
  });
}
