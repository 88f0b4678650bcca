/**
 * A table of any length: only the rows that can be seen are elements of the page. Rows may be added while it is shown;
 * call `grow()` then.
 */
import { CtxElement } from "./ctx-element.js";
import { printDuration, printerOf } from "./vendor/ctx.js";
import { html, nothing } from "./vendor/lit.js";

/** @typedef {import("./wire.js").Column} Column */
/** @typedef {import("./wire.js").Cell} Cell */
/** @typedef {import("./run.js").Table} Table */
/** @typedef {{ readonly column: Column, readonly print: (cell: Cell) => string, readonly full: (cell: Cell) => string, width: number }} Show */

/** Rows above and below what is seen, so that scrolling shows no gaps. */
const spare = 12;
/** Columns are at most so wide, in characters; the rest of a cell is shown when one points at it. */
const widest = 64;
const narrowest = 3;
/** So many rows of a batch are measured. */
const measured = 100;

export class CtxTable extends CtxElement {
  static properties = { table: { attribute: false }, label: {}, from: { state: true } };

  constructor() {
    super();
    /** @type {Table | undefined} */
    this.table = undefined;
    this.label = "Rows";
    /** The first row that is an element. */
    this.from = 0;
  }
  /** How many rows are elements. */
  #shown = 60;
  /** @type {Show[]} */
  #columns = [];
  /** Where each batch begins. @type {number[]} */
  #starts = [];
  #rowHeight = 26;

  /** Shows the rows that have come. */
  grow() {
    this.requestUpdate();
  }

  /** Gives all rows as text with tabs between, as spreadsheets take it. */
  toTsv() {
    const lines = [this.#columns.map(({ column }) => column.name)];
    for (const { length, cells } of this.table?.batches ?? []) {
      for (let row = 0; row < length; row++) {
        lines.push(this.#columns.map(({ full }, c) => full(cells[c]?.[row] ?? null).replace(/[\t\r\n]+/g, " ")));
      }
    }
    return `${lines.map((line) => line.join("\t")).join("\n")}\n`;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("table")) {
      this.#columns = (this.table?.columns ?? []).map(showOf);
      this.#starts = [];
      this.from = 0;
    }
    this.#measure();
  }

  updated() {
    // Styles are set here: a page with a strict policy takes none that stand in its text.
    const widths = this.#columns.map(({ width }) => `${width}ch + 1.5rem`);
    // The last column takes what is left.
    for (const [c, col] of [...this.querySelectorAll("col")].slice(0, -1).entries())
      col.style.width = `calc(${widths[c]})`;
    const whole = this.querySelector("table");
    if (whole !== null) whole.style.width = `max(100%, ${widths.join(" + ")})`;
    const [before, after] = this.querySelectorAll(".gap");
    const rest = (this.table?.length ?? 0) - this.from - this.#shown;
    if (before instanceof HTMLElement) before.style.height = `${this.from * this.#rowHeight}px`;
    if (after instanceof HTMLElement) after.style.height = `${Math.max(0, rest) * this.#rowHeight}px`;
  }

  /** Finds how wide the columns have to be for the rows that came since the last time. */
  #measure() {
    const batches = this.table?.batches ?? [];
    for (let b = this.#starts.length; b < batches.length; b++) {
      const batch = batches[b];
      if (batch === undefined) break;
      const before = batches[b - 1];
      this.#starts.push(b === 0 ? 0 : (this.#starts[b - 1] ?? 0) + (before?.length ?? 0));
      const rows = Math.min(batch.length, measured);
      for (const [c, show] of this.#columns.entries()) {
        for (let row = 0; row < rows && show.width < widest; row++) {
          show.width = Math.min(widest, Math.max(show.width, widthOf(show.print(batch.cells[c]?.[row] ?? null))));
        }
      }
    }
  }

