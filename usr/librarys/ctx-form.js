/** The form of a command, made from its declaration; what is typed is checked at once. */
import { CtxElement } from "./ctx-element.js";
import { isEmpty, printed, problemOf, rawOf } from "./fields.js";
import { html, live, nothing, repeat } from "./vendor/lit.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Values} Values */
/** @typedef {import("./fields.js").Raw} Raw */

export class CtxForm extends CtxElement {
  static properties = {
    fields: { attribute: false },
    values: { attribute: false },
    refused: { attribute: false },
    touched: { state: true },
  };

  constructor() {
    super();
    /** @type {readonly Field[]} */
    this.fields = [];
    /** What was typed. @type {Values} */
    this.values = {};
    /** What the node said of a field. @type {{ key: string, problem: string } | undefined} */
    this.refused = undefined;
    /** Fields that somebody has been in. @type {ReadonlySet<string>} */
    this.touched = new Set();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("fields")) this.touched = new Set();
  }

  /** Shows what is wrong everywhere, and goes there; true when nothing is. */
  check() {
    this.touched = new Set(this.fields.map(({ key }) => key));
    const wrong = this.fields.find((field) => problemOf(field, rawOf(this.values, field)) !== undefined);
    if (wrong === undefined) return true;
    this.focusField(wrong.key);
    return false;
  }

  /** @param {string} key */
  focusField(key) {
    /** @type {HTMLElement | null} */ (this.querySelector(`#${CSS.escape(idOf(key))}`))?.focus();
  }

  /** Goes to the first field. */
  focusFirst() {
    /** @type {HTMLElement | null} */ (this.querySelector("input, select, textarea"))?.focus();
  }

  /**
   * @param {Field} field
   * @param {Raw} raw
   */
  #set(field, raw) {
    if (this.refused?.key === field.key) this.refused = undefined;
    this.tell("ctx-values", { ...this.values, [field.key]: raw });
  }

  /** @param {string} key */
  #touch(key) {
    if (!this.touched.has(key)) this.touched = new Set([...this.touched, key]);
  }

  render() {
    if (this.fields.length === 0) return html`<p class="none">Takes nothing.</p>`;
    return html`<div class="fields">${repeat(
      this.fields,
      ({ key }) => key,
      (field) => this.#field(field),
    )}</div>`;
  }

  /** @param {Field} field */
  #field(field) {
    const { key, kind, help, required } = field;
    const raw = rawOf(this.values, field);
    const said = this.refused?.key === key ? this.refused.problem : undefined;
    // That something is missing is said after somebody has been there; that it is wrong, while it is typed.
    const problem = said ?? (isEmpty(raw) && !this.touched.has(key) ? undefined : problemOf(field, raw));
    const id = idOf(key);
    const one = { field, raw, id, problem };
    const input = kind === "tuple" ? this.#tuple(one) : kind === "flag" ? this.#flag(one) : this.#input(one);
    return html`
      <div class="field ${kind}" @focusout=${() => this.#touch(key)}>
        <div class="head">
          ${
            kind === "tuple"
              ? html`<span class="name" id="${id}-name">${key}</span>`
              : html`<label class="name" for=${id}>${key}</label>`
          }
          ${required ? html`<span class="required">required</span>` : nothing}
          <span class="kind">${kindOf(field)}</span>
        </div>
        ${input}
        ${help ? html`<p class="help" id="${id}-help">${help}</p>` : nothing}
        <p class="problem" id="${id}-problem" aria-live="polite">${problem ?? nothing}</p>
      </div>`;
  }

  /** @typedef {{ field: Field, raw: Raw, id: string, problem: string | undefined }} One */

  /** @param {One} one */
  #flag({ field, raw, id }) {
    return html`<span class="check">
      <input type="checkbox" id=${id} name=${field.key} aria-describedby="${id}-help ${id}-problem" .checked=${live(raw === "true")}
        @change=${(/** @type {Event} */ e) => this.#set(field, /** @type {HTMLInputElement} */ (e.target).checked ? "true" : "")}>
      <span aria-hidden="true">${raw === "true" ? "on" : "off"}</span>
    </span>`;
  }

  /** @param {One} one */
  #tuple({ field, raw, id, problem }) {
    const parts = field.items ?? [];
    return html`<div class="parts" role="group" aria-labelledby="${id}-name">${parts.map((item, i) => {
      const part = { ...item, key: field.key, default: undefined };
      const set = (/** @type {string} */ typed) =>
        this.#set(
          field,
          parts.map((_, at) => (at === i ? typed : (raw[at] ?? ""))),
        );
      return control(
        { field: part, raw: raw[i] ?? "", id: i === 0 ? id : `${id}-${i}`, problem, describedBy: id },
        set,
        item.help,
      );
    })}</div>`;
  }

  /** @param {One} one */
  #input(one) {
    const raw = typeof one.raw === "string" ? one.raw : one.raw.join(" ");
    return control({ ...one, raw, describedBy: one.id }, (typed) => this.#set(one.field, typed));
  }
}

