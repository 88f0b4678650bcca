/** The form of a command: as data for pages that build their own inputs, and as plain HTML. */
import { helpIn, type Lang } from "../help-text.ts";
import type { Kind, Param } from "../param.ts";
import type { Columns, Row } from "../table/batch.ts";
import type { Found } from "../tree.ts";
import { defaultValue } from "./default.ts";
import { usage } from "./usage.ts";

/** One input of a form. */
export interface Field {
  /** The key of the input object. */
  readonly name: string;
  readonly kind: Kind;
  readonly label: string;
  readonly help: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  /** What is filled in at first. A secret has none, ever. */
  readonly default?: unknown;
  /** How many words it takes: 0 for a flag, -1 for any number. */
  readonly words: number;
  /** The parts of a tuple, or what each entry of a list is. */
  readonly items?: readonly Field[];
  /** Said by its name, anywhere on the line; the others stand in order. */
  readonly option?: true;
  /** A list whose name is said before each of its entries. */
  readonly each?: true;
  /** The least and the greatest number that fits. */
  readonly min?: number;
  readonly max?: number;
}

/** The form of one command. */
export interface Form {
  readonly name: string;
  /** The permission id, which is also where the form is sent. */
  readonly right: string;
  readonly help: string;
  readonly effect: string;
  readonly fields: readonly Field[];
}

/** Describes the form of a command, ready to be sent as JSON. */
export function formFields(found: Found, lang: Lang = "en"): Form {
  const { command, right, effect, args, options } = found;
  return {
    name: command.name,
    right,
    help: helpIn(command.help, lang),
    effect,
    fields: [
      ...args.map(([name, param]) => field(found, name, param, lang)),
      ...[...options].map(([name, param]) => ({ ...field(found, name, param, lang), option: true as const })),
    ],
  };
}

function field(found: Found, name: string, param: Param, lang: Lang): Field {
  const given = defaultValue(found, param);
  const { minimum, maximum } = param.schema;
  return {
    name,
    kind: param.kind,
    label: name.replaceAll("_", " "),
    help: helpIn(param.help, lang),
    required: param.required,
    ...(param.choices !== undefined && { choices: param.choices }),
    ...(given !== undefined && { default: given }),
    words: param.words,
    ...(param.each === true && { each: true }),
    ...(typeof minimum === "number" && { min: minimum }),
    ...(typeof maximum === "number" && { max: maximum }),
    ...(param.items !== undefined && { items: param.items.map((item) => part(found, name, param, item, lang)) }),
  };
}

/** A part of a tuple or list need not be filled in where the whole need not. */
function part(found: Found, name: string, whole: Param, item: Param, lang: Lang): Field {
  return { ...field(found, name, item, lang), required: whole.required && item.required };
}

/** The columns of a form as a table: a field a row. */
export const fieldColumns: Columns = [
  { name: "key", type: "text" },
  { name: "kind", type: "text" },
  { name: "help", type: "text" },
  { name: "required", type: "boolean" },
  { name: "default", type: "any" },
  { name: "choices", type: "list" },
  { name: "words", type: "integer" },
  { name: "items", type: "list" },
  { name: "option", type: "boolean" },
  { name: "each", type: "boolean" },
  { name: "min", type: "any" },
  { name: "max", type: "any" },
];

/** Gives the fields of a form as rows. */
export function fieldRows(found: Found, lang: Lang = "en"): readonly Row[] {
  return formFields(found, lang).fields.map(({ name, option = false, each = false, ...rest }) => ({
    key: name,
    ...rest,
    option,
    each,
  }));
}

/** The columns of the list of forms. */
export const formColumns: Columns = [
  { name: "key", type: "text" },
  { name: "module", type: "text" },
  { name: "effect", type: "text" },
  { name: "name", type: "text" },
  { name: "help", type: "text" },
];

/** Gives a command as a row of the list of forms. */
export function formRow({ command, right, node, effect }: Found, lang: Lang = "en"): Row {
  return { key: right, module: node.path, effect, name: usage(command), help: helpIn(command.help, lang) };
}

/** Writes the form of a command as an HTML fieldset. */
export function form(found: Found, lang: Lang = "en"): string {
  const { name, help, fields } = formFields(found, lang);
  const inputs = fields.map((one) => `<label>${escapeHtml(one.label)} ${inputsOf(one)}</label>`);
  return `<fieldset name="${escapeHtml(name)}"><legend>${escapeHtml(help)}</legend>${inputs.join("")}</fieldset>`;
}

/** Writes the inputs of one field; a tuple has one for each of its parts. */
function inputsOf(one: Field): string {
  if (one.kind === "tuple") return (one.items ?? []).map(inputsOf).join(" ");
  const chosen = one.kind === "boolean" ? ["true", "false"] : one.choices;
  if (chosen !== undefined) return select(one, chosen);
  return input(one);
}

function select(one: Field, choices: readonly string[]): string {
  const many = one.kind === "list";
  const empty = one.required || many || one.default !== undefined ? [] : ["<option></option>"];
  const chosen = choices.map((choice) => {
    const selected = String(one.default) === choice ? " selected" : "";
    return `<option${selected}>${escapeHtml(choice)}</option>`;
  });
  return `<select${attributes(one)}${many ? " multiple" : ""}>${[...empty, ...chosen].join("")}</select>`;
}

const inputTypes: ReadonlyMap<Kind, string> = new Map([
  ["flag", "checkbox"],
  ["secret", "password"],
  ["integer", "number"],
  ["float", "number"],
]);

function input(one: Field): string {
  const type = inputTypes.get(one.kind) ?? "text";
  const step = one.kind === "float" ? ' step="any"' : "";
  const secret = one.kind === "secret" ? ' autocomplete="off"' : "";
  const value = one.default === undefined ? "" : ` value="${escapeHtml(asText(one.default))}"`;
  return `<input${attributes(one)} type="${type}"${step}${secret}${value}>`;
}

function attributes({ name, help, required }: Field): string {
  return ` name="${escapeHtml(name)}" title="${escapeHtml(help)}"${required ? " required" : ""}`;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
