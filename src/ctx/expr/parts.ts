import { fail } from "../errors.ts";
import { isList, isMap, printValue, typeOf, type Value } from "../kit/value.ts";
import { asNumber } from "./arithmetic.ts";

/**
 * Gives the part of a value that `.key` names: of a map its value, of a list the item of that number or, of a list of
 * maps (a table), the values of that column. What is not there is null, and so is every part of null.
 */
export function partOf(value: Value, key: string): Value {
  if (value === null) return null;
  if (isMap(value)) return Object.hasOwn(value, key) ? (value[key] ?? null) : null;
  if (!isList(value)) throw fail("failed", { problem: `${typeOf(value)} has no part "${key}"` });
  if (/^\d+$/.test(key)) return value[Number(key)] ?? null;
  return value.map((item) => partOf(item, key));
}

/** Gives the item of a list or the character of a text, counted from 0 or back from -1, or the value of a map's key. */
export function itemOf(value: Value, index: Value): Value {
  if (value === null || index === null) return null;
  if (isMap(value)) return partOf(value, printValue(index));
  const at = asNumber(index);
  if (!isList(value) && typeof value !== "string") throw fail("failed", { problem: `${typeOf(value)} has no items` });
  if (typeof at !== "number" || !Number.isInteger(at))
    throw fail("failed", { problem: `"${printValue(index)}" is no index` }, { hint: "write a whole number" });
  const items: readonly Value[] = isList(value) ? value : [...value];
  return items[at < 0 ? items.length + at : at] ?? null;
}
