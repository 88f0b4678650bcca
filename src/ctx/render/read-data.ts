/** JSON, NDJSON and YAML as tables. */
import { parseJson } from "../kit/json.ts";
import { parseTime } from "../kit/time.ts";
import { type Cell, isMap, isType, type Type, type Value } from "../kit/value.ts";
import { type Batch, BatchBuilder, batchesOf, batchSize, type Columns, columnsOf, type Row } from "../table/batch.ts";
import { decoding, type TableReader } from "./reader.ts";

/**
 * Makes a reader of a text that is one JSON or YAML value: a list of maps is rows, any other list is the column
 * `value`, a map is one row, and the JSON form of a message is its table, with its types.
 */
export function valueReader(name: string, parse: (text: string, name: string) => Value): TableReader {
  const parts: string[] = [];
  const push = (part: string): Batch[] => {
    parts.push(part);
    return [];
  };
  return decoding(push, () => tablesOf(parse(parts.join(""), name)));
}

function tablesOf(value: Value): Batch[] {
  return isMessage(value) ? messageTables(value) : batchesOf(rowsOf(value));
}

function rowsOf(value: Value): Row[] {
  const items: readonly Value[] = Array.isArray(value) ? value : [value];
  return items.every(isMap) ? items.slice() : items.map((item) => ({ value: item }));
}

type JsonMap = { readonly [key: string]: Value };

function isMessage(value: Value): value is JsonMap {
  if (!isMap(value)) return false;
  const { v, columns, append } = value;
  return v === 1 && Array.isArray(columns) && Array.isArray(append);
}

/** Reads the tables of a message: `append` and those in `more`. */
function messageTables(message: JsonMap): Batch[] {
  const { more } = message;
  const tables = [message, ...(Array.isArray(more) ? more.filter(isMap) : [])];
  return tables.flatMap(({ columns, append }) => {
    const named = (Array.isArray(columns) ? columns.filter(isMap) : []).map(({ name, type }): Columns[number] => ({
      name: typeof name === "string" ? name : "",
      type: isType(type) ? type : "any",
    }));
    return named.length === 0 ? [] : typedBatches(Array.isArray(append) ? append.filter(isMap) : [], named);
  });
}

function typedBatches(rows: readonly JsonMap[], columns: Columns): Batch[] {
  const builder = new BatchBuilder(columns);
  const batches: Batch[] = [];
  for (const row of rows) {
    builder.pushCells(
      columns.map(({ name, type }) => (Object.hasOwn(row, name) ? cellOf(type, row[name] ?? null) : null)),
    );
    if (builder.full) batches.push(builder.take());
  }
  if (builder.length > 0 || batches.length === 0) batches.push(builder.take());
  return batches;
}

/** Takes a cell back from JSON: durations and sizes are numbers there as here, times are ISO texts. */
function cellOf(type: Type, value: Value): Cell {
  return type === "time" && typeof value === "string" ? (parseTime(value) ?? value) : value;
}

/**
 * Makes a reader of NDJSON. The first 1,024 rows name the columns; a later row with a name they lack begins a new,
 * wider table.
 */
export function ndjsonReader(name: string): TableReader {
  let open = "";
  let line = 0;
  let rows: Row[] = [];
  let columns: Columns | undefined;
  let names = new Set<string>();

  const batch = (): Batch[] => {
    const taken = rows;
    rows = [];
    if (taken.length === 0) return [];
    const isNew = taken.some((row) => Object.keys(row).some((key) => !names.has(key)));
    if (columns === undefined || isNew) {
      const known = columns ?? [];
      columns = [...known, ...columnsOf(taken).filter((column) => !names.has(column.name))];
      names = new Set(columns.map((column) => column.name));
    }
    return batchesOf(taken, columns);
  };
  const take = (text: string): Batch[] => {
    line++;
    if (text.trim() === "") return [];
    rows.push(...rowsOf(parseJson(text, name, line)));
    return rows.length >= batchSize ? batch() : [];
  };

  const push = (part: string): Batch[] => {
    const lines = (open + part).split("\n");
    open = lines.pop() ?? "";
    const full = lines.flatMap(take);
    return columns === undefined ? full : [...full, ...batch()];
  };
  return decoding(push, () => [...take(open), ...batch()]);
}
