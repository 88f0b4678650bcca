/**
 * Finds records and fields in CSV (RFC 4180, UTF-8), and nothing more: a field is two offsets until somebody wants to
 * read it, so columns that nobody looks at cost one walk over their bytes and are never decoded.
 *
 * More lenient than the RFC where files in the wild are: `\n` and `\r\n` both end a record, a quote inside a bare field
 * is a character like others, what follows a closing quote belongs to the field, missing fields at a record's end are
 * null. Empty lines are no records, unless there is but one column.
 */
import { isAscii } from "node:buffer";

/** How fields are told apart. */
export interface CsvForm {
  /** One ASCII character. */
  readonly separator: string;
  /** True: fields may stand in double quotes. False: `\t`, `\n`, `\r`, `\\` stand for characters, as in our TSV. */
  readonly quotes: boolean;
}

/** Some records. The offsets of field `f` of record `r` lie at index `r * fields + f`; -1 is a missing field. */
export interface CsvRecords {
  /** Where the first record begins. */
  readonly start: number;
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the next record begins. */
  readonly end: number;
  /** Line ends up to there, also those inside quotes. */
  readonly lines: number;
  /** Why the scan stopped: enough records, the bytes ran out, a record with too many fields, or an open quote. */
  readonly stop: "full" | "out" | "extra" | "open";
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const minus = 0x2d;
const fullStop = 0x2e;
const zero = 0x30;
/** In place of a byte, after the last one. */
const ended = -1;

/**
 * Finds at most `most` records of `fields` fields from `start` on. A record that is not finished is left for
 * the next call with more bytes, unless this is `last`.
 */
export function scanCsv(
  bytes: Uint8Array,
  start: number,
  form: CsvForm,
  fields: number,
  most: number,
  last: boolean,
): CsvRecords {
  const separator = form.separator.charCodeAt(0);
  const { quotes } = form;
  const from = new Int32Array(most * fields);
  const to = new Int32Array(most * fields);
  const { length } = bytes;
  let count = 0;
  let lines = 0;
  let end = start;
  let linesAtEnd = 0;
  const stopped = (stop: CsvRecords["stop"]): CsvRecords => ({ start, count, from, to, end, lines: linesAtEnd, stop });

  while (count < most) {
    if (end >= length) return stopped("out");
    const base = count * fields;
    let field = 0;
    let at = end;
    for (;;) {
      const begin = at;
      let code = at < length ? (bytes[at] as number) : ended;
      if (quotes && code === quote) {
        // To the quote that is not doubled.
        for (at++; ; at++) {
          if (at >= length) return stopped(last ? "open" : "out");
          code = bytes[at] as number;
          if (code === lineFeed) lines++;
          else if (code === quote) {
            if (bytes[at + 1] !== quote) break;
            at++;
          }
        }
        at++;
      }
      for (; at < length; at++) {
        code = bytes[at] as number;
        if (code === separator || code === lineFeed) break;
      }
      // Also a quote that ends the text waits for more: it may be the first half of a doubled one.
      if (at >= length) {
        if (!last) return stopped("out");
        code = ended;
      }
      if (field >= fields) return stopped("extra");
      from[base + field] = begin;
      to[base + field] = code !== separator && at > begin && bytes[at - 1] === carriageReturn ? at - 1 : at;
      field++;
      at++;
      if (code === separator) continue;
      if (code === lineFeed) lines++;
      break;
    }
    end = Math.min(at, length);
    linesAtEnd = lines;
    if (field === 1 && fields > 1 && from[base] === to[base]) continue;
    for (; field < fields; field++) {
      from[base + field] = -1;
      to[base + field] = -1;
    }
    count++;
  }
  return stopped("full");
}

/** Reads fields of records. */
export interface CsvFields {
  /** Gives a field as text; null when it is missing, or empty and not in quotes. */
  text(index: number): string | null;
  /** Gives a field as a number if it looks like one, else as `text` does. */
  number(index: number): string | number | null;
}

/** Prepares to read fields of records that `scanCsv` found. */
export function csvFields(bytes: Uint8Array, { start, end, from, to }: CsvRecords, form: CsvForm): CsvFields {
  // One string of a batch, cut into pieces, is much faster than decoding each field; Latin-1 keeps bytes and units
  // in step, and only what holds bytes beyond ASCII is decoded once more.
  let latin: string | undefined;
  let ascii = false;
  const decoded = new Map<string, string>();

  const slice = (first: number, after: number): string => {
    if (latin === undefined) {
      const all = bytes.subarray(start, end);
      latin = Buffer.from(all.buffer, all.byteOffset, all.length).toString("latin1");
      ascii = isAscii(all);
    }
    const piece = latin.slice(first - start, after - start);
    return ascii || isAsciiText(piece) ? piece : decode(piece, decoded);
  };
  const text = (index: number): string | null => {
    const first = from[index] as number;
    const after = to[index] as number;
    if (first >= after) return null;
    if (form.quotes) return bytes[first] === quote ? unquoted(slice(first + 1, after)) : slice(first, after);
    return unescaped(slice(first, after));
  };
  return {
    text,
    number(index) {
      const short = shortNumber(bytes, from[index] as number, to[index] as number);
      if (short !== undefined) return short;
      const field = text(index);
      return field === null || looksLike(field) === undefined ? field : Number(field);
    },
  };
}

function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Most different texts remembered of a batch: columns of cities and names repeat theirs. */
const mostDecoded = 1024;

function decode(piece: string, decoded: Map<string, string>): string {
  const known = decoded.get(piece);
  if (known !== undefined) return known;
  const text = Buffer.from(piece, "latin1").toString("utf8");
  if (decoded.size < mostDecoded) decoded.set(piece, text);
  return text;
}

/** Takes the text after an opening quote; nearly always its last character is the closing one and the only one. */
function unquoted(text: string): string {
  const first = text.indexOf('"');
  if (first === text.length - 1) return text.slice(0, -1);
  const closing = /^[^"]*(?:""[^"]*)*/.exec(text)?.[0].length ?? 0;
  return text.slice(0, closing).replaceAll('""', '"') + text.slice(closing + 1);
}

