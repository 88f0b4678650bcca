import { type Cells, type Columns, didYouMean, fail, integer, Lazy, size, text, time } from "../../ctx/index.ts";
import { countNow, isLarge } from "./content.ts";
import type { Entries, Folder } from "./entries.ts";
import { under } from "./folder.ts";

/** What `dir` can tell of an entry. */
export const fieldColumns = {
  time: time({ en: "When it last changed", zh: "修改时间" }),
  type: text({ en: "file, dir, link, fifo, socket or device", zh: "类型" }),
  full: text({ en: "Path from the root of the system", zh: "绝对路径" }),
  path: text({ en: "Path as you would type it here", zh: "相对路径" }),
  tree: text({ en: "Name, drawn as a branch of a tree", zh: "目录树" }),
  filename: text({ en: "Name; folders end with a slash", zh: "文件名" }),
  size: size({ en: "Bytes", zh: "大小" }),
  line: integer({ en: "Lines of a file, entries of a folder", zh: "行数" }),
  hash: text({ en: "SHA-1 of the content of a file", zh: "文件内容的哈希值" }),
};
export type Field = keyof typeof fieldColumns;
export const fieldNames = Object.keys(fieldColumns) as Field[];

/** Fields that only a look at the entry itself can tell. */
const looked: ReadonlySet<Field> = new Set(["time", "size", "line", "hash"]);
export function needsLook(fields: readonly Field[]): boolean {
  return fields.some((field) => looked.has(field));
}

/** Reads the names of fields; several may stand in one word, as in `"filename size"`. */
export function readFields(words: readonly string[]): Field[] {
  const fields = new Set<Field>();
  for (const word of words.flatMap((some) => some.split(/[\s,]+/))) if (word !== "") fields.add(readField(word));
  return [...fields];
}

export function readField(word: string): Field {
  const field = fieldNames.find((known) => known === word);
  if (field !== undefined) return field;
  const hint = didYouMean(word, fieldNames) ?? `fields are ${fieldNames.join(", ")}`;
  throw fail("bad_argument", { command: "dir", problem: `no field "${word}"` }, { hint });
}

export function columnsFor(fields: readonly Field[]): Columns {
  return fields.map((name) => ({ name, type: fieldColumns[name].type }));
}

/** Gives the cells of a field. Lines are counted when somebody looks; hashes must have been worked out before. */
export function cellsOf(field: Field, entries: Entries): Cells | Lazy {
  const { names, folders, kinds } = entries;
  switch (field) {
    case "time":
      return entries.times;
    case "size":
      return entries.sizes;
    case "type":
      return kinds;
    case "hash":
      return entries.hashes;
    case "line":
      return new Lazy((row) => lineOf(entries, row));
    case "filename":
      return names.map((name, row) => (kinds[row] === "dir" ? `${name}/` : name));
    case "path":
      return names.map((name, row) => (folders[row] as Folder).shown + name);
    case "tree":
      return names.map((name, row) => (folders[row] as Folder).indent + name);
    case "full":
      return names.map((name, row) => under((folders[row] as Folder).full, name) as string);
  }
}

/** Gives the number of lines; null for a large file that was not counted before. */
export function lineOf(entries: Entries, row: number): number | null {
  const known = entries.lines[row];
  if (known !== undefined) return known;
  const kind = entries.kinds[row] ?? null;
  const bytes = entries.sizes[row] ?? null;
  const lines = isLarge(kind, bytes) ? null : countNow(entries.at(row), kind, bytes);
  entries.lines[row] = lines;
  return lines;
}
