/**
 * Text in a terminal: how many cells it takes, how it is cut, how it is made harmless.
 *
 * A code point takes 0, 1 or 2 cells. Neighbours matter only inside emoji: a joined family, a flag or a skin tone is
 * one picture. So the width of a text is one walk over its code points with a small memory, and needs no segmenter;
 * what is known about a code point is looked up in pages of 256, each made when its first character turns up.
 */
import { eastAsianWidth } from "get-east-asian-width";

const cells = 0b11;
/** A picture, which a skin tone, a joiner or U+FE0F may follow. */
const picture = 0b100;
const skinTone = 0b1000;
/** Must not reach a terminal as it is: it moves the cursor, starts a sequence, breaks the line or turns its direction. */
const harmful = 0b10000;

const joiner = 0x200d;
const emojiStyle = 0xfe0f;

const pages: (Uint8Array | undefined)[] = new Array(0x110000 >> 8).fill(undefined);

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u{1160}-\u{11ff}\u{d7b0}-\u{d7ff}]$/u;
const isPicture = /^\p{Extended_Pictographic}$/u;
const isSkinTone = /^\p{Emoji_Modifier}$/u;
const isHarmful = /^[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}\u{fff9}-\u{fffb}]$/u;

function traitsOf(point: number): number {
  const character = String.fromCodePoint(point);
  return (
    (zeroWidth.test(character) ? 0 : eastAsianWidth(point)) |
    (isPicture.test(character) ? picture : 0) |
    (isSkinTone.test(character) ? skinTone : 0) |
    (isHarmful.test(character) ? harmful : 0)
  );
}

function traits(point: number): number {
  let page = pages[point >> 8];
  if (page === undefined) {
    const first = point & ~0xff;
    page = Uint8Array.from({ length: 256 }, (_, i) => traitsOf(first + i));
    pages[point >> 8] = page;
  }
  return page[point & 0xff] as number;
}

/** Tells whether a text is made of printable ASCII only: each character takes one cell and does no harm. */
export function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/** Counts the terminal cells a text takes; control characters take none. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : walk(text);
}

function walk(text: string): number {
  let width = 0;
  let drawn = 0; // cells of the picture that a skin tone, a joiner or U+FE0F would change; 0 when there is none
  let joined = false;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point > 0xffff) i++;
    if (point === emojiStyle) {
      const previous = drawn || keycapBase(text, i);
      if (previous === 1) width++;
      if (previous > 0) drawn = 2;
      continue;
    }
    if (point === joiner) {
      joined = drawn > 0;
      continue;
    }
    const known = traits(point);
    if ((known & skinTone) !== 0 && drawn > 0) {
      width += 2 - drawn;
      drawn = 2;
      continue;
    }
    const own = known & cells;
    if ((known & picture) !== 0) {
      if (!joined) width += own;
      else if (drawn < 2) width += 2 - drawn;
      drawn = joined ? 2 : own;
    } else {
      width += own;
      if (own > 0) drawn = 0;
    }
    joined = false;
  }
  return width;
}

/** A digit, `#` or `*` before U+FE0F is the base of a keycap, one cell wide so far. */
function keycapBase(text: string, at: number): number {
  return text.charCodeAt(at + 1) === 0x20e3 && /[0-9#*]/.test(text[at - 1] ?? "") ? 1 : 0;
}

let segmenter: Intl.Segmenter | undefined;

/** Splits a text into what people take for single characters. */
export function graphemes(text: string): string[] {
  if (isPlain(text)) return text.split("");
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Cuts a text to at most so many cells; what is cut ends with `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return "";
  if (isPlain(text)) return `${text.slice(0, width - 1)}…`;
  let kept = "";
  let left = width - 1;
  // A cell takes at most a few units, so that a text of a megabyte is not split to show twenty cells of it.
  for (const character of graphemes(text.slice(0, 64 * width + 64))) {
    left -= widthOf(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Makes a text harmless to show in one line: `↵` for a line end, control pictures (`␛`) for control characters, and
 * the number of everything else that would turn or hide what follows. Gives the same string when there is nothing to do.
 */
export function visible(text: string): string {
  if (isPlain(text)) return text;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point > 0xffff) i++;
    else if ((traits(point) & harmful) !== 0) return rewrite(text);
  }
  return text;
}

function rewrite(text: string): string {
  let shown = "";
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    shown += (traits(point) & harmful) === 0 ? character : picturesque(point);
  }
  return shown;
}

function picturesque(point: number): string {
  if (point === 0x0a || point === 0x2028 || point === 0x2029) return "↵";
  if (point < 0x20) return String.fromCharCode(0x2400 + point);
  if (point === 0x7f) return "␡";
  if (point >= 0xd800 && point <= 0xdfff) return "\ufffd";
  return `\\u{${point.toString(16)}}`;
}
