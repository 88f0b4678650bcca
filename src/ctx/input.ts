/** Turns what a caller gave (words, or JSON) into the typed input of a handler. */

import { usage } from "./describe/usage.ts";
import { type CtxError, fail } from "./errors.ts";
import { didYouMean } from "./kit/suggest.ts";
import type { Value } from "./kit/value.ts";
import { defaultOf, isSecret, Mismatch, type Param } from "./param.ts";
import type { Format } from "./render/index.ts";
import type { Found, Tree } from "./tree.ts";
import { isBare, textOf, type Word, type Words } from "./word.ts";

/** What was read from a call. */
export interface ReadInput {
  readonly input: { readonly [key: string]: unknown };
  /** The options among it that the caller gave; secrets are left out. */
  readonly given: { readonly [key: string]: Value };
  /** How the answer is wanted: `--json` and its like. */
  readonly format?: Format;
  /** `--help`: the help of the command is the answer. */
  readonly help?: true;
}

const formatFlags: ReadonlyMap<string, Format> = new Map(
  (["json", "ndjson", "csv", "tsv", "yaml", "md", "html", "text"] as const).map((name) => [`--${name}`, name]),
);

function bad(
  found: Found,
  problem: string,
  hint?: string | undefined,
  word?: string | Word,
  cause?: unknown,
): CtxError {
  const at = typeof word === "object" ? word.at : undefined;
  return fail("bad_argument", { command: found.command.name, problem }, { hint, at, cause });
}
const usageHint = (found: Found): string => `usage: ${usage(found.command)}`;

function read(found: Found, key: string, param: Param, words: Words): unknown {
  try {
    return param.read(words);
  } catch (cause) {
    if (cause instanceof Mismatch) throw bad(found, `${key} ${cause.message}`, hintFor(param, words), words[0], cause);
    throw cause;
  }
}
function hintFor(param: Param, words: Words): string | undefined {
  return param.choices === undefined || words[0] === undefined
    ? undefined
    : didYouMean(textOf(words[0]), param.choices);
}

/**
 * Reads words: `key value...` pairs as the command declares them in any order among the positional ones, `--key value`
 * and `--key=value` for the same keys, `--` to end options. A word that was not typed bare is never an option.
 */
export function readWords(tree: Tree, found: Found, words: Words, start = 1): ReadInput {
  const input: { [key: string]: unknown } = {};
  const rest: (string | Word)[] = [];
  const { args, options } = found;
  let format: Format | undefined;
  if (args[0]?.[1].verbatim === true) return { input: { [args[0][0]]: words.slice(start) }, given: none };
  let optionsEnded = false;
  const stopAt = args.findIndex(([, param]) => param.kind === "command");
  for (let i = start; i < words.length; i++) {
    const word = words[i] as string | Word;
    if (stopAt >= 0 && rest.length > stopAt) {
      rest.push(word);
      continue;
    }
    const text = textOf(word);
    if (optionsEnded || !isBare(word)) {
      rest.push(word);
      continue;
    }
    let key = text;
    let value: string | undefined;
    if (text.charCodeAt(0) === 45 && text.startsWith("--")) {
      if (text === "--") {
        optionsEnded = true;
        continue;
      }
      if (stopAt < 0 || rest.length <= stopAt) {
        if (text === "--help") return { input, given: none, help: true };
        const wanted = formatFlags.get(text);
        if (wanted !== undefined) {
          format = wanted;
          continue;
        }
      }
      const equals = text.indexOf("=");
      key = equals < 0 ? text.slice(2) : text.slice(2, equals);
      if (equals >= 0) value = text.slice(equals + 1);
      if (!options.has(key)) {
        const names = [...options.keys(), "help", "json", "csv"].map((name) => `--${name}`);
        throw bad(found, `does not know "--${key}"`, didYouMean(`--${key}`, names) ?? usageHint(found), word);
      }
    }
    const option = options.get(key);
    if (option === undefined) {
      rest.push(word);
      continue;
    }
    if (value !== undefined) {
      put(input, key, option, read(found, key, option.words === 0 ? said(option) : option, [value]));
      continue;
    }
    const count = option.words < 0 ? words.length - i - 1 : option.words;
    if (i + count >= words.length) {
      const missing = option.words === 1 ? "needs a value" : `needs ${option.words} values`;
      throw bad(found, `${key} ${missing}`, usageHint(found), word);
    }
    put(input, key, option, read(found, key, option, option.words === 0 ? [] : words.slice(i + 1, i + 1 + count)));
    i += count;
  }
  readPositional(tree, found, rest, input, words[0]);
  const given = givenOptions(found, input);
  fillOptions(tree, found, input);
  return format === undefined ? { input, given } : { input, given, format };
}

