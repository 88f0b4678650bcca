/**
 * The page: on one side where and what (node, module, command), on the other the form, the line a shell would take, and
 * the answer. What is chosen and typed stands in the address.
 */
import { asCallError, Client } from "./client.js";
import { effects } from "./ctx-command.js";
import { CtxElement } from "./ctx-element.js";
import { inputOf, isSecret, refusedField, shellLine } from "./fields.js";
import { readPlace, takeToken, writePlace } from "./place.js";
import { Run } from "./run.js";
import { html, nothing } from "./vendor/lit.js";
import "./ctx-answer.js";
import "./ctx-form.js";
import "./ctx-login.js";
import "./ctx-module.js";
import "./ctx-node.js";

/** @typedef {import("./client.js").CallError} CallError */
/** @typedef {import("./ctx-answer.js").CtxAnswer} CtxAnswer */
/** @typedef {import("./ctx-command.js").Command} Command */
/** @typedef {import("./ctx-command.js").CtxCommand} CtxCommand */
/** @typedef {import("./ctx-form.js").CtxForm} CtxForm */
/** @typedef {import("./ctx-node.js").Node} Node */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./place.js").Place} Place */

/** Answers that are kept for whoever goes back. */
const mostRuns = 8;

export class CtxApp extends CtxElement {
  static properties = {
    place: { state: true },
    nodes: { state: true },
    commands: { state: true },
    fields: { state: true },
    run: { state: true },
    refused: { state: true },
    asks: { state: true },
    login: { state: true },
    trouble: { state: true },
    copied: { state: true },
  };

  constructor() {
    super();
    this.client = new Client();
    this.place = readPlace(location.hash);
    /** @type {readonly Node[]} */
    this.nodes = [];
    /** @type {readonly Command[]} */
    this.commands = [];
    /** The fields of the chosen command, once they are known. @type {readonly Field[] | undefined} */
    this.fields = undefined;
    /** @type {Run | undefined} */
    this.run = undefined;
    /** What the node said of a field. @type {{ key: string, problem: string } | undefined} */
    this.refused = undefined;
    /** An administrator's command asks before it runs. */
    this.asks = false;
    /** @type {{ open: boolean, busy: boolean, problem: string | undefined }} */
    this.login = { open: false, busy: false, problem: undefined };
    /** Why commands or fields could not be had. @type {CallError | undefined} */
    this.trouble = undefined;
    this.copied = false;
  }
  /** The node the list of commands is of. @type {string | undefined} */
  #listed;
  /** The node and command the fields are of. @type {string | undefined} */
  #described;
  /** Runs by command, so that going back shows what was there. @type {Map<string, Run>} */
  #runs = new Map();

  connectedCallback() {
    super.connectedCallback();
    addEventListener("hashchange", this.#moved);
    addEventListener("keydown", this.#key);
    const token = takeToken();
    this.place = readPlace(location.hash);
    if (token === undefined) void this.#load();
    else void this.#enter(token);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#moved);
    removeEventListener("keydown", this.#key);
  }

  #moved = () => {
    const token = takeToken();
    if (token !== undefined) {
      void this.#enter(token);
      return;
    }
    const before = this.place;
    this.place = readPlace(location.hash);
    if (before.node === this.place.node && before.command === this.place.command) return;
    this.refused = undefined;
    this.asks = false;
    this.run = this.#runs.get(idOf(this.place));
    void this.#load();
  };

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && this.run?.state === "running" && !this.login.open) {
      event.preventDefault();
      this.run.cancel();
    }
    const isTyping = event.target instanceof HTMLElement && event.target.closest("input, select, textarea") !== null;
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    /** @type {CtxCommand | null} */ (this.querySelector("ctx-command"))?.focusSearch();
  };

