/** The answer of a run: how it stands, its tables and texts as they come, notes, the error as in the terminal. */
import { CtxElement } from "./ctx-element.js";
import { isTable } from "./run.js";
import { html, nothing } from "./vendor/lit.js";
import "./ctx-table.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./run.js").Table} Table */
/** @typedef {import("./ctx-table.js").CtxTable} CtxTable */

/** How a run stands, as a shape and a word. */
const states = {
  running: ["◌", "running"],
  done: ["✓", "done"],
  failed: ["✕", "failed"],
  stopped: ["■", "stopped"],
};

export class CtxAnswer extends CtxElement {
  static properties = { run: { attribute: false }, repeatable: { type: Boolean }, said: { state: true } };

  constructor() {
    super();
    /** @type {Run | undefined} */
    this.run = undefined;
    /** The command only reads: it may be asked again, for another format. */
    this.repeatable = false;
    /** What a button did. */
    this.said = "";
  }
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;

  /** Shows what has come since. */
  grow() {
    for (const table of this.#tables) table.grow();
    this.requestUpdate();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("run")) this.said = "";
    const isRunning = this.run?.state === "running";
    if (isRunning) this.#clock ??= setInterval(() => this.requestUpdate(), 100);
    else {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  /** @returns {NodeListOf<CtxTable>} */
  get #tables() {
    return this.querySelectorAll("ctx-table");
  }

  async #copy() {
    const tables = [...this.#tables].map((table) => table.toTsv());
    const text = tables.length > 0 ? tables.join("\n") : this.#text;
    try {
      await navigator.clipboard.writeText(text);
      this.said = "copied";
    } catch {
      this.said = "the browser does not allow copying";
    }
  }

  get #text() {
    return (this.run?.parts ?? []).map((part) => (part.kind === "text" ? part.text : "")).join("");
  }

  /**
   * Asks the node again for the same in another format, and saves it as a file.
   * @param {string} accept
   * @param {string} ending
   */
  async #download(accept, ending) {
    const { run } = this;
    if (run === undefined) return;
    this.said = "…";
    try {
      const response = await run.client.ask(run.target, accept);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = `${run.target.command}.${ending}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      this.said = `saved ${link.download}`;
    } catch (error) {
      this.said = error instanceof Error ? error.message : String(error);
    }
  }

  render() {
    const { run } = this;
    if (run === undefined) return nothing;
    return html`
      <section aria-label="Answer">
        <header>
          ${this.#state(run)}
          <span class="said" role="status">${this.said}</span>
          ${run.parts.length === 0 ? nothing : this.#tools(run)}
        </header>
        ${run.error === undefined ? nothing : drawError(run.error)}
        ${run.isCut ? html`<p class="note">Stopped here: a page keeps no more rows. CSV and JSON have them all.</p>` : nothing}
        ${run.parts.map((part) => (part.kind === "text" ? html`<pre tabindex="0">${part.text}</pre>` : this.#table(part)))}
        ${run.notes.length === 0 ? nothing : html`<ul class="notes">${run.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
        ${run.state === "done" && run.parts.length === 0 ? html`<p class="none">It is done, and had nothing to say.</p>` : nothing}
      </section>`;
  }

  /** @param {Run} run */
  #tools(run) {
    const isWhole = this.repeatable && run.state !== "running" && run.parts.some(isTable);
    const save = (/** @type {string} */ name, /** @type {string} */ accept) =>
      html`<button type="button" @click=${() => this.#download(accept, name.toLowerCase())}>${name}</button>`;
    return html`<span class="tools">
      <button type="button" @click=${this.#copy}>Copy</button>
      ${isWhole ? [save("CSV", "text/csv"), save("JSON", "application/json")] : nothing}
    </span>`;
  }

  /** @param {Run} run */
  #state(run) {
    const [mark, word] = states[run.state];
    const rows = run.parts.some(isTable) ? `${run.rows.toLocaleString("en")} ${run.rows === 1 ? "row" : "rows"}` : "";
    return html`
      <span class="state ${run.state}" role="status"><span class="mark" aria-hidden="true">${mark}</span> ${word}</span>
      <span class="rows">${rows}</span>
      <span class="time">${elapsed(run.elapsed)}</span>`;
  }

  /** @param {Table} table */
  #table(table) {
    const shown = html`<ctx-table .table=${table} label="Rows of the answer"></ctx-table>`;
    if (!table.aside) return shown;
    return html`<details><summary>The same as a table (${table.length})</summary>${shown}</details>`;
  }
}

/**
 * An error as the terminal shows it: the sentence, the hint in brackets, the way it came, the place.
 * @param {import("./client.js").CallError} error
 */
function drawError({ message, hint, trail, at }) {
  return html`<div class="error" role="alert">
    <p><strong>error:</strong> ${message}${hint === undefined ? nothing : html` <span class="hint">(${hint})</span>`}</p>
    ${trail.length === 0 ? nothing : html`<p class="way">${trail.join(" → ")}</p>`}
    ${at === undefined ? nothing : html`<p class="way">${at}</p>`}
  </div>`;
}

/** @param {number} ms */
function elapsed(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.floor((ms / 1000) % 60)} s`;
}
customElements.define("ctx-answer", CtxAnswer);
