import { type Level, printTime, type Value } from "../../ctx/index.ts";

/** What belongs to a line beside its text: trace, code, target, and what else one searches for. */
export type Fields = Readonly<Record<string, Value>>;

/** A line stays one line, and nothing in it moves the cursor of who reads it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (control) => {
    if (control === "\n") return "\\n";
    if (control === "\t") return "\\t";
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Writes a line of a log: `2026-11-21 10:00:00.123 error [ctx.nfs] no file "x" {"trace":"…","code":7}`. */
export function logLine(now: number, level: Level, text: string, fields: Fields = {}): string {
  const { target, ...rest } = fields;
  const thousandths = String(new Date(now).getMilliseconds()).padStart(3, "0");
  const where = target === undefined ? "" : ` [${oneLine(String(target))}]`;
  const more = Object.keys(rest).length === 0 ? "" : ` ${oneLine(JSON.stringify(rest))}`;
  return `${printTime(now)}.${thousandths} ${level}${where} ${oneLine(text)}${more}\n`;
}
