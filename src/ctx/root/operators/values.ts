import { defineCommand } from "../../command.ts";
import { compileRow } from "../../expr/index.ts";
import { toCell } from "../../kit/value.ts";
import { text } from "../../param.ts";
import { format as formatColumns, set as setColumn, transMap } from "../../table/values.ts";
import { expressionOf } from "./expression.ts";
import { typeOfTree } from "./infer.ts";
import { groups, words } from "./words.ts";

const common = { effect: "read", input: "table" } as const;
const fruits = `echo "name,n\\npear,3\\nfig,1" % from csv`;

export const set = defineCommand({
  ...common,
  name: "set",
  help: { en: "Put the value of an expression into a column", zh: "计算列的值" },
  args: {
    column: text({ en: "Column, new or not", zh: "列" }),
    value: words({ en: "Expression over the columns, such as size / 1024", zh: "表达式" }),
  },
  words: ["compute", "map", "insert"],
  examples: [
    {
      help: "Twice as many",
      shell: `
        > ${fruits} set twice n * 2
        name  n  twice
        pear  3      6
        fig   1      2`,
    },
  ],
  operator({ column, value }) {
    const { tree, options } = expressionOf("set", value);
    return setColumn({
      column,
      value(columns) {
        const type = typeOfTree(tree, columns);
        const valueAt = compileRow(tree, columns, options);
        const cells = (batch: Parameters<typeof valueAt>[0]) =>
          Array.from({ length: batch.length }, (_, row) => toCell(type, valueAt(batch, row)));
        return { type, cells };
      },
    });
  },
});

export const format = defineCommand({
  ...common,
  name: "format",
  help: { en: "Write columns by a format", zh: "格式化列" },
  args: { formats: groups(["column", "format"], "Each column and its format, with one of %s %d %f %x: %5.2f, %-10s") },
  words: ["printf"],
  examples: [
    {
      help: "With two digits",
      shell: `
        > ${fruits} format n "%.2f kg"
        name  n
        pear  3.00 kg
        fig   1.00 kg`,
    },
  ],
  operator: ({ formats }) => formatColumns({ pairs: formats.map(([column = "", how = ""]) => [column, how]) }),
});

export const translate = defineCommand({
  ...common,
  name: "trans_map",
  help: { en: "Replace values of a column", zh: "替换列的值" },
  args: { changes: groups(["column", "from", "to"], "Each column, the value to replace and the new one") },
  words: ["replace", "translate"],
  examples: [
    {
      help: "A fig is a date",
      shell: `
        > ${fruits} trans_map name fig date
        name  n
        pear  3
        date  1`,
    },
  ],
  operator: ({ changes }) =>
    transMap({ changes: changes.map(([column = "", from = "", to = ""]) => [column, from, to]) }),
});
