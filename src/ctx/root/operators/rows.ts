/** Operators that choose rows by their place and put them in order. What they do is in `table/rows.ts` and `table/order.ts`. */
import { defineCommand } from "../../command.ts";
import { integer, list, text } from "../../param.ts";
import { columnIndex } from "../../table/batch.ts";
import { order as orderRows } from "../../table/order.ts";
import { orderHows, readOrder } from "../../table/order-words.ts";
import * as rowsOf from "../../table/rows.ts";
import { uniq as uniqRows } from "../../table/uniq.ts";
import { words } from "./words.ts";

const common = { effect: "read", input: "table" } as const;
const rows = integer({ en: "How many rows", zh: "行数" }, { min: 0 });
const fruits = `echo "name,n\\npear,3\\nfig,1\\nkiwi,2" % from csv`;

export const order = defineCommand({
  ...common,
  name: "order",
  help: { en: "Order rows by columns", zh: "按列排序" },
  args: {
    column: {
      ...words({
        en: "Column, and how if not by its type: int int_r str str_r time time_r desc; further columns each with a how",
        zh: "列与排序方式",
      }),
      complete: () => orderHows,
    },
  },
  options: { top: integer("How many of the rows are wanted", { min: 0, optional: true }) },
  words: ["sort"],
  examples: [
    {
      help: "The most first",
      shell: `
        > ${fruits} order n desc
        name  n
        pear  3
        kiwi  2
        fig   1`,
    },
  ],
  operator: ({ column, top }) =>
    orderRows({ keys: (table) => readOrder(column, (name) => columnIndex(table, name) >= 0).keys, top }),
});

export const limit = defineCommand({
  ...common,
  name: "limit",
  help: { en: "Keep the first rows", zh: "限制行数" },
  args: { rows },
  words: ["head", "top"],
  examples: [
    {
      help: "One row",
      shell: `
        > ${fruits} limit 1
        name  n
        pear  3`,
    },
  ],
  operator: (input) => rowsOf.limit(input),
});

export const first = defineCommand({
  ...common,
  name: "first",
  help: { en: "Keep the first rows, as limit does", zh: "保留前几行" },
  args: { rows },
  words: ["head"],
  examples: [
    {
      help: "One row",
      shell: `
        > ${fruits} % first 1
        name  n
        pear  3`,
    },
  ],
  operator: (input) => rowsOf.limit(input),
});

export const offset = defineCommand({
  ...common,
  name: "offset",
  help: { en: "Skip the first rows", zh: "跳过前几行" },
  args: { rows },
  words: ["skip"],
  examples: [
    {
      help: "All but two",
      shell: `
        > ${fruits} offset 2
        name  n
        kiwi  2`,
    },
  ],
  operator: (input) => rowsOf.offset(input),
});

export const last = defineCommand({
  ...common,
  name: "last",
  help: { en: "Keep the last rows", zh: "保留后几行" },
  args: { rows },
  words: ["tail"],
  examples: [
    {
      help: "One row",
      shell: `
        > ${fruits} % last 1
        name  n
        kiwi  2`,
    },
  ],
  operator: (input) => rowsOf.last(input),
});

export const sample = defineCommand({
  ...common,
  name: "sample",
  help: { en: "Keep rows chosen by chance", zh: "随机抽取几行" },
  args: { rows },
  words: ["random"],
  examples: [
    {
      help: "Any two of three",
      shell: `
        > ${fruits} % sample 2 % count
        count
            2`,
    },
  ],
  operator: (input) => rowsOf.sample({ ...input, random: Math.random }),
});

export const uniq = defineCommand({
  ...common,
  name: "uniq",
  help: { en: "Keep the first of equal rows", zh: "去除重复的行" },
  args: { columns: list(text({ en: "Columns to look at; all without", zh: "用于比较的列" })) },
  words: ["distinct", "unique"],
  examples: [
    {
      help: "Each line once",
      shell: `
        > echo "a\\nb\\na" % uniq
        text
        a
        b`,
    },
  ],
  operator: (input) => uniqRows(input),
});

export const reverse = defineCommand({
  ...common,
  name: "reverse",
  help: { en: "Turn the order of the rows round", zh: "颠倒行的顺序" },
  examples: [
    {
      help: "The last line first",
      shell: `
        > echo "a\\nb" % reverse
        text
        b
        a`,
    },
  ],
  operator: () => rowsOf.reverse(),
});

export const enumerate = defineCommand({
  ...common,
  name: "enumerate",
  help: { en: "Number the rows from 0, in a column index", zh: "给行编号" },
  examples: [
    {
      help: "Numbered lines",
      shell: `
        > echo "a\\nb" % enumerate
        index  text
            0  a
            1  b`,
    },
  ],
  operator: () => rowsOf.enumerate(),
});
