import { isBare, textOf, type Words } from "../word.ts";
import type { GroupOptions, Wanted } from "./group.ts";
import { wrong } from "./step.ts";
import type { AggregateKind } from "./sums.ts";

const kinds: ReadonlyMap<string, AggregateKind> = new Map(
  (["sum", "avg", "min", "max", "count"] as const).map((kind) => [kind, kind]),
);

/**
 * Reads the words of `group c… [sum c…] [avg c…] [min c…] [max c…] [count]`. The first word is a column whatever it
 * is called; `""` there makes one group, and plain columns after it are the ones to keep.
 */
export function readGroup(words: Words): GroupOptions {
  const [first, ...others] = words;
  if (first === undefined) throw wrong("group", 'a column is missing (write group "" for one row)');
  const columns: string[] = textOf(first) === "" ? [] : [textOf(first)];
  const aggregates: Wanted[] = [];
  let kind: AggregateKind | undefined;
  let named = true;
  for (const word of others) {
    const found = isBare(word) && named ? kinds.get(textOf(word)) : undefined;
    if (found === "count") {
      aggregates.push({ kind: "count" });
    } else if (found !== undefined) {
      kind = found;
      named = false;
    } else if (kind === undefined) {
      columns.push(textOf(word));
    } else {
      aggregates.push({ kind, column: textOf(word) });
      named = true;
    }
  }
  if (!named) throw wrong("group", `${kind ?? "sum"} needs a column`);
  if (textOf(first) !== "") return { by: columns, aggregates };
  if (aggregates.length === 0) return { by: [], keep: columns };
  if (columns.length > 0) throw wrong("group", `one row of aggregates has no column "${columns[0] ?? ""}"`);
  return { by: [], aggregates };
}
