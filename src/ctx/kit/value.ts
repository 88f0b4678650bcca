/**
 * The values of ContextOS: one list of types for columns, parameters, the language and JSON (language.md 2).
 *
 * A *value* tells its own type: null, text (string), integer (a number without fraction), float (a number with one,
 * or `Float` for 7.0), boolean, time (`Date`), duration (`Duration`), list (array), map (plain object).
 * A *cell* is a value stored in a typed column, without wrapping: times and durations are numbers of milliseconds,
 * sizes integers of bytes, floats plain numbers; null is null in every column.
 */
export type Type = "text" | "integer" | "float" | "boolean" | "time" | "duration" | "size" | "list" | "map" | "any";

/** A float whose fraction happens to be zero; it prints as `7.0` and stays a float. Other floats are plain numbers. */
export class Float {
  readonly n: number;
  constructor(n: number) {
    this.n = n;
  }
  valueOf(): number {
    return this.n;
  }
}

/** A length of time in milliseconds. */
export class Duration {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  valueOf(): number {
    return this.ms;
  }
}

export type Value =
  | null
  | string
  | number
  | boolean
  | Float
  | Duration
  | Date
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What stands in a typed column; in columns of type `any` and in lists and maps these are values. */
export type Cell = Value;

/** Tells the type of a value; null has none and counts as text. */
export function typeOf(value: Value | undefined): Type {
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return Number.isInteger(value) ? "integer" : "float";
    case "boolean":
      return "boolean";
    case "object":
      if (value === null) return "text";
      if (value instanceof Date) return "time";
      if (value instanceof Duration) return "duration";
      if (value instanceof Float) return "float";
      return Array.isArray(value) ? "list" : "map";
    default:
      return "any";
  }
}

/** Takes a cell out of a column of that type, as a value that tells its own type. */
export function toValue(type: Type, cell: Cell): Value {
  if (cell === null || cell === undefined) return null;
  switch (type) {
    case "time":
      return typeof cell === "number" ? new Date(cell) : cell;
    case "duration":
      return typeof cell === "number" ? new Duration(cell) : cell;
    case "float":
      return typeof cell === "number" && Number.isInteger(cell) ? new Float(cell) : cell;
    default:
      return cell;
  }
}

/** Makes a value a cell of a column of that type; a value that is of another kind is kept as it is. */
export function toCell(type: Type, value: Value | undefined): Cell {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "time":
      return value instanceof Date ? value.getTime() : value;
    case "duration":
      return value instanceof Duration ? value.ms : value;
    case "float":
      return value instanceof Float ? value.n : value;
    default:
      return value;
  }
}
