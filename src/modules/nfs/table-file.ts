import {
  type Batch,
  batchesOf,
  defineCommand,
  fail,
  formatOfFile,
  getChain,
  isMap,
  isReadable,
  type Message,
  parseJson,
  parseYaml,
  path,
  reader,
  splitChain,
  text,
  type Value,
} from "../../ctx/index.ts";
import { completePath, find, type Located } from "./path.ts";
import { readParts, textParts } from "./read.ts";

export const importTable = defineCommand({
  name: "import",
  help: { en: "Read a file as a table", zh: "导入数据文件" },
  effect: "read",
  args: {
    file: path(
      { en: "A csv, tsv, json, ndjson or yaml file; any other is shown as text", zh: "数据文件" },
      { complete: completePath },
    ),
    index: text({ en: "Keys that lead to the table within json or yaml: data.items", zh: "键链" }, { optional: true }),
  },
  examples: [
    {
      help: "Write a table and read it again",
      shell: `
        > save cities.csv "city,people\\nOslo,709000\\n北京,21890000\\n"
        cities.csv
        > import cities.csv
        city    people
        Oslo    709000
        北京  21890000`,
    },
    {
      help: "Read a list inside a file",
      shell: `
        > save answer.json '{"data": {"items": [{"n": 1}, {"n": 2}]}}'
        answer.json
        > import answer.json data.items
        n
        1
        2`,
    },
  ],
  async *run(m, { file, index }) {
    const found = find(m, file);
    const format = formatOfFile(found.full);
    if (index !== undefined) yield* await partOf(m, found, index);
    else if (format === undefined || !isReadable(format)) yield* textParts(readParts(found, m.signal));
    else {
      const table = reader(format, found.shown);
      for await (const part of readParts(found, m.signal)) yield* table.push(part);
      yield* table.end();
    }
  },
});

/** Gives what keys lead to in a file, as a table. */
async function partOf(m: Message, found: Located, index: string): Promise<Batch[]> {
  const format = formatOfFile(found.full);
  if (format !== "json" && format !== "yaml")
    throw fail("bad_argument", { command: "import", problem: "index is for json and yaml files" });
  const parts: Buffer[] = [];
  for await (const part of readParts(found, m.signal)) parts.push(part);
  const parse = format === "json" ? parseJson : parseYaml;
  const value = getChain(parse(Buffer.concat(parts).toString(), found.shown), splitChain(index));
  if (value === undefined) throw fail("not_found", { what: "key", name: index });
  const items: readonly Value[] = Array.isArray(value) ? value : [value];
  return batchesOf(items.every(isMap) ? items : items.map((item) => ({ value: item })));
}
