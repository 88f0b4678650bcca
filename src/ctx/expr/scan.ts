import { parseDuration, parseSize, parseTime } from "../kit/time.ts";
import { Duration, Float, looksLikeNumber, type Value } from "../kit/value.ts";

/**
 * The smallest pieces of expressions. The parser knows at every place whether a value or an operator may stand there
 * and asks for just that, so nothing is cut into tokens beforehand. All of these take the text and an offset.
 */

const blanks = /[^\S\n]+/y;
const blanksInside = /\s+/y;
const joined = /\\\r?\n/y;
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const key = /[\p{ID_Continue}]+/uy;
const time = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\p{ID_Continue}])/uy;
const operator = /\?\?|\|\||&&|==|!=|!~|<=|>=|>>|[?:+\-*/%!~<>=]/y;

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** Skips blanks and joined lines; inside brackets also newlines and comments. Gives the offset of what follows. */
export function skipBlanks(text: string, at: number, inside: boolean): number {
  // A loop and no pattern for the whole: a repeated group would overflow on megabytes of comments.
  let end = at;
  for (;;) {
    end += match(inside ? blanksInside : blanks, text, end).length;
    const sign = text[end];
    if (sign === "#" && inside) {
      const newline = text.indexOf("\n", end);
      end = newline < 0 ? text.length : newline;
      continue;
    }
    const length = sign === "\\" ? match(joined, text, end).length : 0;
    if (length === 0) return end;
    end += length;
  }
}

/** Gives the name that begins there, or "". */
export function nameAt(text: string, at: number): string {
  return match(name, text, at);
}

/** Gives the key that stands behind a dot, or "". */
export function keyAt(text: string, at: number): string {
  return match(key, text, at);
}

/** Gives the operator made of signs that begins there, or "". */
export function operatorAt(text: string, at: number): string {
  return match(operator, text, at);
}

/** Gives the character (code point) that stands there, or "" at the end. */
export function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** What was read: where it ends, and the value or what is wrong with it. */
export type Scanned<T> =
  | { readonly end: number; readonly value: T }
  | { readonly end: number; readonly problem: string; readonly hint?: string; readonly partial?: boolean };

/** Reads a number, time, duration or size that begins with the digit there. */
export function scanNumber(text: string, at: number): Scanned<Value> {
  const date = match(time, text, at);
  if (date !== "") {
    const end = at + date.length;
    const ms = parseTime(date);
    return ms === undefined ? { end, problem: `"${date}" is no time` } : { end, value: new Date(ms) };
  }
  const end = endOfNumber(text, at);
  const digits = text.slice(at, end);
  if (looksLikeNumber(digits)) {
    const number = Number(digits);
    if (!digits.includes(".")) return wholeNumber(digits, number, end);
    if (!Number.isFinite(number)) return { end, problem: `"${shorten(digits)}" is too large` };
    return { end, value: Number.isInteger(number) ? new Float(number) : number };
  }
  if (/^0x[0-9a-f]+$/i.test(digits)) return wholeNumber(digits, Number(digits), end);
  const ms = parseDuration(digits);
  if (ms !== undefined) return { end, value: new Duration(ms) };
  const bytes = parseSize(digits);
  const zeros = /^0\d/.test(digits);
  if (bytes !== undefined && !zeros) return { end, value: bytes };
  const plain = digits.replace(/^0+(?=\d)/, "");
  const hint = zeros && looksLikeNumber(plain) ? `write ${plain}, or quote it` : "quote it if it is text";
  return { end, problem: `"${shorten(digits)}" is no number`, hint };
}

/** Finds the end of what is written as one: digits, letters of a unit, and dots before digits. */
function endOfNumber(text: string, at: number): number {
  let end = at + keyAt(text, at).length;
  while (text[end] === "." && /\d/.test(text[end + 1] ?? "")) end += 1 + keyAt(text, end + 1).length;
  return end;
}

const shorten = (digits: string): string => (digits.length > 40 ? `${digits.slice(0, 40)}…` : digits);

function wholeNumber(digits: string, value: number, end: number): Scanned<Value> {
  if (Number.isSafeInteger(value)) return { end, value };
  return { end, problem: `"${shorten(digits)}" is too large for an integer`, hint: "the largest is 9007199254740991" };
}

/** Reads a text between single quotes, which has no escapes. */
export function scanRaw(text: string, at: number): Scanned<string> {
  const close = text.indexOf("'", at + 1);
  if (close < 0) return { end: text.length, problem: 'unclosed "\'"', partial: true };
  return { end: close + 1, value: text.slice(at + 1, close) };
}

/** Reads a column name between backticks; two of them stand for one within. */
export function scanColumn(text: string, at: number): Scanned<string> {
  let close = text.indexOf("`", at + 1);
  while (close >= 0 && text[close + 1] === "`") close = text.indexOf("`", close + 2);
  if (close < 0) return { end: text.length, problem: 'unclosed "`"', partial: true };
  return { end: close + 1, value: text.slice(at + 1, close).replaceAll("``", "`") };
}

/** Tells whether the `$` there begins something to fill in, rather than being plain text. */
export function fillsIn(text: string, at: number): boolean {
  return /[\w{(#*?]/.test(text[at + 1] ?? "");
}
