/**
 * The kinds of values a command takes and a table holds. A kind says how to read a value from words and from JSON, what
 * type it has, and how it looks as JSON Schema; everything else (usage, completion, forms) is worked out from that.
 * A new kind is one function here. They stay in one file because each is short and a new one is made by looking at the others.
 */
import { type Config, isConfig } from "./context.ts";
import type { Help } from "./help-text.ts";
import { parseDuration, parseSize, parseTime } from "./kit/time.ts";
import { Duration, Float, type Type, typeOf, type Value } from "./kit/value.ts";
import type { ContextNode } from "./tree.ts";
import { textOf, type Word, type Words } from "./word.ts";
import { wordSchema, wordsFromJson } from "./word-json.ts";

export type Kind =
  | "text"
  | "secret"
  | "integer"
  | "float"
  | "boolean"
  | "flag"
  | "choice"
  | "path"
  | "address"
  | "duration"
  | "time"
  | "size"
  | "json"
  | "expression"
  | "command"
  | "list"
  | "tuple"
  | "map"
  | "any";

/** A value that may come next while somebody types. */
export interface Suggestion {
  readonly value: string;
  readonly help?: string;
}
/** What a completer may know of whoever types. */
export interface Completing {
  /** The folder of the session. */
  readonly cwd: string;
  /** The context of the session; all others can be reached from it. */
  readonly from: ContextNode;
  /** The words after the command's name, up to the one that is typed. */
  readonly words: readonly string[];
}
export type Completer = (
  prefix: string,
  at: Completing,
) => Iterable<string | Suggestion> | Promise<Iterable<string | Suggestion>>;

export type JsonSchema = { readonly [key: string]: unknown };

/** One value a command takes, or one column of its table. */
export interface Param<T = unknown> {
  readonly kind: Kind;
  /** The type of the value, as a column and in the language. */
  readonly type: Type;
  readonly help: Help;
  /** How many words it takes: 0 for a flag, -1 for all that are left. */
  readonly words: number;
  readonly required: boolean;
  /** The value when none is given; a config makes it a setting that can change at run time. */
  readonly default?: T | Config<T>;
  readonly choices?: readonly string[];
  readonly items?: readonly Param[];
  /** A path that takes all files a pattern finds. */
  readonly many?: boolean;
  /** Takes every word as it stands, options too: the words of a system program. */
  readonly verbatim?: boolean;
  /** A list that takes one item each time its key is given. */
  readonly each?: boolean;
  readonly complete?: Completer;
  /** Reads the value from its words, or throws a `Mismatch`. */
  read(words: Words): T;
  /** Checks a value that came as JSON, or throws a `Mismatch`. */
  check(value: unknown): T;
  readonly schema: JsonSchema;
}

export type Params = Readonly<Record<string, Param>>;
/** The object a handler receives for these parameters. */
export type Input<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** Says why a value does not fit: `must be a whole number, but is "x"`. */
export class Mismatch extends Error {}

interface Extra<T> {
  readonly default?: T | Config<T>;
  readonly optional?: true;
  readonly complete?: Completer;
}
type Given<T, X> = X extends { readonly optional: true } ? T | undefined : T;
type Base<T> = Omit<Param<T>, "required" | "default" | "complete">;

function param<T, X extends Extra<T>>(base: Base<T>, extra: X | undefined): Param<Given<T, X>> {
  const required = extra?.optional !== true && extra?.default === undefined && base.words > 0;
  const { optional: _, ...rest } = extra ?? {};
  return { ...base, ...rest, required } as unknown as Param<Given<T, X>>;
}

const shown = (value: unknown): string => {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
};
const must = (what: string, value: unknown): Mismatch => new Mismatch(`must be ${what}, but is ${shown(value)}`);
/** The one word of a kind that takes one; a typed value (from `$x`) travels beside its text. */
const one = (words: Words): string | Word => words[0] ?? "";
const typed = (word: string | Word): Value | undefined => (typeof word === "string" ? undefined : word.value);

function readText(words: Words): string {
  return textOf(one(words));
}
function checkText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw must("text", value);
}

export function text<const X extends Extra<string>>(help: Help, extra?: X): Param<Given<string, X>> {
  return param<string, X>(
    { kind: "text", type: "text", help, words: 1, read: readText, check: checkText, schema: { type: "string" } },
    extra,
  );
}

/** Text that is never shown, logged or kept: passwords, tokens. */
export function secret<const X extends Extra<string>>(help: Help, extra?: X): Param<Given<string, X>> {
  const schema = { type: "string", format: "password", writeOnly: true };
  const check = (value: unknown): string => {
    if (typeof value === "object" || value === undefined) throw new Mismatch("must be text");
    return String(value);
  };
  return param<string, X>({ kind: "secret", type: "text", help, words: 1, read: readText, check, schema }, extra);
}

