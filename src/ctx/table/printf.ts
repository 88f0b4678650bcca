import type { Cell, Type } from "../kit/value.ts";
import { printCell } from "../kit/value.ts";
import { cellNumber } from "./cell.ts";
import { wrong } from "./step.ts";

const verb = /%(?<flags>[-+ 0#]*)(?<width>\d{0,4})(?:\.(?<precision>\d{1,3}))?(?<kind>.)/su;

/** Writes a cell of a column of that type in one format. */
export type CellFormat = (type: Type, cell: Cell) => string;

/** Reads a format with one verb out of `%s %d %f %x`, such as `%-10s`, `<%5.2f>` or `%d %%`; anything else is an error. */
export function readFormat(format: string): CellFormat {
  const parts = format.split("%%");
  const verbs = parts.flatMap((part) => part.split("%").slice(1));
  if (verbs.length !== 1) {
    const count = verbs.length === 0 ? "none" : `${verbs.length}`;
    throw wrong("format", `a format must have one of %s %d %f %x, but "${format}" has ${count}`);
  }
  const holder = parts.findIndex((part) => part.includes("%"));
  const found = verb.exec(parts[holder] ?? "");
  const { flags = "", width = "", precision, kind = "" } = found?.groups ?? {};
  if (found === null || !"sdfx".includes(kind)) {
    throw wrong("format", `unknown verb "%${verbs[0] ?? ""}" in "${format}"`, "use one of %s %d %f %x");
  }
  const before = [...parts.slice(0, holder), (parts[holder] ?? "").slice(0, found.index)].join("%");
  const after = [(parts[holder] ?? "").slice(found.index + found[0].length), ...parts.slice(holder + 1)].join("%");
  const digits = precision === undefined ? undefined : Math.min(Number(precision), 100);
  return (type, cell) => {
    const body =
      kind === "s" ? shorten(printCell(type, cell), digits) : writeNumber(kind, numberOf(kind, type, cell), digits);
    const signed = kind !== "s" && flags.includes("+") && !body.startsWith("-") ? `+${body}` : body;
    return before + pad(signed, Number(width), flags, kind) + after;
  };
}

function numberOf(kind: string, type: Type, cell: Cell): number {
  const n = cellNumber(cell);
  if (n === undefined) throw wrong("format", `%${kind} needs a number, but the value is "${printCell(type, cell)}"`);
  return n;
}

function shorten(text: string, length: number | undefined): string {
  return length === undefined ? text : [...text].slice(0, length).join("");
}

function writeNumber(kind: string, n: number, digits: number | undefined): string {
  if (kind === "f") return n.toFixed(digits ?? 6);
  const whole = BigInt(Number.isFinite(n) ? Math.trunc(n) : 0);
  return kind === "d" ? String(whole) : whole.toString(16);
}

function pad(text: string, width: number, flags: string, kind: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0") || kind === "s") return " ".repeat(missing) + text;
  const sign = /^[-+]?/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}
