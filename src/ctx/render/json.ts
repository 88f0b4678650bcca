/**
 * JSON: the rows as an array, the whole message, or a row a line (NDJSON). Rows stream; each stands in a line of its own.
 *
 * The whole message is `{"v":1,"detail","option","columns","append","result","error"}`. `append` holds the rows of the
 * first table; further tables, which few commands have, stand in `more` as `{columns, append}` before `result`.
 * A failed array stays open, so that nobody takes it for whole; a failed NDJSON stream ends with `{"error": …}`.
 */
import { toJson, type Value } from "../kit/value.ts";
import type { Batch, Cells, Columns } from "../table/batch.ts";
import { type CellWriter, harmlessJson, jsonWriterOf } from "./cells.ts";
import type { MessageHead } from "./format.ts";
import type { TableFormat } from "./rows.ts";

/** Writes all rows of a batch as JSON objects with something between them. */
type RowsWriter = (batch: Batch, between: string) => string;

function rowsWriterOf(columns: Columns): RowsWriter {
  const keys = columns.map(({ name }, c) => `${c === 0 ? "" : ","}${JSON.stringify(name)}:`);
  const writers = columns.map(({ type }) => jsonWriterOf(type));
  return (batch, between) => {
    const cells = keys.map((_, c) => batch.cells(c));
    const objects = new Array<string>(batch.length);
    for (let row = 0; row < batch.length; row++) {
      let object = "{";
      for (let c = 0; c < keys.length; c++) {
        object += keys[c] + (writers[c] as CellWriter)((cells[c] as Cells)[row] ?? null);
      }
      objects[row] = `${object}}`;
    }
    return harmlessJson(objects.join(between));
  };
}

/** The rows of all tables as one array. */
export function jsonArray(): TableFormat {
  let writeRows: RowsWriter = () => "";
  let before = "[\n";
  return {
    head(columns) {
      writeRows = rowsWriterOf(columns);
      return "";
    },
    rows(batch) {
      const written = before + writeRows(batch, ",\n");
      before = ",\n";
      return written;
    },
    end(_tables, error) {
      if (error !== undefined) return "";
      return before === "[\n" ? "[]\n" : "\n]\n";
    },
  };
}

/** A row a line. */
export function ndjson(): TableFormat {
  let writeRows: RowsWriter = () => "";
  return {
    head(columns) {
      writeRows = rowsWriterOf(columns);
      return "";
    },
    rows: (batch) => `${writeRows(batch, "\n")}\n`,
    end: (_tables, error) => (error === undefined ? "" : `${stringify({ error })}\n`),
  };
}

/** The whole message. What makes JSON harmless goes over each chunk once: this is the hot part of small answers. */
export function jsonMessage({ detail, option }: MessageHead): TableFormat {
  let writeRows: RowsWriter = () => "";
  let before = "";
  let result = "";
  const words = detail.map((word) => JSON.stringify(word)).join(",");
  const begin = `{"v":1,"detail":[${words}],"option":${optionJson(option)}`;
  const opening = (columns: string): string => `"columns":${columns},\n"append":[`;
  return {
    head(columns, index) {
      writeRows = rowsWriterOf(columns);
      before = "\n";
      const types = JSON.stringify(columns.map(nameAndType));
      if (index === 0) return harmlessJson(`${begin},\n${opening(types)}`);
      return harmlessJson(`${index === 1 ? ',\n"more":[' : "},"}\n{${opening(types)}`);
    },
    rows(batch) {
      const written = before + writeRows(batch, ",\n");
      before = ",\n";
      return written;
    },
    foot: () => (before === "\n" ? "]" : "\n]"),
    aside(text) {
      result += text;
    },
    end(tables, error) {
      const open = tables === 0 ? `${begin},\n${opening("[]")}]` : tables > 1 ? "}\n]" : "";
      const failed = error === undefined ? "null" : JSON.stringify(error);
      return harmlessJson(`${open},\n"result":${JSON.stringify(result)},"error":${failed}}\n`);
    },
  };
}

function optionJson(option: MessageHead["option"]): string {
  for (const _ in option) return JSON.stringify(toJson("map", option as Value));
  return "{}";
}

const nameAndType = ({ name, type }: Columns[number]): object => ({ name, type });

function stringify(value: unknown): string {
  return harmlessJson(JSON.stringify(value));
}
