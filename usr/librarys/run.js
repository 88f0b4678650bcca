/**
 * One run of a command: its answer as far as it has come, how long it has taken, and how to stop it.
 */
import { asCallError } from "./client.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").Target} Target */
/** @typedef {import("./wire.js").Column} Column */
/** @typedef {import("./wire.js").Batch} Batch */
/** @typedef {import("./wire.js").Piece} Piece */
/** @typedef {{ readonly kind: "text", text: string }} Text */
/** @typedef {{ readonly kind: "table", readonly columns: readonly Column[], readonly batches: Batch[], length: number, aside: boolean }} Table */

/** More rows than this are not kept in a page; the command is stopped. */
const mostRows = 500_000;
/** Longer texts are cut at the front. */
const mostText = 2_000_000;
/** So often is what changed shown, in milliseconds. */
const pace = 40;

export class Run {
  /** @type {"running" | "done" | "failed" | "stopped"} */
  state = "running";
  /** @type {(Text | Table)[]} */
  parts = [];
  /** @type {string[]} */
  notes = [];
  /** @type {import("./client.js").CallError | undefined} */
  error;
  rows = 0;
  /** It was stopped because it gave more rows than a page keeps. */
  isCut = false;
  #began = performance.now();
  #took = 0;
  #abort = new AbortController();
  /** @type {number | undefined} */
  #timer;
  #changed;

  /**
   * @param {Client} client
   * @param {Target} target
   * @param {() => void} changed - called soon after something changed
   */
  constructor(client, target, changed) {
    this.client = client;
    this.target = target;
    this.#changed = changed;
  }

  /** Milliseconds since it began, or that it took. */
  get elapsed() {
    return this.state === "running" ? performance.now() - this.#began : this.#took;
  }

  /** Runs to the end; never throws. */
  async start() {
    try {
      await this.client.stream(this.target, (piece) => this.#take(piece), this.#abort.signal);
      this.state = "done";
    } catch (error) {
      if (this.#abort.signal.aborted) this.state = "stopped";
      else {
        this.state = "failed";
        this.error = asCallError(error);
      }
    }
    this.#took = performance.now() - this.#began;
    clearTimeout(this.#timer);
    this.#changed();
  }

  /** Stops the command, here and on the node. */
  cancel() {
    this.#abort.abort();
  }

  /** @param {Piece} piece */
  #take(piece) {
    if (piece.kind === "note") this.notes.push(piece.text);
    else if (piece.kind === "text") this.#addText(piece.text);
    else if (piece.kind === "head") this.#begin(piece.columns);
    else if (piece.kind === "rows") this.#addRows(piece.batch, piece.aside);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed();
    }, pace);
  }

  /** @param {string} text */
  #addText(text) {
    const last = this.parts.at(-1);
    if (last?.kind === "text") last.text = (last.text + text).slice(-mostText);
    else this.parts.push({ kind: "text", text });
  }

  /** @param {readonly Column[]} columns */
  #begin(columns) {
    this.parts.push({ kind: "table", columns, batches: [], length: 0, aside: false });
  }

  /**
   * @param {Batch} batch
   * @param {boolean} aside
   */
  #addRows(batch, aside) {
    const table = this.parts.at(-1)?.kind === "table" ? this.parts.at(-1) : this.parts.findLast(isTable);
    if (table?.kind !== "table") return;
    table.aside ||= aside;
    table.batches.push(batch);
    table.length += batch.length;
    this.rows += batch.length;
    if (this.rows < mostRows) return;
    this.isCut = true;
    this.cancel();
  }
}

/**
 * @param {Text | Table} part
 * @returns {part is Table}
 */
export function isTable(part) {
  return part.kind === "table";
}
