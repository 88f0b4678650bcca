import { isMap } from "../kit/chain.ts";
import { typeOf, type Value } from "../kit/value.ts";
import { Batch, type Column } from "../table/batch.ts";

const key: Column = { name: "key", type: "text" };
const index: Column = { name: "index", type: "integer" };

/** The column type that fits all values of a list; mixed ones tell their own. */
function column(values: readonly Value[]): Column {
  const types = new Set(values.filter((value) => value !== null).map(typeOf));
  const [only] = types;
  return { name: "value", type: types.size === 1 && only !== undefined ? only : types.size === 0 ? "text" : "any" };
}

/** Shows a setting as the seed does: a map as key and value sorted by key, a list as index and value, anything else as text. */
export function shape(value: Value): Batch | undefined {
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    return new Batch([index, column(items)], items.length, [items.map((_, i) => i), items]);
  }
  if (!isMap(value)) return undefined;
  const keys = Object.keys(value).sort();
  const values = keys.map((name) => value[name] ?? null);
  return new Batch([key, column(values)], keys.length, [keys, values]);
}