/**
 * @param {{ field: Field, raw: string, id: string, problem: string | undefined, describedBy: string }} one
 * @param {(typed: string) => void} set
 * @param {string} [label] - where no label stands beside it
 */
function control({ field, raw, id, problem, describedBy }, set, label) {
  const { key, kind } = field;
  const typed = (/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value);
  const about = `${describedBy}-help ${describedBy}-problem`;
  const invalid = problem === undefined ? nothing : "true";
  const choices = kind === "boolean" ? ["true", "false"] : kind === "choice" ? (field.choices ?? []) : undefined;
  if (choices !== undefined) {
    const none = field.default === undefined || field.default === null ? "–" : `${printed(field.default)} (default)`;
    return html`<select id=${id} name=${key} aria-describedby=${about} aria-invalid=${invalid} aria-label=${label ?? nothing}
      .value=${live(raw)} @change=${typed}>
      <option value="" ?selected=${raw === ""}>${none}</option>
      ${choices.map((choice) => html`<option value=${choice} ?selected=${raw === choice}>${choice}</option>`)}
    </select>`;
  }
  const shared = { placeholder: placeholderOf(field, label), mode: modes.get(kind) };
  if (kind === "json" || kind === "map" || kind === "any") {
    return html`<textarea id=${id} name=${key} rows="2" spellcheck="false" placeholder=${shared.placeholder}
      aria-describedby=${about} aria-invalid=${invalid} aria-label=${label ?? nothing} .value=${live(raw)} @input=${typed}
      @keydown=${submitOnEnter}></textarea>`;
  }
  return html`<input id=${id} name=${key} type=${kind === "secret" ? "password" : "text"} inputmode=${shared.mode ?? nothing}
    autocomplete=${kind === "secret" ? "new-password" : "off"} autocapitalize="off" spellcheck="false"
    placeholder=${shared.placeholder} aria-describedby=${about} aria-invalid=${invalid} aria-label=${label ?? nothing}
    ?aria-required=${field.required === true} .value=${live(raw)} @input=${typed}>`;
}

/** @param {KeyboardEvent} event */
function submitOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
}

/** Which keys a phone shows. */
const modes = new Map([
  ["integer", "numeric"],
  ["float", "decimal"],
]);

/** What a value of a kind looks like, where nothing else says so. */
const looks = new Map([
  ["duration", "500ms, 10s, 2h30m"],
  ["time", "2019-05-10 11:11:02"],
  ["size", "512, 10kb, 4mib"],
  ["list", "words, with blanks between"],
  ["command", "a command and its words"],
]);

/**
 * @param {Field} field
 * @param {string} [label]
 */
function placeholderOf({ kind, default: given }, label) {
  const isNothing =
    given === undefined || given === null || given === "" || (Array.isArray(given) && given.length === 0);
  if (!isNothing) return printed(given);
  return label ?? looks.get(kind) ?? "";
}

/** @param {Field} field */
function kindOf({ kind, items, min, max }) {
  const range = typeof min === "number" || typeof max === "number" ? ` ${min ?? ""}…${max ?? ""}` : "";
  if (kind === "list") return `${items?.[0]?.kind ?? "text"}…`;
  return kind === "tuple" ? (items ?? []).map((item) => item.kind).join(" ") : `${kind}${range}`;
}

/** @param {string} key */
function idOf(key) {
  return `field-${key}`;
}
customElements.define("ctx-form", CtxForm);
