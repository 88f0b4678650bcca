/**
 * What the data formats have in common: they are made of tables, and a text is a table with the one column `text`,
 * a row a line, unless the format has a place for text. Several tables follow each other the way the format allows.
 */
import type { CtxError } from "../errors.ts";
import { Batch, batchSize, type Columns } from "../table/batch.ts";
import type { Out, Renderer } from "./format.ts";
import { decoding, type TableReader } from "./reader.ts";

/** How a format writes tables; every answer is text to be written. Made anew for each message. */
export interface TableFormat {
  /** Begins the table number `index`, counted from 0. */
  head(columns: Columns, index: number): string;
  /** Writes some rows, at least one. */
  rows(batch: Batch): string;
  /** Ends a table. */
  foot?(): string;
  /** Writes text, where the format has a place for it between tables. */
  text?(text: string): string;
  /** Takes text, where the format has a place for it beside the tables. */
  aside?(text: string): void;
  /** Ends the message, which had so many tables. */
  end?(tables: number, error: CtxError | undefined): string;
}

/** Makes a renderer of a way to write tables. */
export function rowRenderer(format: TableFormat): Renderer {
  const decoder = new TextDecoder();
  const lines = textLines();
  let columns: Columns | undefined;
  let tables = 0;

  const foot = (): string => {
    const written = columns === undefined ? "" : (format.foot?.() ?? "");
    columns = undefined;
    return written;
  };
  const rows = (batch: Batch): string => {
    let written = "";
    if (batch.columns !== columns) {
      written = foot() + format.head(batch.columns, tables);
      columns = batch.columns;
      tables++;
    }
    return batch.length === 0 ? written : written + format.rows(batch);
  };
  const text = (part: string): string => {
    if (format.aside !== undefined) {
      format.aside(part);
      return "";
    }
    if (format.text === undefined) return lines.push(part).map(rows).join("");
    return part === "" ? "" : foot() + format.text(part);
  };
  const endText = (): string => {
    const rest = decoder.decode();
    return (rest === "" ? "" : text(rest)) + lines.end().map(rows).join("");
  };

  return {
    push(piece, out) {
      if (typeof piece === "string") write(text(piece), out);
      else if (piece instanceof Uint8Array) write(text(decoder.decode(piece, { stream: true })), out);
      else write(endText() + rows(piece), out);
    },
    flush() {},
    end(out, error) {
      write(endText() + foot() + (format.end?.(tables, error) ?? ""), out);
    },
  };
}

function write(written: string, out: Out): void {
  if (written !== "") out(written);
}

const textColumns: Columns = [{ name: "text", type: "text" }];

/** Makes a reader of plain text: the column `text`, a row a line. */
export function textLines(): TableReader {
  let open = "";
  const batch = (lines: readonly string[]): Batch =>
    new Batch(textColumns, lines.length, [lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line))]);
  const push = (part: string): Batch[] => {
    const lines = (open + part).split("\n");
    open = lines.pop() ?? "";
    const batches: Batch[] = [];
    for (let at = 0; at < lines.length; at += batchSize) batches.push(batch(lines.slice(at, at + batchSize)));
    return batches;
  };
  const end = (): Batch[] => {
    const last = open;
    open = "";
    return last === "" ? [] : [batch([last])];
  };
  return decoding(push, end);
}
