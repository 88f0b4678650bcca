/**
 * What the data formats have in common: they are made of tables, and a text is a table with the one column `text`,
 * a row a line, unless the format has a place for text. Several tables follow each other the way the format allows.
 */
import type { CtxError } from "../errors.ts";
import type { Batch, Columns } from "../table/batch.ts";
import { type LineReader, lineReader } from "../table/lines.ts";
import type { Out, Renderer } from "./format.ts";

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
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let lines: LineReader | undefined;
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
    if (part === "") return "";
    if (format.text !== undefined) return foot() + format.text(part);
    let written = "";
    if (format.aside !== undefined) format.aside(part);
    else {
      lines ??= lineReader();
      lines.push(part, (batch) => {
        written += rows(batch);
      });
    }
    return written;
  };
  const endText = (): string => {
    let written = decoder === undefined ? "" : text(decoder.decode());
    lines?.end((batch) => {
      written += rows(batch);
    });
    lines = undefined;
    return written;
  };

  return {
    push(piece, out) {
      if (typeof piece === "string") write(text(piece), out);
      else if (piece instanceof Uint8Array) {
        decoder ??= new TextDecoder();
        write(text(decoder.decode(piece, { stream: true })), out);
      } else write(endText() + rows(piece), out);
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
