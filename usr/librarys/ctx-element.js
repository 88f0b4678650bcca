/** What all our elements are: made with Lit, in the page itself (light DOM), so that one style sheet reaches everything. */
import { LitElement } from "./vendor/lit.js";

export class CtxElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  /**
   * Tells whoever contains this element what happened.
   * @param {string} name
   * @param {unknown} [detail]
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
