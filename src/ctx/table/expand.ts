import { getChain, splitChain } from "../kit/chain.ts";
import { isMap, toCell, type Value } from "../kit/value.ts";
import { Batch, type Cell, type Cells, type Column, columnIndex, columnsOf, Lazy } from "./batch.ts";
import { Gathered } from "./gather.ts";
import type { Operator } from "./operator.ts";
import { distinct, eachTable, need } from "./step.ts";

export interface ExpandOptions {
  /** A column of maps, or of JSON text. */
  readonly column: string;
  /** Keys that lead to one value, such as `host.name`; without it every key of the maps becomes a column. */
  readonly chain?: string | undefined;
}

/** Makes columns of what is inside the maps of a column. With a chain it streams; else all keys must be seen first. */
export function expand(options: ExpandOptions): Operator {
  const { column, chain = "" } = options;
  return chain === "" ? expandAll(column) : expandOne(column, chain);
}

function expandOne(name: string, chain: string): Operator {
  const keys = splitChain(chain);
  return eachTable((columns) => {
    const index = need("expand", columns, name);
    const found = columnIndex(columns, chain);
    const place = found < 0 ? columns.length : found;
    const out = columns.toSpliced(place, 1, { name: chain, type: "any" });
    return {
      columns: out,
      push(batch, emit) {
        const inner = new Lazy((row) => getChain(readMap(batch.at(index, row)), keys) ?? null);
        emit(
          new Batch(
            out,
            batch.length,
            out.map((_, i) => (i === place ? inner : batch.column(i))),
          ),
        );
      },
    };
  });
}

function expandAll(name: string): Operator {
  return eachTable((columns) => {
    const index = need("expand", columns, name);
    const taken = new Set(columns.map((column) => column.name));
    const rows = new Gathered(columns);
    const maps: ReadonlyMap<string, Value>[] = [];
    return {
      push(batch) {
        rows.add(batch);
        const cells = batch.cells(index);
        for (let row = 0; row < batch.length; row++) maps.push(entriesOf(readMap(cells[row] ?? null)));
      },
      end(emit) {
        const inner = columnsOf(maps.map((map) => Object.fromEntries(map)));
        const named: Column[] = inner.map((found) => ({
          name: taken.has(found.name) ? `${name}.${found.name}` : found.name,
          type: found.type,
        }));
        const out = distinct("expand", [...columns, ...named]);
        emit(Batch.head(out));
        let start = 0;
        for (const batch of rows.batches) {
          const part = maps.slice(start, start + batch.length);
          start += batch.length;
          const data = inner.map((found): Cells => part.map((map) => toCell(found.type, map.get(found.name))));
          emit(new Batch(out, batch.length, [...columns.map((_, i) => batch.column(i)), ...data]));
        }
      },
    };
  });
}

/** Reads JSON text; text that is none has no parts. */
function readMap(cell: Cell): Value {
  if (typeof cell !== "string") return cell;
  if (!/^\s*[[{]/.test(cell)) return null;
  try {
    return JSON.parse(cell) as Value;
  } catch {
    return null;
  }
}

/** Gives the parts of a map, or of a list under their index. */
function entriesOf(value: Value): ReadonlyMap<string, Value> {
  if (Array.isArray(value)) return new Map(value.map((item: Value, i) => [String(i), item]));
  return new Map(isMap(value) ? Object.entries(value) : []);
}