/** Reads words that stand for themselves into the arguments that have no value yet, in order. */
function readPositional(
  tree: Tree,
  found: Found,
  rest: Words,
  input: { [key: string]: unknown },
  first?: string | Word,
): void {
  let next = 0;
  for (const [key, param] of found.args) {
    if (next < rest.length) {
      if (Object.hasOwn(input, key)) throw bad(found, `${key} is given twice`, usageHint(found), rest[next]);
      const count = param.words < 0 ? rest.length - next : param.words;
      if (next + count > rest.length) throw bad(found, `${key} needs ${count} words`, usageHint(found), rest[next]);
      input[key] = read(found, key, param, next === 0 && count === rest.length ? rest : rest.slice(next, next + count));
      next += count;
    } else if (Object.hasOwn(input, key)) continue;
    else if (param.required) throw bad(found, `${key} is missing`, usageHint(found), first);
    else if (param.default !== undefined) input[key] = defaultOf(param, (token) => tree.conf(token));
  }
  if (next >= rest.length) return;
  const extra = rest[next] as string | Word;
  const near = found.hasSecret ? undefined : didYouMean(textOf(extra), found.options.keys());
  const problem = found.hasSecret ? "does not take so many words" : `does not take "${textOf(extra)}"`;
  throw bad(found, problem, near ?? usageHint(found), extra);
}

/** A flag as it is read from a word of its own: `--deep=no`. */
const said = (flag: Param): Param => ({ ...flag, read: (words) => flag.check(textOf(words[0] ?? "")) });

/** Keeps the value of an option; of one that may be given again, all of them. */
function put(input: { [key: string]: unknown }, key: string, { each }: Param, value: unknown): void {
  const before = each === true ? input[key] : undefined;
  input[key] = Array.isArray(before) ? before.concat(value) : value;
}

const none: { readonly [key: string]: Value } = {};

function givenOptions(
  { options }: Found,
  input: { readonly [key: string]: unknown },
): { readonly [key: string]: Value } {
  let given: { [key: string]: Value } | undefined;
  for (const [key, param] of options) {
    if (!Object.hasOwn(input, key) || isSecret(param)) continue;
    given ??= {};
    given[key] = input[key] as Value;
  }
  return given ?? none;
}

function fillOptions(tree: Tree, found: Found, input: { [key: string]: unknown }): void {
  for (const [key, param] of found.options) {
    if (Object.hasOwn(input, key)) continue;
    if (param.required) throw bad(found, `${key} is missing`, usageHint(found));
    if (param.default !== undefined) input[key] = defaultOf(param, (token) => tree.conf(token));
  }
}

function paramOf({ args, options }: Found, key: string): Param | undefined {
  return options.get(key) ?? args.find(([name]) => name === key)?.[1];
}

function unknownKey(found: Found, key: string): CtxError {
  const keys = [...found.args.map(([name]) => name), ...found.options.keys()];
  return bad(found, `does not know "${key}"`, didYouMean(key, keys) ?? usageHint(found));
}

/**
 * Reads a JSON object: the same keys, each checked by its parameter. Under `args` may stand a list of words for the
 * arguments; such a word is never an option.
 */
export function readJson(tree: Tree, found: Found, given: { readonly [key: string]: unknown }): ReadInput {
  const input: { [key: string]: unknown } = {};
  let rest: Words = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const param = paramOf(found, key);
    if (param !== undefined) input[key] = check(found, key, param, value);
    else if (key === "args") rest = wordsIn(found, value);
    else throw unknownKey(found, key);
  }
  return complete(tree, found, rest, input);
}

/** Reads texts by key, as a query or a form has them: each as the words of its parameter, `args` as in JSON. */
export function readTexts(tree: Tree, found: Found, given: ReadonlyMap<string, readonly string[]>): ReadInput {
  const input: { [key: string]: unknown } = {};
  let rest: Words = [];
  for (const [key, texts] of given) {
    const param = paramOf(found, key);
    if (param !== undefined) input[key] = readText(found, key, param, texts);
    else if (key === "args") rest = texts;
    else throw unknownKey(found, key);
  }
  return complete(tree, found, rest, input);
}

function complete(tree: Tree, found: Found, rest: Words, input: { [key: string]: unknown }): ReadInput {
  readPositional(tree, found, rest, input);
  const given = givenOptions(found, input);
  fillOptions(tree, found, input);
  return { input, given };
}

function check(found: Found, key: string, param: Param, value: unknown): unknown {
  try {
    return param.check(value);
  } catch (cause) {
    if (cause instanceof Mismatch) throw bad(found, `${key} ${cause.message}`, undefined, undefined, cause);
    throw cause;
  }
}

function wordsIn(found: Found, value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((word) => {
    if (typeof word === "object" || word === undefined) throw bad(found, "args must be a list of words");
    return String(word);
  });
}

function readText(found: Found, key: string, param: Param, texts: readonly string[]): unknown {
  const { words, each } = param;
  const wanted = words === 0 ? 1 : words;
  if (each !== true && wanted > 0 && texts.length !== wanted) {
    const problem = wanted === 1 ? `${key} is given twice` : `${key} needs ${wanted} values`;
    throw bad(found, problem, usageHint(found));
  }
  if (words > 0 || each === true || words < 0) return read(found, key, param, texts);
  // A flag is said by its name alone, too: `?dir_deep`.
  return texts[0] === "" ? true : read(found, key, said(param), texts);
}