  /** @param {string} token */
  async #enter(token) {
    this.login = { ...this.login, busy: true, problem: undefined };
    try {
      await this.client.login(token);
      this.login = { open: false, busy: false, problem: undefined };
      this.#listed = undefined;
      this.#described = undefined;
      await this.#load();
    } catch (error) {
      const { status, message, hint } = asCallError(error);
      const problem =
        status === 401 ? "That is not the token of this node." : [message, hint].filter(Boolean).join(": ");
      this.login = { open: true, busy: false, problem };
    }
  }

  /** Asks the node for what the place needs and is not there yet. */
  async #load() {
    const { node, command } = this.place;
    this.trouble = undefined;
    try {
      await Promise.all([this.#loadNodes(), this.#loadCommands(node), this.#loadFields(node, command)]);
    } catch (error) {
      // Somebody has gone on meanwhile.
      if (node !== this.place.node || command !== this.place.command) return;
      this.#met(asCallError(error));
    }
  }

  /** @param {CallError} error */
  #met(error) {
    if (error.status === 401) this.login = { ...this.login, open: true };
    else this.trouble = error;
  }

  async #loadNodes() {
    try {
      this.nodes = (await this.client.nodes()).map(({ key, type }) => ({ key: String(key), type: String(type ?? "") }));
    } catch (error) {
      if (asCallError(error).status === 401) throw error;
      // A node without links has no others.
      this.nodes = [];
    }
  }

  /** @param {string} node */
  async #loadCommands(node) {
    if (this.#listed === node) return;
    this.#listed = node;
    this.commands = [];
    try {
      const rows = await this.client.rows({ node, command: "command", words: ["form"] });
      if (node === this.place.node) this.commands = /** @type {Command[]} */ (/** @type {unknown} */ (rows));
    } catch (error) {
      if (this.#listed === node) this.#listed = undefined;
      throw error;
    }
  }

  /**
   * @param {string} node
   * @param {string} command
   */
  async #loadFields(node, command) {
    const id = idOf({ node, command });
    if (this.#described === id) return;
    this.#described = id;
    this.fields = undefined;
    if (command === "") return;
    try {
      const rows = await this.client.rows({ node, command: "command", words: ["form", command] });
      if (this.#described !== id) return;
      this.fields = /** @type {Field[]} */ (/** @type {unknown} */ (rows));
      await this.updateComplete;
      // A phone would cover the form with its keyboard.
      if (matchMedia("(hover: hover)").matches) this.#form?.focusFirst();
    } catch (error) {
      if (this.#described === id) this.#described = undefined;
      throw error;
    }
  }

  get #form() {
    return /** @type {CtxForm | null} */ (this.querySelector("ctx-form"));
  }

  get #secrets() {
    return new Set((this.fields ?? []).filter(isSecret).map(({ key }) => key));
  }

  /** @param {Partial<Place>} to */
  #go(to) {
    location.hash = writePlace({ ...this.place, ...to });
  }

  /** @param {Place["values"]} values */
  #type(values) {
    this.place = { ...this.place, values };
    history.replaceState(null, "", writePlace(this.place, this.#secrets));
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    if (this.fields === undefined || this.run?.state === "running" || this.#form?.check() === false) return;
    if (this.#effect === "admin" && !this.asks) {
      this.asks = true;
      return;
    }
    this.asks = false;
    void this.#start(this.fields);
  }

  /** @param {readonly Field[]} fields */
  async #start(fields) {
    const { node, command, values } = this.place;
    this.refused = undefined;
    const run = new Run(this.client, { node, command, input: inputOf(fields, values) }, () => {
      if (this.run !== run) return;
      /** @type {CtxAnswer | null} */ (this.querySelector("ctx-answer"))?.grow();
      this.requestUpdate();
    });
    this.#keep(run);
    this.run = run;
    const ended = run.start();
    await this.updateComplete;
    // On a phone the answer begins below what can be seen.
    void this.#showAnswer();
    await ended;
    await this.updateComplete;
    void this.#showAnswer();
    if (this.run !== run || run.error === undefined) return;
    if (run.error.status === 401) this.login = { ...this.login, open: true };
    this.refused = refusedField(run.error, fields);
    if (this.refused !== undefined) this.#form?.focusField(this.refused.key);
  }

  /**
   * Keeps the last runs, which may hold many rows; those that still go on stay.
   * @param {Run} run
   */
  #keep(run) {
    const id = idOf(this.place);
    this.#runs.delete(id);
    this.#runs.set(id, run);
    for (const [old, { state }] of this.#runs) {
      if (this.#runs.size <= mostRuns) break;
      if (state !== "running") this.#runs.delete(old);
    }
  }

  async #showAnswer() {
    // Once what is new has its size.
    await new Promise(requestAnimationFrame);
    const answer = this.querySelector("ctx-answer");
    const top = answer?.getBoundingClientRect().top ?? 0;
    if (top > innerHeight * 0.6) answer?.scrollIntoView({ block: "start" });
  }

  get #effect() {
    return this.commands.find(({ key }) => key === this.place.command)?.effect ?? "write";
  }

  async #copyLine() {
    await navigator.clipboard.writeText(this.#line).catch(() => undefined);
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 1500);
  }

  get #line() {
    const { node, command, values } = this.place;
    return shellLine(node, command, this.fields ?? [], values);
  }

  render() {
    const { node, module, command } = this.place;
    return html`
      <ctx-login ?open=${this.login.open} ?busy=${this.login.busy} .problem=${this.login.problem}
        @ctx-token=${(/** @type {CustomEvent<string>} */ e) => this.#enter(e.detail)}></ctx-login>
      <div class="page ${command === "" ? "choosing" : "chosen"}">
        <aside aria-label="What to run, and where">
          <header class="brand"><a class="home" href="#" aria-label="ContextOS, the start">
            <img src="/librarys/context.svg" width="22" height="22" alt=""> ContextOS</a></header>
          <div class="where">
            <ctx-node .value=${node} .nodes=${this.nodes}
              @ctx-node=${(/** @type {CustomEvent<string>} */ e) => this.#go({ node: e.detail })}></ctx-node>
            <ctx-module .value=${module} .commands=${this.commands}
              @ctx-module=${(/** @type {CustomEvent<string>} */ e) => this.#go({ module: e.detail, command: "", values: {} })}></ctx-module>
          </div>
          <ctx-command .node=${node} .module=${module} .chosen=${command} .commands=${this.commands}></ctx-command>
        </aside>
        <main>${this.trouble === undefined ? nothing : this.#trouble(this.trouble)}${command === "" ? welcome : this.#work()}</main>
      </div>`;
  }

  /** @param {CallError} error */
  #trouble({ message, hint, trail }) {
    return html`<div class="error" role="alert">
      <p><strong>error:</strong> ${message}${hint === undefined ? nothing : html` <span class="hint">(${hint})</span>`}</p>
      ${trail.length === 0 ? nothing : html`<p class="way">${trail.join(" → ")}</p>`}
      <p><button type="button" @click=${() => this.#load()}>Try again</button></p>
    </div>`;
  }

  #work() {
    const { node, module, command, values } = this.place;
    const about = this.commands.find(({ key }) => key === command);
    const effect = this.#effect;
    const { mark, about: what } = effects[effect] ?? { mark: "·", about: effect };
    return html`
      <a class="back" href=${writePlace({ node, module })}>‹ Commands</a>
      <header class="command">
        <h1>${node === "" ? nothing : html`<span class="at">${node}:</span>`}${command}</h1>
        ${about === undefined ? nothing : html`<span class="badge ${effect}"><span aria-hidden="true">${mark}</span> ${what}</span>`}
        <p class="about">${about?.help ?? ""}</p>
      </header>
      <form novalidate autocomplete="off" @submit=${this.#submit}>
        ${
          this.fields === undefined
            ? html`<p class="none">${this.trouble === undefined ? "…" : ""}</p>`
            : html`<ctx-form .fields=${this.fields} .values=${values} .refused=${this.refused}
                @ctx-values=${(/** @type {CustomEvent<Place["values"]>} */ e) => this.#type(e.detail)}></ctx-form>`
        }
        <div class="go">${this.asks ? this.#question() : this.#buttons(effect)}
          <div class="line"><code aria-label="As a line of the shell">${this.#line}</code>
            <button type="button" @click=${this.#copyLine}>${this.copied ? "Copied" : "Copy"}</button></div>
        </div>
      </form>
      <ctx-answer .run=${this.run} ?repeatable=${effect === "read"}></ctx-answer>`;
  }

  /** @param {string} effect */
  #buttons(effect) {
    if (this.run?.state === "running")
      return html`<button type="button" class="cancel" @click=${() => this.run?.cancel()}>Cancel <kbd>Esc</kbd></button>`;
    return html`<button class="run ${effect}" ?disabled=${this.fields === undefined}>
      ${runWords.get(effect) ?? "Run"} <kbd>Enter</kbd></button>`;
  }

  #question() {
    const { node, command } = this.place;
    return html`<div class="question" role="group" aria-label="Really?">
      <span role="alert">Run <strong>${command}</strong> on ${node === "" ? "this node" : node}?</span>
      <button class="run admin">Yes, run it</button>
      <button type="button" @click=${() => {
        this.asks = false;
      }}>No</button>
    </div>`;
  }
}

/** What the button says: one that changes something does not look like the others. */
const runWords = new Map([
  ["read", "Run"],
  ["write", "Run and change"],
  ["admin", "Run as administrator…"],
]);

const welcome = html`<div class="welcome">
  <h1>Choose a command</h1>
  <p>Every command of this node, and of the nodes linked with it, as a form made from its own declaration.</p>
  <dl>
    <div><dt><kbd>/</kbd></dt><dd>search the commands</dd></div>
    <div><dt><kbd>↑</kbd> <kbd>↓</kbd></dt><dd>go through them</dd></div>
    <div><dt><kbd>⏎</kbd></dt><dd>choose, then run</dd></div>
    <div><dt><kbd>Esc</kbd></dt><dd>stop what runs</dd></div>
  </dl>
  <p class="legend">${Object.values(effects).map(({ mark, about }) => html`<span>${mark} ${about}</span>`)}</p>
</div>`;

/** @param {{ node: string, command: string }} place */
function idOf({ node, command }) {
  return `${node}:${command}`;
}

customElements.define("ctx-app", CtxApp);
