/** Asks for the token of the node; nothing behind it is lost meanwhile. */
import { CtxElement } from "./ctx-element.js";
import { html, nothing } from "./vendor/lit.js";

export class CtxLogin extends CtxElement {
  static properties = { open: { type: Boolean }, problem: {}, busy: { type: Boolean } };

  constructor() {
    super();
    this.open = false;
    this.busy = false;
    /** What was wrong with the last try. @type {string | undefined} */
    this.problem = undefined;
  }

  updated() {
    const dialog = this.querySelector("dialog");
    if (this.open && !dialog?.open) dialog?.showModal();
    if (!this.open && dialog?.open) dialog.close();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (this.querySelector("input"));
    // Whoever pastes the whole address means the token in it.
    const token = input.value.trim().replace(/^.*#token=/, "");
    if (token !== "") this.tell("ctx-token", token);
  }

  render() {
    if (!this.open) return html`<dialog></dialog>`;
    return html`
      <dialog class="login" aria-labelledby="login-title" @cancel=${(/** @type {Event} */ e) => e.preventDefault()}>
        <form @submit=${this.#submit}>
          <h2 id="login-title">Who is there?</h2>
          <p>
            This page belongs to the node that serves it. Its token was printed when the node started, in a line that ends with
            <code>/code#token=…</code>, and lies in the file <code>var/run/token</code>.
          </p>
          <label for="login-token">Token</label>
          <input id="login-token" type="password" autocomplete="off" spellcheck="false" required
            aria-describedby="login-problem" placeholder="paste it, or the whole address">
          <p class="problem" id="login-problem" role="alert">${this.problem ?? nothing}</p>
          <button class="run" ?disabled=${this.busy}>${this.busy ? "One moment…" : "Open"}</button>
        </form>
      </dialog>`;
  }
}
customElements.define("ctx-login", CtxLogin);
