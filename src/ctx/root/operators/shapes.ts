import { defineCommand } from "../../command.ts";
import { choice, text } from "../../param.ts";
import { readable } from "../../render/index.ts";
import { fromText, toText, writable } from "../../table/convert.ts";
import { expand as expandColumn } from "../../table/expand.ts";
import { transpose as transposeTable, vertical as verticalTable } from "../../table/shape.ts";

const common = { effect: "read", input: "table" } as const;
const fruits = `echo "name,n\\npear,3\\nfig,1" % from csv`;

export const expand = defineCommand({
  ...common,
  name: "expand",
  help: { en: "Make columns of what is inside the maps of a column", zh: "展开列中的数据" },
  args: {
    column: text({ en: "Column of maps or JSON text", zh: "列" }),
    chain: text({ en: "Keys to one value, such as host.name; every key without", zh: "键" }, { optional: true }),
  },
  words: ["flatten", "json"],
  examples: [
    {
      help: "What the text says about n",
      shell: `
        > echo '{"n": 3}' % expand text n select n
        n
        3`,
    },
  ],
  operator: (input) => expandColumn(input),
});

export const transpose = defineCommand({
  ...common,
  name: "transpose",
  help: { en: "Turn rows into columns and back", zh: "行列互换" },
  examples: [
    {
      help: "A column a row",
      shell: `
        > ${fruits} % transpose
        field  1     2
        name   pear  fig
        n      3     1`,
    },
  ],
  operator: () => transposeTable(),
});

export const vertical = defineCommand({
  ...common,
  name: "vertical",
  help: { en: "Show each row as lines of field and value", zh: "竖向显示" },
  examples: [
    {
      help: "One row",
      shell: `
        > ${fruits} limit 1 vertical
        field  value

        n      3
        name   pear
        `,
    },
  ],
  operator: () => verticalTable(),
});

export const to = defineCommand({
  ...common,
  name: "to",
  help: { en: "Write the table as text of a format", zh: "转换为文本格式" },
  args: { format: choice(writable, { en: "Format", zh: "格式" }) },
  words: ["as", "export", "convert"],
  examples: [
    {
      help: "As lines of JSON",
      shell: `
        > ${fruits} % to ndjson
        {"name":"pear","n":3}
        {"name":"fig","n":1}`,
    },
  ],
  operator: ({ format }) => toText(format),
});

export const from = defineCommand({
  ...common,
  name: "from",
  help: { en: "Read text of a format as a table", zh: "从文本格式读取" },
  args: { format: choice(readable, { en: "Format", zh: "格式" }) },
  words: ["import", "parse"],
  examples: [
    {
      help: "A CSV text",
      shell: `
        > ${fruits}
        name  n
        pear  3
        fig   1`,
    },
  ],
  operator: ({ format }) => fromText(format),
});
