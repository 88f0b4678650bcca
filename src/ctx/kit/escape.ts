const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["e", "\u001b"],
  ['"', '"'],
  ["\\", "\\"],
  ["$", "$"],
]);
const codePoint = /u\{([0-9a-fA-F]{1,6})\}/y;

/** Reads what stands at a backslash in `"…"`; an escape that is unknown keeps both characters. */
export function readEscape(text: string, at: number): { readonly end: number; readonly value: string } {
  const next = text[at + 1] ?? "";
  const known = escapes.get(next);
  if (known !== undefined) return { end: at + 2, value: known };
  codePoint.lastIndex = at + 1;
  const found = codePoint.exec(text);
  const code = Number.parseInt(found?.[1] ?? "", 16);
  if (found !== null && code <= 0x10ffff) return { end: at + 1 + found[0].length, value: String.fromCodePoint(code) };
  return { end: at + 1, value: "\\" };
}
