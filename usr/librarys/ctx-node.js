/** Chooses the node that commands run on: this one, or one that `remote` lists. */
import { CtxElement } from "./ctx-element.js";
import { html, live } from "./vendor/lit.js";

/** @typedef {{ readonly key: string, readonly type?: string }} Node */

export class CtxNode extends CtxElement {
  static properties = { value: {}, nodes: { attribute: false } };

  constructor() {
    super();
    /** Empty for this node. */
    this.value = "";
    /** @type {readonly Node[]} */
    this.nodes = [];
  }

  render() {
    const isKnown = this.value === "" || this.nodes.some(({ key }) => key === this.value);
    return html`
      <label for="node">Node</label>
      <select id="node" .value=${live(this.value)}
        @change=${(/** @type {Event} */ e) => this.tell("ctx-node", /** @type {HTMLSelectElement} */ (e.target).value)}>
        <option value="">this node</option>
        ${this.nodes.map(
          ({ key, type }) =>
            html`<option value=${key} ?selected=${key === this.value}>${key}${type ? ` · ${type}` : ""}</option>`,
        )}
        ${isKnown ? "" : html`<option value=${this.value} selected>${this.value} · not here now</option>`}
      </select>`;
  }
}
customElements.define("ctx-node", CtxNode);
