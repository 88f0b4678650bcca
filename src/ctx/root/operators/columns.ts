import { defineCommand } from "../../command.ts";
import { list, text } from "../../param.ts";
import { hide as hideColumns, rename as renameColumns, select as selectColumns } from "../../table/columns.ts";
import { groups } from "./words.ts";

const common = { effect: "read", input: "table" } as const;

export const select = defineCommand({
  ...common,
  name: "select",
  help: { en: "Keep columns, in that order", zh: "选择列" },
  args: { columns: list(text({ en: "Columns to keep", zh: "要保留的列" })) },
  options: {
    optional: text("Columns to keep where the table has them, with commas between", { optional: true }),
  },
  words: ["columns", "fields", "cut"],
  examples: [
    {
      help: "Two columns of a CSV text",
      shell: `
        > echo "name,n,price\\npear,3,1.5\\nfig,1,0.2" % from csv select price name
        price  name
          1.5  pear
          0.2  fig`,
    },
  ],
  operator: ({ columns, optional }) => selectColumns({ columns, optional: optional?.split(",") }),
});

export const hide = defineCommand({
  ...common,
  name: "hide",
  help: { en: "Drop columns", zh: "隐藏列" },
  args: { columns: list(text({ en: "Columns to drop", zh: "要隐藏的列" }), { required: true }) },
  words: ["drop", "remove"],
  examples: [
    {
      help: "Without the prices",
      shell: `
        > echo "name,n,price\\npear,3,1.5\\nfig,1,0.2" % from csv hide price
        name  n
        pear  3
        fig   1`,
    },
  ],
  operator: ({ columns }) => hideColumns({ columns }),
});

export const rename = defineCommand({
  ...common,
  name: "rename",
  help: { en: "Rename columns", zh: "重命名列" },
  args: { names: groups(["column", "new name"], { en: "Each column and its new name", zh: "列与新列名" }) },
  examples: [
    {
      help: "Call n what it is",
      shell: `
        > echo "name,n\\npear,3" % from csv rename n pieces
        name  pieces
        pear       3`,
    },
  ],
  operator: ({ names }) => renameColumns({ pairs: names.map(([from = "", to = ""]) => [from, to]) }),
});
