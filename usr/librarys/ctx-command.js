/** Lists the commands of a node, with a search; each is a link, so that it can be opened beside this page too. */
import { CtxElement } from "./ctx-element.js";
import { writePlace } from "./place.js";
import { html, nothing, repeat } from "./vendor/lit.js";

/** @typedef {{ readonly key: string, readonly module: string, readonly effect: string, readonly name: string, readonly help: string }} Command */

/** What a command may do, as a shape and a word: colour alone would not tell everybody. */
export const effects = /** @type {Readonly<Record<string, { mark: string, about: string }>>} */ ({
  read: { mark: "○", about: "only reads" },
  write: { mark: "◐", about: "changes something" },
  admin: { mark: "●", about: "for administrators" },
});

export class CtxCommand extends CtxElement {
  static properties = {
    node: {},
    module: {},
    chosen: {},
    commands: { attribute: false },
    search: { state: true },
  };

  constructor() {
    super();
    this.node = "";
    this.module = "";
    /** The command that is shown. */
    this.chosen = "";
    /** @type {readonly Command[]} */
    this.commands = [];
    this.search = "";
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("commands") || changed.has("chosen"))
      this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** Puts the cursor into the search. */
  focusSearch() {
    this.querySelector("input")?.select();
  }

  get #found() {
    const terms = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    const here = this.commands.filter(({ module }) => this.module === "" || module === this.module);
    if (terms.length === 0) return here;
    return here
      .filter(({ key, help }) => terms.every((term) => `${key} ${help}`.toLowerCase().includes(term)))
      .map((command) => ({ command, rank: rankOf(command, terms[0] ?? "") }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ command }) => command);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const { key } = event;
    const links = [...this.querySelectorAll("a")];
    const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
    if (key === "Enter" && at < 0) {
      if (!event.isComposing) links[0]?.click();
      return;
    }
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: at < 0 ? Number.NaN : 0,
      End: at < 0 ? Number.NaN : links.length - 1,
    }[key];
    if (to === undefined || Number.isNaN(to)) return;
    event.preventDefault();
    if (to < 0) this.focusSearch();
    else links[Math.min(to, links.length - 1)]?.focus();
  }

  render() {
    const found = this.#found;
    return html`
      <search @keydown=${this.#move}>
        <label for="search">Commands</label>
        <div class="searching">
          <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Search" .value=${this.search}
            @input=${(/** @type {Event} */ e) => {
              this.search = /** @type {HTMLInputElement} */ (e.target).value;
            }}>
          <kbd aria-hidden="true">/</kbd>
        </div>
        <nav aria-label="Commands">
          ${found.length === 0 ? html`<p class="none">${this.commands.length === 0 ? "…" : "No command fits."}</p>` : nothing}
          <ul>${repeat(
            found,
            ({ key }) => key,
            (command) => this.#item(command),
          )}</ul>
        </nav>
      </search>`;
  }

  /** @param {Command} command */
  #item({ key, effect, help }) {
    const { mark, about } = effects[effect] ?? { mark: "·", about: effect };
    const { node, module } = this;
    const [name = key, ...path] = key.split(".").reverse();
    return html`<li>
      <a href=${writePlace({ node, module, command: key })} aria-current=${key === this.chosen ? "page" : nothing}>
        <span class="name"><span class="path">${path.reverse().map((label) => `${label}.`)}</span>${name}</span>
        <span class="effect ${effect}" title=${about} role="img" aria-label=${about}>${mark}</span>
        <span class="help">${help}</span>
      </a>
    </li>`;
  }
}

/**
 * @param {Command} command
 * @param {string} term
 */
function rankOf({ key }, term) {
  const name = key.slice(key.lastIndexOf(".") + 1);
  if (name === term || key === term) return 0;
  if (name.startsWith(term)) return 1;
  return key.includes(term) ? 2 : 3;
}
customElements.define("ctx-command", CtxCommand);
