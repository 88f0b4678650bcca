/** Chooses the module whose commands are listed. */
import { CtxElement } from "./ctx-element.js";
import { html, live } from "./vendor/lit.js";

/** @typedef {import("./ctx-command.js").Command} Command */

export class CtxModule extends CtxElement {
  static properties = { value: {}, commands: { attribute: false } };

  constructor() {
    super();
    /** Empty for all modules. */
    this.value = "";
    /** @type {readonly Command[]} */
    this.commands = [];
  }

  render() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { module } of this.commands) counts.set(module, (counts.get(module) ?? 0) + 1);
    return html`
      <label for="module">Module</label>
      <select id="module" .value=${live(this.value)}
        @change=${(/** @type {Event} */ e) => this.tell("ctx-module", /** @type {HTMLSelectElement} */ (e.target).value)}>
        <option value="">all</option>
        ${[...counts].map(
          ([name, count]) =>
            html`<option value=${name} ?selected=${name === this.value}>${name.replace(/^ctx\./, "")} (${count})</option>`,
        )}
      </select>`;
  }
}
customElements.define("ctx-module", CtxModule);