interface Range {
  readonly min?: number;
  readonly max?: number;
}
function inRange(value: number, { min, max }: Range, what: string): number {
  if (min !== undefined && value < min) throw must(`${what} from ${min}`, value);
  if (max !== undefined && value > max) throw must(`${what} up to ${max}`, value);
  return value;
}
function rangeSchema({ min, max }: Range): JsonSchema {
  return { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
}

export function integer<const X extends Extra<number> & Range>(help: Help, extra?: X): Param<Given<number, X>> {
  const what = "a whole number";
  const check = (value: unknown): number => {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw must(what, value);
    return inRange(value, extra ?? {}, what);
  };
  const read = (words: Words): number => {
    const word = textOf(one(words));
    if (!/^-?\d{1,16}$/.test(word)) throw must(what, word);
    return check(Number(word));
  };
  const schema = { type: "integer", ...rangeSchema(extra ?? {}) };
  return param<number, X>({ kind: "integer", type: "integer", help, words: 1, read, check, schema }, extra);
}

/** A number with a fraction. */
export function float<const X extends Extra<number> & Range>(help: Help, extra?: X): Param<Given<number, X>> {
  const what = "a number";
  const check = (value: unknown): number => {
    const n = value instanceof Float ? value.n : value;
    if (typeof n !== "number" || !Number.isFinite(n)) throw must(what, value);
    return inRange(n, extra ?? {}, what);
  };
  const read = (words: Words): number => {
    const word = textOf(one(words));
    if (!/^-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(word)) throw must(what, word);
    return check(Number(word));
  };
  const schema = { type: "number", ...rangeSchema(extra ?? {}) };
  return param<number, X>({ kind: "float", type: "float", help, words: 1, read, check, schema }, extra);
}

const yes = new Set(["true", "yes", "on", "1"]);
const no = new Set(["false", "no", "off", "0", ""]);

/** A yes or no that is said with a word; `flag` is said by its name alone. */
export function boolean<const X extends Extra<boolean>>(help: Help, extra?: X): Param<Given<boolean, X>> {
  const check = (value: unknown): boolean => {
    if (typeof value === "boolean") return value;
    const word = String(value).toLowerCase();
    if (yes.has(word)) return true;
    if (no.has(word)) return false;
    throw must("true or false", value);
  };
  return param<boolean, X>(
    {
      kind: "boolean",
      type: "boolean",
      help,
      words: 1,
      read: (words) => check(textOf(one(words))),
      check,
      schema: { type: "boolean" },
    },
    extra,
  );
}

/** An option that is on when its name stands there, and takes no word. */
export function flag(help: Help): Param<boolean> {
  const { check } = boolean(help);
  return {
    kind: "flag",
    type: "boolean",
    help,
    words: 0,
    required: false,
    default: false,
    read: () => true,
    check,
    schema: { type: "boolean" },
  };
}

export function choice<const C extends string, const X extends Extra<C>>(
  choices: readonly C[],
  help: Help,
  extra?: X,
): Param<Given<C, X>> {
  const check = (value: unknown): C => {
    const found = choices.find((known) => known === value);
    if (found === undefined) throw must(choices.join(", "), value);
    return found;
  };
  const read = (words: Words): C => check(textOf(one(words)));
  const schema = { type: "string", enum: choices };
  return param<C, X>({ kind: "choice", type: "text", help, words: 1, choices, read, check, schema }, extra);
}

/** A file or folder, as it was typed; handlers find it with `m.path`. */
export function path<const X extends Extra<string>>(help: Help, extra?: X): Param<Given<string, X>> {
  return param<string, X>(
    { kind: "path", type: "text", help, words: 1, read: readText, check: checkText, schema: { type: "string" } },
    extra,
  );
}

/** The address of a node or context: `com.mac.led`, `demo:nfs`. */
export function address<const X extends Extra<string>>(help: Help, extra?: X): Param<Given<string, X>> {
  return param<string, X>(
    { kind: "address", type: "text", help, words: 1, read: readText, check: checkText, schema: { type: "string" } },
    extra,
  );
}

/** A length of time, to the handler as milliseconds; a bare number counts as milliseconds. */
export function duration<const X extends Extra<number>>(help: Help, extra?: X): Param<Given<number, X>> {
  const what = "a duration such as 500ms, 10s, 2h30m";
  const check = (value: unknown): number => {
    if (value instanceof Duration) return value.ms;
    const isBare = typeof value === "string" && /^\d+$/.test(value);
    const ms = isBare ? Number(value) : typeof value === "string" ? parseDuration(value) : value;
    if (typeof ms !== "number" || !Number.isFinite(ms)) throw must(what, value);
    return ms;
  };
  const read = (words: Words): number => {
    const word = one(words);
    const value = typed(word);
    return value instanceof Duration ? value.ms : check(textOf(word));
  };
  const schema = { type: ["number", "string"], description: "milliseconds, or text such as 2h30m" };
  return param<number, X>({ kind: "duration", type: "duration", help, words: 1, read, check, schema }, extra);
}

/** An instant. */
export function time<const X extends Extra<Date>>(help: Help, extra?: X): Param<Given<Date, X>> {
  const check = (value: unknown): Date => {
    const isBare = typeof value === "string" && /^-?\d{9,}$/.test(value);
    const ms = isBare ? Number(value) : typeof value === "string" ? parseTime(value) : value;
    const date = ms instanceof Date ? ms : new Date(typeof ms === "number" ? ms : Number.NaN);
    if (Number.isNaN(date.getTime())) throw must("a time such as 2019-05-10 11:11:02", value);
    return date;
  };
  const read = (words: Words): Date => {
    const word = one(words);
    const value = typed(word);
    return value instanceof Date ? value : check(textOf(word));
  };
  const schema = { type: "string", format: "date-time" };
  return param<Date, X>({ kind: "time", type: "time", help, words: 1, read, check, schema }, extra);
}

/** A number of bytes; `10kb` is 10,000 and `10kib` 10,240. */
export function size<const X extends Extra<number>>(help: Help, extra?: X): Param<Given<number, X>> {
  const check = (value: unknown): number => {
    const bytes = typeof value === "number" ? value : typeof value === "string" ? parseSize(value) : undefined;
    if (bytes === undefined || !Number.isSafeInteger(bytes)) throw must("a size such as 512, 10kb, 4mib", value);
    return bytes;
  };
  const read = (words: Words): number => {
    const word = textOf(one(words));
    return check(/^\d+$/.test(word) ? Number(word) : word);
  };
  const schema = { type: ["integer", "string"], description: "bytes, or text such as 10kb" };
  return param<number, X>({ kind: "size", type: "size", help, words: 1, read, check, schema }, extra);
}

/** Any JSON value; a word that is no JSON is taken as text. */
export function json<const X extends Extra<Value>>(help: Help, extra?: X): Param<Given<Value, X>> {
  const read = (words: Words): Value => {
    const word = one(words);
    const value = typed(word);
    if (value !== undefined) return value;
    try {
      return JSON.parse(textOf(word)) as Value;
    } catch {
      return textOf(word);
    }
  };
  const check = (value: unknown): Value => value as Value;
  return param<Value, X>({ kind: "json", type: "any", help, words: 1, read, check, schema: {} }, extra);
}

/** An expression in one word, as `where` takes it. */
export function expression<const X extends Extra<string>>(help: Help, extra?: X): Param<Given<string, X>> {
  return param<string, X>(
    { kind: "expression", type: "text", help, words: 1, read: readText, check: checkText, schema: { type: "string" } },
    extra,
  );
}

/** The rest of the line as another command: from its first word on nothing is an option of this one. */
export function command(help: Help, extra?: { readonly optional?: true; readonly verbatim?: true }): Param<Words> {
  const check = (value: unknown): Words => {
    const words = wordsFromJson(value);
    if (words === undefined) throw must("a list of words", value);
    return words;
  };
  return {
    kind: "command",
    type: "list",
    help,
    words: -1,
    required: extra?.optional !== true,
    verbatim: extra?.verbatim === true,
    default: [],
    read: (words) => words,
    check,
    schema: { type: "array", items: wordSchema },
  };
}

interface ListExtra {
  readonly required?: true;
  /** One item a key, `cmd_env A=1 cmd_env B=2`, where a list would else take all words that are left. */
  readonly each?: true;
}

/** All words that are left, each read as the item. */
export function list<T>(item: Param<T>, extra: ListExtra = {}): Param<readonly T[]> {
  return {
    ...item,
    kind: "list",
    type: "list",
    words: extra.each === true ? item.words : -1,
    each: extra.each === true,
    required: extra.required === true,
    default: [],
    items: [item as Param],
    read: (words) => words.map((word) => item.read([word])),
    check: (value) => (Array.isArray(value) ? value : [value]).map((part) => item.check(part)),
    schema: { type: "array", items: item.schema },
  };
}

/** A fixed number of words, each of its own kind. */
export function tuple<const T extends readonly Param[]>(
  items: T,
  help: Help,
): Param<{ readonly [I in keyof T]: T[I] extends Param<infer V> ? V : never } | undefined> {
  const check = (value: unknown): never => {
    if (!Array.isArray(value) || value.length !== items.length) throw must(`a list of ${items.length} values`, value);
    return items.map((item, i) => item.check(value[i])) as never;
  };
  return {
    kind: "tuple",
    type: "list",
    help,
    words: items.length,
    items,
    required: false,
    read: (words) => items.map((item, i) => item.read([words[i] ?? ""])) as never,
    check,
    schema: { type: "array", prefixItems: items.map((item) => item.schema), minItems: items.length },
  };
}

/** A column of mixed values, each telling its own type. */
export function any(help: Help): Param<Value> {
  return json(help, { optional: true }) as Param<Value>;
}

/** Tells whether a value of this parameter is a secret or holds one. */
export function isSecret({ kind, items }: Param): boolean {
  return kind === "secret" || items?.some(isSecret) === true;
}

/** Gives the value a parameter has when nothing is said. */
export function defaultOf({ default: given }: Param, conf: <T>(token: Config<T>) => T): unknown {
  return isConfig(given) ? conf(given) : given;
}

/** Names the type a value has, for `config` and completion. */
export function kindOf(value: Value): Type {
  return typeOf(value);
}
