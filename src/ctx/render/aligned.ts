/**
 * Tables as people read them: a header, two blanks between columns, numbers at the right edge, no lines, no blanks at
 * a line's end. The first rows are held until their widths are known (1,024 rows, `flush`, or the end); later rows
 * keep to these widths, and a wider cell pushes its neighbours aside for one line.
 *
 * With a width (a terminal) no line is longer than it: texts are cut with `…`, and columns that have no room are named
 * below the table. Without one nothing is cut. Cells are made harmless: a file's name cannot move the cursor.
 */
import { cut, isPlain, visible, widthOf } from "../kit/width.ts";
import { type Batch, batchSize, type Column, type Columns } from "../table/batch.ts";
import { type CellWriter, isNumeric, printerOf } from "./cells.ts";
import { fit, gap } from "./fit.ts";
import type { Out, Renderer, RenderOptions } from "./format.ts";
import { plainStyle, type Style } from "./style.ts";

/** The texts of some rows, and their widths, an array a column. */
interface Printed {
  readonly length: number;
  readonly texts: readonly (readonly string[])[];
  readonly widths: readonly ArrayLike<number>[];
}

interface Slot {
  readonly right: boolean;
  /** First cell, and the cell after the last. */
  readonly start: number;
  readonly end: number;
  /** The cell after the last that a wider text may take without pushing later columns out of the terminal. */
  readonly limit: number;
}

/** One table on its way out. */
interface Table {
  readonly columns: Columns;
  /** False: it goes on with rows that stand in the file already. */
  readonly header: boolean;
  readonly printers: readonly CellWriter[];
  /** Widest cell of each column so far. */
  readonly widest: number[];
  held: Printed[];
  rows: number;
  /** Where columns stand; unknown while rows are held. */
  slots: readonly Slot[] | undefined;
}

/** Makes the renderer for people's eyes: text as it is, tables aligned; rows that text says already are left out. */
export function alignedRenderer(
  { width, style = plainStyle, header = true }: RenderOptions,
  endsLine: boolean,
): Renderer {
  let table: Table | undefined;
  let midLine = false;
  /** What was written last is text of ours without its line end. */
  let owesEnd = false;

  const write = (text: string, out: Out): void => {
    if (text === "") return;
    midLine = owesEnd = !text.endsWith("\n");
    out(text);
  };
  const settle = (out: Out): void => {
    if (table === undefined || table.slots !== undefined) return;
    write(drawHeld(table, width, style), out);
  };
  const close = (out: Out): void => {
    settle(out);
    if (table !== undefined) write(hiddenLine(table, width, style), out);
    table = undefined;
  };
  const open = (columns: Columns, out: Out): Table => {
    const follows = table !== undefined;
    close(out);
    if (midLine) write("\n", out);
    if (follows) write("\n", out);
    table = newTable(columns, follows || header);
    return table;
  };

  return {
    push(piece, out) {
      if (typeof piece === "string") {
        settle(out);
        write(piece, out);
      } else if (piece instanceof Uint8Array) {
        settle(out);
        if (piece.length === 0) return;
        // Bytes are a program's own: no line end is added to them, unless a table follows.
        midLine = piece[piece.length - 1] !== 0x0a;
        owesEnd = false;
        out(piece);
      } else if (!piece.isAside) {
        const into = table?.columns === piece.columns ? table : open(piece.columns, out);
        if (piece.length === 0) return;
        const printed = print(into, piece);
        into.rows += piece.length;
        if (into.slots !== undefined) {
          if (midLine) write("\n", out);
          write(drawRows(printed, into.slots, width), out);
          return;
        }
        into.held.push(printed);
        if (into.rows >= batchSize) settle(out);
      }
    },
    flush: (out) => {
      // A header alone would have to stand before its columns are known.
      if (table !== undefined && table.rows > 0) settle(out);
    },
    end(out, error) {
      // A header with nothing below it would look like an answer.
      if (error !== undefined && table?.rows === 0 && table.slots === undefined) table = undefined;
      close(out);
      if (owesEnd && endsLine) write("\n", out);
    },
  };
}

function newTable(columns: Columns, header: boolean): Table {
  const printers = columns.map(({ type }) => printerOf(type));
  const widest = columns.map(({ name }) => widthOf(visible(name)));
  return { columns, header, printers, widest, held: [], rows: 0, slots: undefined };
}

