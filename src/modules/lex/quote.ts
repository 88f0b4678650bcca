import { isBlank, isFreed } from "./chars.ts";
import { wordOperators } from "./token.ts";

/** Tells whether a text typed as it is scans to one bare word without any meaning of its own. */
function isPlain(text: string): boolean {
  if (text === "" || wordOperators.has(text)) return false;
  if (text.startsWith("\ufeff")) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isBlank(code) || code === 10) return false;
    // A few characters mean something at the start of a word alone, or as a whole word.
    if (isFreed(code) && !(i > 0 && "#@%&~".includes(text.charAt(i)))) return false;
  }
  return true;
}

/** Writes a text as one word that scans back to it: as it is where that is safe, else in quotes. */
export function quoteWord(text: string): string {
  return isPlain(text) ? text : quoteText(text);
}

/** Writes a text in quotes: in `'…'`, or in `"…"` where it holds a `'`. */
export function quoteText(text: string): string {
  return text.includes("'") ? `"${escapeText(text)}"` : `'${text}'`;
}

/** Writes a text as it stands between the quotes of `"…"`. */
export function escapeText(text: string): string {
  let written = "";
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const spelled = escapes.get(char);
    if (spelled !== undefined) written += spelled;
    else written += takesBackslash(text, i) ? `\\${char}` : char;
  }
  return written;
}

/** A `\` or `$` is left as it is where nothing can come of it. */
function takesBackslash(text: string, i: number): boolean {
  const next = text[i + 1];
  if (text[i] === "$") return next === undefined || /[A-Za-z0-9_#*?({]/.test(next);
  return text[i] === "\\" && (next === undefined || next === "\r" || escapes.has(next) || /[\\$nteu]/.test(next));
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\u001b", "\\e"],
]);
