/** Reads JSON from strangers: says where it is broken, and lets nothing in that would surprise later. */
import { fail } from "../errors.ts";
import { Source } from "../source.ts";
import type { Value } from "./value.ts";

/** What came of reading a text: a value, or what is wrong with it and where. */
export type Parsed =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string; readonly at: number; readonly partial: boolean };

/** Deepest nesting of lists and maps that is read. */
const deepest = 500;

/**
 * Reads JSON that errors call `name`; a text that is none, a key `__proto__` and nesting beyond 500 are a
 * `parse_error` with its place. Integers too large to be exact become text, so that the id of a foreign system comes
 * through unharmed.
 */
export function parseJson(text: string, name: string, firstLine = 1): Value {
  return valueOrFail(readJson(text), new Source(name, text, firstLine));
}

/** Gives the value that was read from a source, or throws the `parse_error` that says where it is broken. */
export function valueOrFail(parsed: Parsed, source: Source): Value {
  if (parsed.ok) return parsed.value;
  const { problem, at, partial } = parsed;
  throw fail("parse_error", { problem }, { partial, at: { source, span: { start: at, end: at + 1 } } });
}

function readJson(text: string): Parsed {
  const clean = text.startsWith("\ufeff") ? text.slice(1) : text;
  let value: Value;
  try {
    value = JSON.parse(/\d{16}/.test(clean) ? quoteLargeIntegers(clean) : clean);
  } catch {
    const found = findProblem(clean);
    return { ...found, at: found.at + (text.length - clean.length) };
  }
  const problem = flawOf(value);
  if (problem !== undefined)
    return { ok: false, problem, at: Math.max(0, text.indexOf('"__proto__"')), partial: false };
  return { ok: true, value };
}

/** Finds what makes a value that was read unfit for use: a key `__proto__`, or nesting that no printer would survive. */
export function flawOf(value: Value, depth = 0): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > deepest) return `lists and maps are nested deeper than ${deepest}`;
  const parts = value as { readonly [key: string]: Value };
  for (const key in parts) {
    if (key === "__proto__") return 'the key "__proto__" is not allowed';
    const part = parts[key];
    if (typeof part !== "object" || part === null) continue;
    const flaw = flawOf(part, depth + 1);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function quoteLargeIntegers(text: string): string {
  return text.replace(stringOrNumber, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

/** Blanks, then a bracket or sign, a string, a number or a word of JSON. */
const token =
  /[ \t\r\n]*([[\]{},:]|"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)?/y;

/** What may come next; `-close` where the list or map may also end. */
type Next = "value" | "value-close" | "key" | "key-close" | "colon" | "comma-close" | "end";

/** Finds the first place where a text stops being JSON. Only called when `JSON.parse` has refused it. */
function findProblem(text: string): Parsed & { ok: false } {
  const open: string[] = [];
  let next: Next = "value";
  token.lastIndex = 0;
  for (;;) {
    const found: string | undefined = token.exec(text)?.[1];
    const after: Next | undefined = found === undefined ? undefined : follow(next, found, open);
    if (after === undefined) return problemAt(text, token.lastIndex - (found?.length ?? 0), open);
    next = after;
  }
}

function follow(next: Next, found: string, open: string[]): Next | undefined {
  const closes = next.endsWith("-close") && (found === "]" || found === "}");
  if (closes) {
    if (open.pop() !== (found === "]" ? "[" : "{")) return undefined;
    return open.length === 0 ? "end" : "comma-close";
  }
  switch (next) {
    case "value":
    case "value-close":
      if (found === "[" || found === "{") {
        open.push(found);
        return found === "[" ? "value-close" : "key-close";
      }
      if ("]},:".includes(found)) return undefined;
      return open.length === 0 ? "end" : "comma-close";
    case "key":
    case "key-close":
      return found.startsWith('"') ? "colon" : undefined;
    case "colon":
      return found === ":" ? "value" : undefined;
    case "comma-close":
      if (found !== ",") return undefined;
      return open.at(-1) === "[" ? "value" : "key";
    case "end":
      return undefined;
  }
}

function problemAt(text: string, at: number, open: readonly string[]): Parsed & { ok: false } {
  if (text.trim() === "") return { ok: false, problem: "there is no JSON", at: 0, partial: true };
  if (at >= text.length) {
    const bracket = open.at(-1);
    const problem = bracket === undefined ? "the JSON ends too early" : `unclosed "${bracket}"`;
    return { ok: false, problem, at: text.length, partial: true };
  }
  if (text[at] === '"' && !/^"(?:[^"\\\n]|\\.)*"/.test(text.slice(at, at + 65_536))) {
    return { ok: false, problem: "unclosed text", at, partial: !text.includes("\n", at) };
  }
  const character = String.fromCodePoint(text.codePointAt(at) as number);
  return { ok: false, problem: `unexpected ${JSON.stringify(character)}`, at, partial: false };
}
