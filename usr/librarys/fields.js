/**
 * The fields of a form: what was typed into them as values, as words of the shell, and what is wrong with it, in the words
 * of the terminal.
 */
import {
  boolean,
  choice,
  duration,
  float,
  integer,
  json,
  Mismatch,
  printerOf,
  size,
  text,
  time,
} from "./vendor/ctx.js";

/** @typedef {import("./vendor/ctx.js").Param} Param */
/**
 * A field, as `command form NAME` describes it.
 * @typedef {object} Field
 * @property {string} key
 * @property {string} kind
 * @property {string} [help]
 * @property {boolean} [required]
 * @property {unknown} [default]
 * @property {readonly string[] | null} [choices]
 * @property {number} [words] - how many words it takes: 0 for a flag, -1 for any number
 * @property {readonly Field[] | null} [items] - the parts of a tuple, or what each entry of a list is
 * @property {boolean} [option] - said by its name; the others stand in order
 * @property {boolean} [each] - a list whose name is said before each entry
 * @property {number | null} [min]
 * @property {number | null} [max]
 */
/**
 * What was typed: a text, or one for each part of a tuple. Nothing is the empty text.
 * @typedef {string | readonly string[]} Raw
 */
/** @typedef {Readonly<Record<string, Raw>>} Values */

/**
 * Gives what was typed into a field.
 * @param {Values} values
 * @param {Field} field
 * @returns {Raw}
 */
export function rawOf(values, { key, kind }) {
  const raw = Object.hasOwn(values, key) ? values[key] : undefined;
  return raw ?? (kind === "tuple" ? [] : "");
}

/** @param {Raw} raw */
export function isEmpty(raw) {
  return typeof raw === "string" ? raw.trim() === "" : raw.every((part) => part.trim() === "");
}

/**
 * Says what is wrong with what was typed, or nothing.
 * @param {Field} field
 * @param {Raw} raw
 */
export function problemOf(field, raw) {
  if (isEmpty(raw)) return field.required === true ? `${field.key} is missing` : undefined;
  try {
    readValue(field, raw);
    return undefined;
  } catch (error) {
    if (error instanceof Mismatch) return `${field.key} ${error.message}`;
    throw error;
  }
}

/**
 * Gives the input object of a call; only what was typed stands in it.
 * @param {readonly Field[]} fields
 * @param {Values} values
 */
export function inputOf(fields, values) {
  return Object.fromEntries(
    fields
      .filter((field) => !isEmpty(rawOf(values, field)))
      .map((field) => [field.key, readValue(field, rawOf(values, field))]),
  );
}

/**
 * @param {Field} field
 * @param {Raw} raw
 * @returns {unknown}
 */
function readValue(field, raw) {
  if (field.kind === "tuple") return tupleOf(field, typeof raw === "string" ? [raw] : raw);
  const typed = typeof raw === "string" ? raw : raw.join(" ");
  if (field.kind === "list") return splitWords(typed).map((word) => readValue(itemOf(field), word));
  if (field.kind === "command") return splitWords(typed);
  return single(field, typed);
}

/**
 * @param {Field} field
 * @param {readonly string[]} raw
 */
function tupleOf({ items }, raw) {
  return (items ?? []).map((item, i) => {
    const part = raw[i] ?? "";
    if (isEmpty(part)) throw new Mismatch(`needs ${items?.length} values`);
    return readValue(item, part);
  });
}

/** @param {Field} field */
function itemOf({ items }) {
  return items?.[0] ?? { key: "", kind: "text" };
}

/** Kinds that travel as they were typed: the node reads `2h30m` and `10kb` itself. */
const asTyped = new Set(["duration", "size", "time"]);

/**
 * @param {Field} field
 * @param {string} typed
 * @returns {unknown}
 */
function single(field, typed) {
  const param = paramOf(field);
  const word = field.kind === "text" || field.kind === "secret" ? typed : typed.trim();
  if (!asTyped.has(field.kind)) return param.read([word]);
  param.check(word);
  return word;
}

/**
 * @param {Field} field
 * @returns {Param}
 */
