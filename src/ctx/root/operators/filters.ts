import { defineCommand } from "../../command.ts";
import { compileFilter } from "../../expr/index.ts";
import { compilePattern } from "../../kit/regex.ts";
import { text } from "../../param.ts";
import { eq as eqRows, reg as regRows, where as whereRows } from "../../table/filter.ts";
import { wrong } from "../../table/step.ts";
import { expressionOf } from "./expression.ts";
import { words } from "./words.ts";

const common = { effect: "read", input: "table" } as const;
const fruits = `echo "name,n\\npear,3\\nfig,1\\nkiwi,2" % from csv`;
const column = text({ en: "Column to look at", zh: "列" });

export const where = defineCommand({
  ...common,
  name: "where",
  help: { en: "Keep the rows for which an expression is true", zh: "按条件筛选行" },
  args: {
    condition: words({ en: "Expression over the columns, such as size > 10kb and name ~ 'go$'", zh: "条件表达式" }),
  },
  words: ["filter"],
  examples: [
    {
      help: "More than one, and not a kiwi",
      shell: `
        > ${fruits} where n > 1 and name != kiwi
        name  n
        pear  3`,
    },
  ],
  operator({ condition }) {
    const { tree, options } = expressionOf("where", condition);
    return whereRows({ filter: (columns) => compileFilter(tree, columns, options) });
  },
});

export const eq = defineCommand({
  ...common,
  name: "eq",
  help: { en: "Keep the rows where a column has a value", zh: "按值筛选行" },
  args: { column, value: text({ en: "Value, as it is shown", zh: "值" }) },
  examples: [
    {
      help: "The fig",
      shell: `
        > ${fruits} eq name fig
        name  n
        fig   1`,
    },
  ],
  operator: (input) => eqRows(input),
});

export const reg = defineCommand({
  ...common,
  name: "reg",
  help: { en: "Keep the rows where a column matches a regular expression", zh: "按正则表达式筛选行" },
  args: { column, pattern: text({ en: "Regular expression, found anywhere in the text", zh: "正则表达式" }) },
  words: ["grep", "match"],
  examples: [
    {
      help: "Names with an i",
      shell: `
        > ${fruits} reg name i
        name  n
        fig   1
        kiwi  2`,
    },
  ],
  operator({ column, pattern }) {
    const compiled = compilePattern(pattern);
    if ("problem" in compiled) throw wrong("reg", compiled.problem);
    return regRows({ column, matches: (found) => compiled.test(found) });
  },
});
