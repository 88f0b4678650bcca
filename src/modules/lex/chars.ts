/** What a character means to the word mode. */
const ordinary = 0;
const special = 1; // may begin a part of another kind
const ending = 2; // ends a word

const classes = new Uint8Array(128);
for (const char of "\"'$\\(") classes[char.charCodeAt(0)] = special;
for (const char of " \t\r\n\v\f;|<>)") classes[char.charCodeAt(0)] = ending;

/** What a backslash frees outside of quotes. Before anything else it stays: `\d+` needs no doubling. */
const freed: ReadonlySet<number> = new Set(
  Array.from(" \t\v\f\u00a0\u3000;|<>()\"'$\\#@%?&~*[]{}", (char) => char.charCodeAt(0)),
);

/** Tells whether a character separates words. The blanks of Chinese keyboards and of web pages count. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 11 || code === 12 || code === 0xa0 || code === 0x3000;
}

/** Tells whether a character stands in a bare word as it is. */
export function isOrdinary(code: number): boolean {
  return code < 128 ? classes[code] === ordinary : code !== 0xa0 && code !== 0x3000;
}

/** Tells whether a character ends a word. */
export function isEnding(code: number): boolean {
  return code < 128 ? classes[code] === ending : code === 0xa0 || code === 0x3000;
}

/** Tells whether a backslash before this character vanishes. */
export function isFreed(code: number): boolean {
  return freed.has(code);
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Tells whether a name may begin with this character. */
export function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

/** Tells whether a name may go on with this character. */
export function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}

/** Finds the end of the name that begins at an offset. */
export function nameEnd(text: string, start: number): number {
  let at = start;
  while (isNamePart(text.charCodeAt(at))) at++;
  return at;
}
