import { visible } from "../kit/width.ts";
import type { Batch, Columns } from "../table/batch.ts";
import { type CellWriter, printerOf } from "./cells.ts";
import type { RenderOptions } from "./format.ts";
import type { TableFormat } from "./rows.ts";

/**
 * CSV after RFC 4180, with `\n`: quotes only where they are needed. Null is an empty field, an empty text is `""`.
 * A further table follows after an empty line, with a header of its own.
 */
export function csv(options: RenderOptions): TableFormat {
  const { separator = "," } = options;
  const special = new RegExp(`["\\r\\n${separator.replace(/[\\\]^-]/, "\\$&")}]|^\\s|\\s$`);
  return delimited(
    separator,
    (text) => (text === "" || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text),
    options,
  );
}

/** Tab-separated values: tabs, line ends and backslashes in a cell are written as `\t`, `\n`, `\r`, `\\`. */
export function tsv(options: RenderOptions): TableFormat {
  return delimited("\t", (text) => (/[\t\n\r\\]/.test(text) ? text.replace(/[\t\n\r\\]/g, escaped) : text), options);
}

function escaped(character: string): string {
  return { "\t": "\\t", "\n": "\\n", "\r": "\\r" }[character] ?? "\\\\";
}

function delimited(separator: string, write: (text: string) => string, options: RenderOptions): TableFormat {
  // Data is left as it is, but in a terminal not even a name in a CSV may move the cursor.
  const quote = options.width !== undefined ? (text: string): string => write(visible(text)) : write;
  let printers: readonly CellWriter[] = [];
  return {
    head(columns: Columns, index) {
      printers = columns.map(({ type }) => printerOf(type));
      if (index === 0 && options.header === false) return "";
      const names = columns.map(({ name }) => quote(name)).join(separator);
      return `${index === 0 ? "" : "\n"}${names}\n`;
    },
    rows(batch: Batch) {
      const columns = printers.map((_, c) => batch.cells(c));
      const lines = new Array<string>(batch.length);
      for (let row = 0; row < batch.length; row++) {
        let line = "";
        for (let c = 0; c < columns.length; c++) {
          if (c > 0) line += separator;
          const cell = columns[c]?.[row] ?? null;
          if (cell !== null) line += quote((printers[c] as CellWriter)(cell));
        }
        lines[row] = line;
      }
      return `${lines.join("\n")}\n`;
    },
  };
}
