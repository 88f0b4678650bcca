/**
 * Where the page is: node, module, command and what was typed, in the fragment of the address, so that a link shows the
 * same again and the browser's back button works.
 *
 *     #node=demo&command=nfs.dir&path=etc
 *
 * What stands after `command` are fields of its form, whatever their names.
 */

/** @typedef {import("./fields.js").Values} Values */
/** @typedef {{ readonly node: string, readonly module: string, readonly command: string, readonly values: Values }} Place */

/**
 * @param {string} fragment
 * @returns {Place}
 */
export function readPlace(fragment) {
  let node = "";
  let module = "";
  let command = "";
  /** @type {Map<string, string | string[]>} */
  const values = new Map();
  for (const [key, value] of new URLSearchParams(fragment.replace(/^#/, ""))) {
    if (command !== "") values.set(key, joined(values.get(key), value));
    else if (key === "node") node = value;
    else if (key === "module") module = value;
    else if (key === "command") command = value;
  }
  return { node, module, command, values: Object.fromEntries(values) };
}

/**
 * @param {string | string[] | undefined} before
 * @param {string} value
 */
function joined(before, value) {
  return before === undefined ? value : [before, value].flat();
}

/**
 * @param {Partial<Place>} place
 * @param {ReadonlySet<string>} [hidden] - fields that stay out of the address: secrets
 */
export function writePlace({ node = "", module = "", command = "", values = {} }, hidden) {
  const parts = [
    ["node", node],
    ["module", module],
    ["command", command],
  ].filter(([, value]) => value !== "");
  if (command !== "") {
    for (const [key, raw] of Object.entries(values)) {
      if (hidden?.has(key)) continue;
      const isBlank = typeof raw === "string" ? raw === "" : raw.every((part) => part === "");
      if (!isBlank) for (const part of typeof raw === "string" ? [raw] : raw) parts.push([key, part]);
    }
  }
  return `#${new URLSearchParams(/** @type {[string, string][]} */ (parts))}`;
}

/** Takes the token out of the address, and what is left of it back in. */
export function takeToken() {
  const parts = new URLSearchParams(location.hash.replace(/^#/, ""));
  const token = parts.get("token");
  if (token === null) return undefined;
  parts.delete("token");
  const rest = parts.toString();
  history.replaceState(history.state, "", rest === "" ? location.pathname + location.search : `#${rest}`);
  return token;
}
