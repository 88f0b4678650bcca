import { type Cell, printCell, type Type, toJson } from "../kit/value.ts";

/** Writes a cell of one column. */
export type CellWriter = (cell: Cell) => string;

/** Gives the function that prints the cells of a column for people; null prints as nothing. */
export function printerOf(type: Type): CellWriter {
  return (cell) => {
    if (cell === null || cell === undefined) return "";
    if (typeof cell === "string") return cell;
    // Most cells are text or integers: they need no look at the type.
    if (typeof cell === "number" && (type === "integer" || type === "size")) return String(cell);
    return printCell(type, cell);
  };
}

/** Gives the function that writes the cells of a column as JSON text. */
export function jsonWriterOf(type: Type): CellWriter {
  const numeric = type === "integer" || type === "size" || type === "float" || type === "duration";
  return (cell) => {
    if (cell === null || cell === undefined) return "null";
    if (typeof cell === "number" && numeric) return Number.isFinite(cell) ? String(cell) : "null";
    return JSON.stringify(typeof cell === "string" ? cell : toJson(type, cell)) ?? "null";
  };
}

/**
 * Escapes what JSON may leave bare but a terminal, a line reader or YAML would stumble over: control characters,
 * foreign line ends, marks that turn the direction of writing. The JSON says the same as before.
 */
export function harmlessJson(json: string): string {
  // Most answers have none of these: to look is cheaper than to replace.
  return harmful.test(json) ? json.replace(everyHarmful, escapeUnit) : json;
}
const harmful = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/;
const everyHarmful = new RegExp(harmful, "g");
const escapeUnit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Tells whether the cells of a column stand at its right edge. */
export function isNumeric(type: Type): boolean {
  return type === "integer" || type === "float" || type === "size";
}