function print({ printers, widest }: Table, batch: Batch): Printed {
  const texts: string[][] = [];
  const widths: Uint32Array[] = [];
  for (let c = 0; c < printers.length; c++) {
    const printer = printers[c] as CellWriter;
    const cells = batch.cells(c);
    const text = new Array<string>(batch.length);
    const width = new Uint32Array(batch.length);
    let most = widest[c] as number;
    for (let row = 0; row < batch.length; row++) {
      const printed = printer(cells[row] ?? null);
      const harmless = isPlain(printed);
      const shown = harmless ? printed : visible(printed);
      const wide = harmless ? printed.length : widthOf(shown);
      text[row] = shown;
      width[row] = wide;
      if (wide > most) most = wide;
    }
    widest[c] = most;
    texts.push(text);
    widths.push(width);
  }
  return { length: batch.length, texts, widths };
}

/** Decides where the columns stand, and draws the header and the rows held so far. */
function drawHeld(table: Table, width: number | undefined, style: Style): string {
  const slots = place(table, width);
  table.slots = slots;
  let drawn = "";
  if (table.header && slots.length > 0) {
    const names = table.columns.slice(0, slots.length).map(({ name }) => visible(name));
    drawn = `${drawLine(names, names.map(widthOf), slots, width, style.header)}\n`;
  }
  for (const printed of table.held) drawn += drawRows(printed, slots, width);
  table.held = [];
  return drawn;
}

function place({ columns, widest }: Table, width: number | undefined): Slot[] {
  const wishes = columns.map(({ type }, c) => ({ width: widest[c] as number, shrinks: isCuttable(type) }));
  const widths = width === undefined ? widest : fit(wishes, width);
  const total = widths.reduce((sum, own) => sum + own + gap, -gap);
  const spare = width === undefined ? Number.POSITIVE_INFINITY : Math.max(0, width - total);
  let start = 0;
  return widths.map((own, c) => {
    const slot = { right: isNumeric((columns[c] as Column).type), start, end: start + own, limit: start + own + spare };
    start += own + gap;
    return slot;
  });
}

/** Numbers and times that lack their end are worse than no number: they keep their width as long as anything fits. */
function isCuttable(type: Column["type"]): boolean {
  return type === "text" || type === "any" || type === "list" || type === "map";
}

function drawRows({ length, texts, widths }: Printed, slots: readonly Slot[], width: number | undefined): string {
  const lines = new Array<string>(length);
  const text = new Array<string>(slots.length);
  const wide = new Array<number>(slots.length);
  for (let row = 0; row < length; row++) {
    for (let c = 0; c < slots.length; c++) {
      text[c] = (texts[c] as readonly string[])[row] as string;
      wide[c] = (widths[c] as ArrayLike<number>)[row] as number;
    }
    lines[row] = drawLine(text, wide, slots, width);
  }
  return length === 0 ? "" : `${lines.join("\n")}\n`;
}

function drawLine(
  texts: readonly string[],
  widths: readonly number[],
  slots: readonly Slot[],
  width: number | undefined,
  paint?: (text: string) => string,
): string {
  let line = "";
  let at = 0; // the cell after the last one drawn
  for (let c = 0; c < slots.length; c++) {
    let wide = widths[c] as number;
    if (wide === 0) continue;
    let text = texts[c] as string;
    const slot = slots[c] as Slot;
    const nearest = at === 0 ? 0 : at + gap;
    const wanted = slot.right ? slot.end - wide : slot.start;
    let from = wanted > nearest ? wanted : nearest;
    if (width !== undefined && from + wide > slot.limit) {
      from = slot.start > nearest ? slot.start : nearest;
      text = cut(text, slot.limit - from);
      wide = widthOf(text);
      if (slot.right && slot.end - wide > from) from = slot.end - wide;
    }
    if (text === "") continue;
    line += blanks(from - at) + (paint === undefined ? text : paint(text));
    at = from + wide;
  }
  // The last cell's own blanks are no better than ours.
  return line.endsWith(" ") ? line.trimEnd() : line;
}

const pads = Array.from({ length: 128 }, (_, i) => " ".repeat(i));

function blanks(count: number): string {
  return pads[count] ?? " ".repeat(Math.max(0, count));
}

function hiddenLine({ columns, slots }: Table, width: number | undefined, style: Style): string {
  if (width === undefined || slots === undefined || slots.length === columns.length) return "";
  const hidden = columns.slice(slots.length).map(({ name }) => visible(name));
  const count = hidden.length === 1 ? "1 column" : `${hidden.length} columns`;
  const words = `${count} hidden: ${hidden.join(", ")}; % select to choose, or --json`.split(/ +/);
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(cut(word, width));
  }
  return lines.map((line) => `${style.dim(line)}\n`).join("");
}
