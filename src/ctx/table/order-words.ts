import { isBare, textOf, type Word } from "../word.ts";
import type { How, SortKey } from "./sort.ts";

/** What `order` made of its words. */
export interface OrderWords<W> {
  readonly keys: readonly SortKey[];
  /** Columns without a how after the first key: they are columns to keep. */
  readonly rest: readonly W[];
  /** Words taken as a how that are columns to keep if the table has a column of that name. */
  readonly doubtful: readonly W[];
}

const hows: ReadonlyMap<string, { readonly how?: How; readonly descending: boolean }> = new Map([
  ["int", { how: "number", descending: false }],
  ["int_r", { how: "number", descending: true }],
  ["str", { how: "text", descending: false }],
  ["str_r", { how: "text", descending: true }],
  ["time", { how: "time", descending: false }],
  ["time_r", { how: "time", descending: true }],
  ["desc", { descending: true }],
]);

/** Names the ways to order. */
export const orderHows: readonly string[] = [...hows.keys()];

/**
 * Reads the words of `order c [how] [c how]…`. A word that names a column is a column, though it could be a how; but
 * for the column just before it: `order time time` orders by time as time.
 */
export function readOrder<W extends string | Word>(
  words: readonly W[],
  isColumn: (name: string) => boolean,
): OrderWords<W> {
  const keys: SortKey[] = [];
  const rest: W[] = [];
  const doubtful: W[] = [];
  for (let i = 0; i < words.length; ) {
    const first = words[i++] as W;
    const column = textOf(first);
    let key: SortKey = { column, how: "type", descending: false };
    let settled = false;
    for (; i < words.length; i++) {
      const word = words[i] as W;
      const how = isBare(word) ? hows.get(textOf(word)) : undefined;
      const repeats = textOf(word) === column && !settled;
      if (how === undefined || (isColumn(textOf(word)) && !repeats)) break;
      // Before a further how it would be a key of its own, not a column to keep.
      const next = words[i + 1];
      if (!repeats && !(next !== undefined && isBare(next) && hows.has(textOf(next)))) doubtful.push(word);
      key = { column, how: how.how ?? key.how, descending: how.descending };
      settled = true;
    }
    if (settled || keys.length === 0) keys.push(key);
    else rest.push(first);
  }
  return { keys, rest, doubtful };
}
