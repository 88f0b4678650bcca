/** Operators that put rows together: groups, numbers of a whole table, pivots and joins. What they do is in `table/`. */
import { defineCommand } from "../../command.ts";
import { isMap, type Value } from "../../kit/value.ts";
import { text } from "../../param.ts";
import { batchesOf, type Row } from "../../table/batch.ts";
import { group as groupRows } from "../../table/group.ts";
import { readGroup } from "../../table/group-words.ts";
import { join as joinRows } from "../../table/join.ts";
import { number } from "../../table/number.ts";
import { pivot as pivotRows } from "../../table/pivot.ts";
import { wrong } from "../../table/step.ts";
import { isBare, textOf, type Word, type Words } from "../../word.ts";
import { words } from "./words.ts";

const common = { effect: "read", input: "table" } as const;
const sales = `echo "name,day,n\\npear,mon,3\\nfig,mon,1\\npear,tue,2" % from csv`;
const column = text({ en: "Column to look at", zh: "列" });

export const group = defineCommand({
  ...common,
  name: "group",
  help: { en: "Put equal rows together", zh: "按列分组" },
  args: {
    column: words({
      en: 'Columns that make a group ("" for one row), then sum avg min max with columns, or count',
      zh: "分组的列与统计方式",
    }),
  },
  words: ["aggregate", "by"],
  examples: [
    {
      help: "Integers are summed, other columns keep the first",
      shell: `
        > ${sales} group name
        name  day  n  count
        pear  mon  5      2
        fig   mon  1      1`,
    },
    {
      help: "What is wanted, by name",
      shell: `
        > ${sales} group name avg n max n
        name  avg_n  max_n
        pear    2.5      3
        fig     1.0      1`,
    },
  ],
  operator: ({ column: given }) => groupRows(readGroup(given)),
});

export const sum = defineCommand({
  ...common,
  name: "sum",
  help: { en: "Add a column up", zh: "求和" },
  args: { column },
  examples: [
    {
      help: "All pieces",
      shell: `
        > ${sales} % sum n
        sum_n
            6`,
    },
  ],
  operator: ({ column: of }) => number({ kind: "sum", column: of }),
});

export const avg = defineCommand({
  ...common,
  name: "avg",
  help: { en: "Give the mean of a column", zh: "求平均值" },
  args: { column },
  words: ["mean", "average"],
  examples: [
    {
      help: "Pieces on average",
      shell: `
        > ${sales} % avg n
        avg_n
          2.0`,
    },
  ],
  operator: ({ column: of }) => number({ kind: "avg", column: of }),
});

export const min = defineCommand({
  ...common,
  name: "min",
  help: { en: "Give the least value of a column", zh: "求最小值" },
  args: { column },
  examples: [
    {
      help: "The fewest pieces",
      shell: `
        > ${sales} % min n
        min_n
            1`,
    },
  ],
  operator: ({ column: of }) => number({ kind: "min", column: of }),
});

export const max = defineCommand({
  ...common,
  name: "max",
  help: { en: "Give the greatest value of a column", zh: "求最大值" },
  args: { column },
  examples: [
    {
      help: "The most pieces",
      shell: `
        > ${sales} % max n
        max_n
            3`,
    },
  ],
  operator: ({ column: of }) => number({ kind: "max", column: of }),
});

export const count = defineCommand({
  ...common,
  name: "count",
  help: { en: "Count the rows", zh: "计数" },
  words: ["wc", "length"],
  examples: [
    {
      help: "Lines of a text",
      shell: `
        > echo "a\\nb" % count
        count
            2`,
    },
  ],
  operator: () => number({ kind: "count" }),
});

export const pivot = defineCommand({
  ...common,
  name: "pivot",
  help: { en: "Make a column of every value of a column", zh: "透视" },
  args: { column: text("Column whose values become columns"), value: text("Column whose values stand in them") },
  words: ["crosstab"],
  examples: [
    {
      help: "A column a day",
      shell: `
        > ${sales} % pivot day n
        name  mon  tue
        pear    3    2
        fig     1`,
    },
  ],
  operator: (input) => pivotRows(input),
});

export const join = defineCommand({
  ...common,
  name: "join",
  help: { en: "Put the rows of another command beside those that are equal in a column", zh: "连接两个表" },
  args: { rows: words("The other command in brackets, on, the column; left keeps rows without a partner") },
  words: ["lookup", "merge"],
  examples: [
    {
      help: "Who is a fruit of which colour",
      shell: `
        > ${sales} % join (echo "name,colour\\nfig,blue\\nkiwi,green" % from csv) on name
        name  day  n  colour
        fig   mon  1  blue`,
    },
  ],
  operator({ rows: all }) {
    const place = all.findIndex((word) => isBare(word) && textOf(word) === "on");
    const on = all[place + 1];
    if (place < 0 || on === undefined) {
      throw wrong("join", "a command in brackets and a column are needed", "write join (command) on column");
    }
    const how = all[place + 2];
    if (how !== undefined && textOf(how) !== "left") throw wrong("join", `does not take "${textOf(how)}"`);
    return joinRows({ right: batchesOf(rowsOf(all.slice(0, place))), on: textOf(on), left: how !== undefined });
  },
});

/** The rows of the other table come as a word each, or as one word that is a list. */
function rowsOf(given: Words): readonly Row[] {
  return given.flatMap((word) => {
    const value = (word as Word).value;
    const items: readonly (Value | undefined)[] = Array.isArray(value) ? (value as readonly Value[]) : [value];
    return items.map((item) => {
      if (!isMap(item)) throw wrong("join", `"${textOf(word)}" is no table`, "write join (command) on column");
      return item;
    });
  });
}
