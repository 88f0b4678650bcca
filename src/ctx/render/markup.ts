import { visible } from "../kit/width.ts";
import type { Batch, Columns } from "../table/batch.ts";
import { type CellWriter, isNumeric, printerOf } from "./cells.ts";
import type { RenderOptions } from "./format.ts";
import type { TableFormat } from "./rows.ts";

/** Markdown: pipe tables with an empty line around them, text as it is. */
export function markdown({ header }: RenderOptions): TableFormat {
  let printers: readonly CellWriter[] = [];
  /** What must come before a table, to keep an empty line above it. */
  let beforeTable = "";
  let afterTable = false;
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return {
    head(columns: Columns, index) {
      printers = columns.map(({ type }) => printerOf(type));
      const rule = columns.map(({ type }) => (isNumeric(type) ? "---:" : "---"));
      const written = beforeTable + line(columns.map(({ name }) => markdownCell(name))) + line(rule);
      beforeTable = "\n";
      afterTable = true;
      return index === 0 && header === false ? "" : written;
    },
    rows: (batch) => rowTexts(batch, printers, markdownCell).map(line).join(""),
    text(text) {
      const written = `${afterTable ? "\n" : ""}${text}`;
      beforeTable = text.endsWith("\n") ? "\n" : "\n\n";
      afterTable = false;
      return written;
    },
  };
}

/** HTML: one `table` with `thead` and `tbody`; text stands in `pre`. Everything is escaped. */
export function html(): TableFormat {
  let printers: readonly CellWriter[] = [];
  let classes: readonly string[] = [];
  let inText = false;
  const endText = (): string => {
    const written = inText ? "</pre>\n" : "";
    inText = false;
    return written;
  };
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell, c) => `<${tag}${classes[c]}>${cell}</${tag}>`).join("")}</tr>`;
  return {
    head(columns: Columns) {
      printers = columns.map(({ type }) => printerOf(type));
      classes = columns.map(({ type }) => (isNumeric(type) ? ' class="number"' : ""));
      const names = columns.map(({ name }) => htmlText(name));
      return `${endText()}<table>\n<thead>${line("th", names)}</thead>\n<tbody>\n`;
    },
    rows: (batch) =>
      rowTexts(batch, printers, htmlText)
        .map((cells) => `${line("td", cells)}\n`)
        .join(""),
    foot: () => "</tbody>\n</table>\n",
    text(text) {
      const written = `${inText ? "" : "<pre>"}${htmlText(text)}`;
      inText = true;
      return written;
    },
    end: endText,
  };
}

function rowTexts(batch: Batch, printers: readonly CellWriter[], escaped: (text: string) => string): string[][] {
  const rows: string[][] = Array.from({ length: batch.length }, () => new Array<string>(printers.length));
  for (let c = 0; c < printers.length; c++) {
    const cells = batch.cells(c);
    for (let row = 0; row < rows.length; row++) {
      (rows[row] as string[])[c] = escaped((printers[c] as CellWriter)(cells[row] ?? null));
    }
  }
  return rows;
}

/** What Markdown would take for itself; an underscore inside a word is none. */
const marks = /[\\`*[\]|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** Texts that stand for themselves: most cells, and worth a short cut. */
const plainMarkdown = /^[ -%'-)+-;=?-Z^a-{}]*$/;
const plainHtml = /^[ -%'-;=?-~]*$/;

function markdownCell(text: string): string {
  if (plainMarkdown.test(text)) return text;
  return text
    .split(/\r?\n/)
    .map((line) => htmlText(visible(line)).replace(marks, "\\$&"))
    .join("<br>");
}

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

/** Makes a text safe between HTML tags; control characters other than tabs and line ends are shown, for HTML has none. */
function htmlText(text: string): string {
  if (plainHtml.test(text)) return text;
  return text
    .split(/([\n\t])/)
    .map((part) =>
      part === "\n" || part === "\t" ? part : visible(part).replace(/[&<>]/g, (mark) => entities.get(mark) ?? mark),
    )
    .join("");
}