function paramOf({ kind, choices, min, max }) {
  const range = { ...(typeof min === "number" && { min }), ...(typeof max === "number" && { max }) };
  switch (kind) {
    case "integer":
      return integer("", range);
    case "float":
      return float("", range);
    case "boolean":
    case "flag":
      return boolean("");
    case "choice":
      return choice(choices ?? [], "");
    case "duration":
      return duration("");
    case "time":
      return time("");
    case "size":
      return size("");
    case "json":
    case "map":
    case "any":
      return json("");
    default:
      return text("");
  }
}

const wordForm = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']\S*)|(["'])/gs;

/**
 * Cuts a text into words at blanks; a word in quotes may have blanks in it.
 * @param {string} typed
 */
function splitWords(typed) {
  return [...typed.matchAll(wordForm)].map(([, double, quoted, bare, open]) => {
    if (open !== undefined) throw new Mismatch(`has a ${open} without its other half`);
    return double?.replace(/\\(.)/gs, "$1") ?? quoted ?? bare ?? "";
  });
}

/**
 * Writes a call as it would be typed in a shell.
 * @param {string} node - empty for this node
 * @param {string} command
 * @param {readonly Field[]} fields
 * @param {Values} values
 */
export function shellLine(node, command, fields, values) {
  const keys = new Set(fields.filter(({ option }) => option === true).map(({ key }) => key));
  const places = fields.filter(({ option }) => option !== true);
  const last = places.findLastIndex((field) => !isEmpty(rawOf(values, field)));
  const words = places.slice(0, last + 1).flatMap((field) => {
    const raw = rawOf(values, field);
    // What stands in order cannot be left out before what follows.
    const given = isEmpty(raw) ? [printed(field.default)] : wordsOf(field, raw);
    return given.map((word) => quoteWord(word, field.kind === "command" ? undefined : keys));
  });
  const options = fields
    .filter((field) => field.option === true && !isEmpty(rawOf(values, field)))
    .flatMap((field) => optionWords(field, rawOf(values, field)));
  // A command at the end takes all words that are left.
  const line = places[0]?.kind === "command" ? [...options, ...words] : [...words, ...options];
  return [...(node === "" ? [] : ["remote", quoteWord(node)]), command, ...line].join(" ");
}

/**
 * @param {Field} field
 * @param {Raw} raw
 */
function optionWords(field, raw) {
  const words = wordsOf(field, raw).map((word) => quoteWord(word));
  if (field.kind === "flag") return raw === "true" ? [field.key] : [`--${field.key}=${raw}`];
  if (field.each === true) return words.flatMap((word) => [field.key, word]);
  return [field.key, ...words];
}

/**
 * @param {Field} field
 * @param {Raw} raw
 * @returns {readonly string[]}
 */
function wordsOf({ kind }, raw) {
  if (kind === "secret") return ["…"];
  if (typeof raw !== "string") return raw;
  if (kind !== "list" && kind !== "command") return [raw];
  try {
    return splitWords(raw);
  } catch {
    return [raw];
  }
}

const print = printerOf("any");

/**
 * Writes a value as the terminal does.
 * @param {unknown} value
 */
export function printed(value) {
  return print(/** @type {import("./vendor/ctx.js").Cell} */ (value));
}

/**
 * Writes a text as one word of the shell: as it is where that is safe, else in quotes.
 * @param {string} word
 * @param {ReadonlySet<string>} [keys] - words that would mean an option when they stand bare
 */
function quoteWord(word, keys) {
  const isBare = /^[\p{L}\p{N}_./:+,=^-][\p{L}\p{N}_./:+,=^@~-]*$/u.test(word);
  if (isBare && !word.startsWith("--") && keys?.has(word) !== true) return word;
  if (!word.includes("'")) return `'${word}'`;
  return `"${word
    .replace(/["\\$]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")}"`;
}

/**
 * Tells whether a field holds a secret, or a list that does.
 * @param {Field} field
 * @returns {boolean}
 */
export function isSecret({ kind, items }) {
  return kind === "secret" || (items?.some(isSecret) ?? false);
}

/**
 * Finds the field that a `bad_argument` names: `dir: dir_type must be both, file, …`.
 * @param {import("./client.js").CallError} error
 * @param {readonly Field[]} fields
 */
export function refusedField({ code, message }, fields) {
  if (code !== "bad_argument") return undefined;
  const problem = message.slice(message.indexOf(": ") + 2);
  const key = /^[^\s:]+/.exec(problem)?.[0] ?? "";
  return fields.some((field) => field.key === key) ? { key, problem } : undefined;
}
