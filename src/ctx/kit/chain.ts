/**
 * Key chains: how `config runtime boot.web_port` reaches into nested values. A step into a map is a key, into a list an
 * index; negative indices of a read count from the end. Nothing outside of a map's own keys is ever reached.
 */
import { isMap, type Value } from "./value.ts";

export type ValueMap = { readonly [key: string]: Value };

/** Most keys of a chain that sets something, so that no value is nested deeper than can be read and shown. */
const mostKeys = 500;

/** Splits `boot.web_port` into its keys; an empty chain has none. */
export function splitChain(chain: string): string[] {
  return chain === "" ? [] : chain.split(".");
}

const indexOf = (key: string): number | undefined => (/^-?\d+$/.test(key) ? Number(key) : undefined);

/** Follows a chain; undefined where it leads nowhere. */
export function getChain(value: Value | undefined, keys: readonly string[]): Value | undefined {
  let at = value;
  for (const key of keys) {
    if (Array.isArray(at)) {
      const index = indexOf(key);
      at = index === undefined ? undefined : (at as readonly Value[]).at(index);
    } else if (isMap(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else return undefined;
  }
  return at;
}

/** Copies a map with one key set; keys such as `__proto__` become ordinary own keys. */
function withKey(map: ValueMap, key: string, value: Value): ValueMap {
  const copy: { [key: string]: Value } = { ...map };
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

/**
 * Gives a copy of `value` with the place at the end of the chain set; maps in between are made where nothing is. In a
 * list, index -1 puts in front, -2 (or the length) appends, as the seed does. Gives the reason, as a sentence, when
 * the chain runs through something that has no parts.
 */
export function setChain(
  value: Value | undefined,
  keys: readonly string[],
  leaf: Value,
): { value: Value } | { problem: string } {
  if (keys.length > mostKeys) return { problem: `a chain has at most ${mostKeys} keys` };
  const [key, ...rest] = keys;
  if (key === undefined) return { value: leaf };
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    const index = indexOf(key);
    if (index === undefined) return { problem: `"${key}" must be an index of a list` };
    if (index < -2 || index > items.length)
      return { problem: `index ${index} is outside of a list of ${items.length}` };
    const place = index === -2 ? items.length : index;
    const part = setChain(place < 0 ? undefined : items[place], rest, leaf);
    if ("problem" in part) return part;
    return {
      value: place < 0 ? [part.value, ...items] : [...items.slice(0, place), part.value, ...items.slice(place + 1)],
    };
  }
  if (value !== undefined && value !== null && !isMap(value))
    return { problem: `"${key}" goes into a value that has no parts` };
  const map: ValueMap = isMap(value) ? value : {};
  const part = setChain(Object.hasOwn(map, key) ? map[key] : undefined, rest, leaf);
  return "problem" in part ? part : { value: withKey(map, key, part.value) };
}

/** Gives a copy of `value` without the place at the end of the chain; undefined when there is no such place. */
export function deleteChain(value: Value, keys: readonly string[]): Value | undefined {
  const [key = "", ...rest] = keys;
  const part = getChain(value, [key]);
  if (part === undefined) return undefined;
  const left = rest.length === 0 ? undefined : deleteChain(part, rest);
  if (rest.length > 0 && left === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    const index = Number(key) < 0 ? items.length + Number(key) : Number(key);
    return left === undefined
      ? items.filter((_, i) => i !== index)
      : items.map((item, i) => (i === index ? left : item));
  }
  const map = value as ValueMap;
  if (left !== undefined) return withKey(map, key, left);
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