function unescaped(field: string): string {
  if (!field.includes("\\")) return field;
  return field.replace(/\\([tnr\\])/g, (_, letter: string) => meanings.get(letter) ?? letter);
}

const meanings = new Map([
  ["t", "\t"],
  ["n", "\n"],
  ["r", "\r"],
]);

const powersOfTen = Array.from({ length: 16 }, (_, i) => 10 ** i);

/**
 * Reads a number of at most 15 digits without making a text of it first. Both its digits and the power of ten are
 * exact, so their quotient is the nearest double, as `Number` would give.
 */
function shortNumber(bytes: Uint8Array, from: number, to: number): number | undefined {
  const start = bytes[from] === minus ? from + 1 : from;
  if (to - start < 1 || to - start > 16) return undefined;
  let n = 0;
  let point = -1;
  for (let i = start; i < to; i++) {
    const digit = (bytes[i] as number) - zero;
    if (digit >= 0 && digit <= 9) n = n * 10 + digit;
    else if (bytes[i] === fullStop && point < 0) point = i;
    else return undefined;
  }
  const whole = (point < 0 ? to : point) - start;
  const fraction = point < 0 ? 0 : to - point - 1;
  const isNumber = whole > 0 && whole + fraction <= 15 && (whole === 1 || bytes[start] !== zero);
  if (!isNumber || (point >= 0 && fraction === 0)) return undefined;
  const value = fraction === 0 ? n : n / (powersOfTen[fraction] as number);
  return start > from ? 0 - value : value;
}

/** Tells whether a text looks like a number, and of which kind; integers too large to be exact are none. */
export function looksLike(text: string): "integer" | "float" | undefined {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return undefined;
  if (text.includes(".")) return "float";
  return Number.isSafeInteger(Number(text)) ? "integer" : undefined;
}

/** Makes names that can stand for columns: an empty one becomes `column`, one that is taken `name_2`. */
export function uniqueNames(names: readonly (string | null)[]): string[] {
  const taken = new Set(names.filter((name) => name !== null && name !== ""));
  const used = new Set<string>();
  return names.map((given) => {
    const name = given === null || given === "" ? "column" : given;
    let unique = name;
    for (let n = 2; used.has(unique) || (unique !== given && taken.has(unique)); n++) unique = `${name}_${n}`;
    used.add(unique);
    return unique;
  });
}
