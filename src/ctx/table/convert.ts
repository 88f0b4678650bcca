/** From tables to text and back, as operators. */
import { type Format, type ReadableFormat, reader, renderer } from "../render/index.ts";
import type { Operator } from "./operator.ts";
import { columnAt, eachTable, need } from "./step.ts";

/** The formats that `to` writes. */
export const writable = [
  "json",
  "ndjson",
  "csv",
  "tsv",
  "yaml",
  "md",
  "html",
  "text",
] as const satisfies readonly Format[];

/** Writes tables as text of a format. */
export function toText(format: (typeof writable)[number]): Operator {
  const rendering = renderer(format);
  return {
    done: false,
    push: (batch, emit) => rendering.push(batch, emit),
    end: (emit) => rendering.end(emit),
  };
}

/** Reads the lines of the column `text`, or of the only column, as text of a format. */
export function fromText(format: ReadableFormat): Operator {
  return eachTable((columns) => {
    const index = columns.length === 1 ? 0 : need("from", columns, "text");
    const { name } = columnAt(columns, index);
    const reading = reader(format, name);
    return {
      push(batch, emit) {
        const lines = batch.cells(index);
        let text = "";
        for (let row = 0; row < batch.length; row++) text += `${String(lines[row] ?? "")}\n`;
        for (const read of reading.push(text)) emit(read);
      },
      end(emit) {
        for (const read of reading.end()) emit(read);
      },
    };
  });
}