  /** @param {Event} event */
  #scroll(event) {
    const { scrollTop, clientHeight } = /** @type {HTMLElement} */ (event.target);
    const row = this.querySelector("tbody tr.row");
    if (row instanceof HTMLElement) this.#rowHeight = row.getBoundingClientRect().height || this.#rowHeight;
    this.#shown = Math.ceil(clientHeight / this.#rowHeight) + 2 * spare;
    // In even steps, so that stripes stay with their rows.
    this.from = Math.max(0, Math.floor(scrollTop / this.#rowHeight / 2) * 2 - spare);
  }

  render() {
    const { table } = this;
    if (table === undefined) return nothing;
    const rows = Array.from(
      { length: Math.max(0, Math.min(this.#shown, table.length - this.from)) },
      (_, i) => i + this.from,
    );
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${this.label} @scroll=${this.#scroll}>
        <table aria-rowcount=${table.length + 1}>
          <colgroup>${this.#columns.map(() => html`<col>`)}</colgroup>
          <thead>
            <tr aria-rowindex="1">${this.#columns.map(
              ({ column }) =>
                html`<th scope="col" class=${column.type} title="${column.name}: ${column.type}">${column.name}</th>`,
            )}</tr>
          </thead>
          <tbody>
            <tr class="gap" aria-hidden="true"><td colspan=${this.#columns.length}></td></tr>
            ${rows.map((row) => this.#row(row))}
            <tr class="gap" aria-hidden="true"><td colspan=${this.#columns.length}></td></tr>
          </tbody>
        </table>
      </div>`;
  }

  /** @param {number} row */
  #row(row) {
    const b = this.#batchOf(row);
    const batch = this.table?.batches[b];
    const at = row - (this.#starts[b] ?? 0);
    return html`<tr class="row" aria-rowindex=${row + 2}>${this.#columns.map(({ column, print, full, width }, c) => {
      const cell = batch?.cells[c]?.[at] ?? null;
      const text = print(cell);
      const whole = full(cell);
      const about = whole !== text || text.length > width ? whole : nothing;
      return html`<td class=${column.type} title=${about}>${text}</td>`;
    })}</tr>`;
  }

  /**
   * Finds the batch a row is in.
   * @param {number} row
   */
  #batchOf(row) {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * Says how the cells of a column are shown: in short, and in full for whoever points at one or copies it.
 * @param {Column} column
 * @returns {Show}
 */
function showOf(column) {
  const full = printerOf(column.type);
  const print =
    column.type === "size" ? shortSize(full) : column.type === "duration" ? shortDuration(full) : oneLine(full);
  return { column, print, full, width: Math.max(narrowest, widthOf(column.name)) };
}

/** @param {(cell: Cell) => string} full */
function oneLine(full) {
  return (/** @type {Cell} */ cell) => {
    const text = full(cell);
    return /[\r\n\t]/.test(text) ? text.replace(/\r?\n/g, " ⏎ ").replaceAll("\t", " ") : text;
  };
}

const units = ["B", "kB", "MB", "GB", "TB", "PB"];

/** @param {(cell: Cell) => string} full */
function shortSize(full) {
  return (/** @type {Cell} */ cell) => {
    if (typeof cell !== "number") return full(cell);
    const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(cell))) / 3)));
    const count = cell / 1000 ** step;
    return `${step === 0 ? cell : count.toFixed(count < 9.95 ? 1 : 0)} ${units[step]}`;
  };
}

/** @param {(cell: Cell) => string} full */
function shortDuration(full) {
  return (/** @type {Cell} */ cell) => {
    if (typeof cell !== "number" || cell === 0 || Math.abs(cell) >= 1000) return full(cell);
    return Number.isInteger(cell) ? printDuration(cell) : `${cell.toPrecision(3)}ms`;
  };
}

/**
 * How many columns of a fixed-width font a text takes; Chinese characters take two.
 * @param {string} text
 */
function widthOf(text) {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return width;
}

customElements.define("ctx-table", CtxTable);
