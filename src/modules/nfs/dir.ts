import { lstatSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import {
  Batch,
  batchSize,
  choice,
  compilePattern,
  defineCommand,
  fail,
  flag,
  list,
  type Message,
  path,
  text,
  tuple,
} from "../../ctx/index.ts";
import { countSlowly, hashOf, isLarge, mostCounted } from "./content.ts";
import { Entries, Folder } from "./entries.ts";
import {
  cellsOf,
  columnsFor,
  type Field,
  fieldColumns,
  fieldNames,
  needsLook,
  readField,
  readFields,
} from "./fields.ts";
import { kindOfMode } from "./folder.ts";
import { type How, hows, orderSteps } from "./order.ts";
import { completePath, find, type Located } from "./path.ts";
import { dirFields } from "./state.ts";
import { turnsOf, workThrough } from "./turns.ts";
import { walk } from "./walk.ts";

export const dir = defineCommand({
  name: "dir",
  help: { en: "List a folder", zh: "列出目录" },
  effect: "read",
  args: {
    path: path({ en: "Folder, or a single file", zh: "目录" }, { default: ".", complete: completePath }),
    fields: list(
      text({ en: `Columns to show: ${fieldNames.join(" ")}`, zh: "要显示的列" }, { complete: () => fieldNames }),
    ),
  },
  options: {
    dir_deep: flag({ en: "Also list the folders below", zh: "递归列出子目录" }),
    dir_type: choice(
      ["both", "file", "dir", "all"],
      { en: "Kind of entry to show; all means hidden ones too", zh: "类型；all 包括隐藏文件" },
      { default: "both" },
    ),
    dir_reg: text({ en: "Show names that fit this regular expression", zh: "文件名的正则表达式" }, { optional: true }),
    dir_sort: tuple(
      [text({ en: "Column", zh: "列" }, { complete: () => fieldNames }), choice(hows, { en: "How", zh: "方式" })],
      { en: "Column to sort by, shown or not, and how", zh: "排序的列与方式" },
    ),
  },
  columns: fieldColumns,
  examples: [
    {
      help: "List the start-up scripts",
      shell: `
        > dir etc size line filename dir_reg shy$
        size  line  filename
        …     …     common.shy
        …     …     exit.shy
        …     …     init.shy`,
    },
    {
      help: "Find the longest files below a folder",
      shell: `
        > dir . dir_deep dir_type file dir_sort line int_r line path
        line  path
        …`,
    },
    {
      help: "A wrong word is told with the right one",
      shell: `
        > dir etc filenam
        error: dir: no field "filenam" (did you mean "filename"?)
        …`,
    },
  ],
  async run(m, { path, fields: words, dir_deep, dir_type, dir_reg, dir_sort }) {
    const asked: readonly Field[] = readFields(words);
    const fields: readonly Field[] = asked.length > 0 ? asked : readFields([m.conf(dirFields)]);
    const sort = dir_sort === undefined ? undefined : { field: readField(dir_sort[0]), how: dir_sort[1] };
    const name = dir_reg === undefined ? undefined : patternOf(dir_reg);
    const found = find(m, path);

    const columns = columnsFor(fields);
    const needed = sort === undefined ? fields : [...fields, sort.field];
    const pause = turnsOf(m);
    const show = async (entries: Entries): Promise<void> => {
      if (asked.includes("line")) await countLarge(m, entries);
      if (fields.includes("hash")) await hash(m, entries);
      m.write(
        new Batch(
          columns,
          entries.length,
          fields.map((field) => cellsOf(field, entries)),
        ),
      );
      await m.ready();
    };

    m.head(columns);
    if (!statSync(found.full, { throwIfNoEntry: false })?.isDirectory()) return show(alone(found));
    const steps = walk(folderAt(found), {
      deep: dir_deep,
      type: dir_type,
      name,
      stat: needsLook(needed),
      most: sort === undefined ? batchSize : Number.POSITIVE_INFINITY,
      heaviest: fields.includes("line") && sort === undefined ? mostCounted / 2 : Number.POSITIVE_INFINITY,
      note: (text) => m.note(text),
    });
    if (sort === undefined) return workThrough(steps, pause, show);
    await workThrough(steps, pause, (entries) => showSorted(m, entries, sort, show));
  },
});

interface Sort {
  readonly field: Field;
  readonly how: How;
}

/** Shows entries in order: they are sorted by number, and made rows only as they are shown. */
async function showSorted(
  m: Message,
  entries: Entries,
  { field, how }: Sort,
  show: (entries: Entries) => Promise<void>,
): Promise<void> {
  const pause = turnsOf(m);
  if (field === "line") await countLarge(m, entries);
  if (field === "hash") await hash(m, entries);
  let order: Uint32Array = new Uint32Array();
  await workThrough(orderSteps(entries, field, how), pause, (rows) => {
    order = rows;
  });
  for (let start = 0; start < order.length; start += batchSize) {
    await show(entries.pick(order.subarray(start, start + batchSize)));
    await pause();
  }
}

function patternOf(source: string): (name: string) => boolean {
  const pattern = compilePattern(source);
  if ("problem" in pattern) throw fail("bad_argument", { command: "dir", problem: `dir_reg: ${pattern.problem}` });
  return (name) => pattern.test(name);
}

function folderAt({ full, shown }: Located): Folder {
  if (shown === ".") return new Folder(full, full, "");
  return new Folder(full, full, shown.endsWith("/") ? shown : `${shown}/`);
}

/** Gives the one entry that a path to a file stands for. */
function alone({ full, shown }: Located): Entries {
  const entries = new Entries();
  const stats = lstatSync(full);
  const folder = new Folder(dirname(full), dirname(full), shown.slice(0, -basename(shown).length));
  entries.add(folder, basename(full), undefined, kindOfMode(stats.mode), stats);
  return entries;
}

/** Counts what is too large to be counted while a row is shown. */
async function countLarge(m: Message, entries: Entries): Promise<void> {
  for (let row = 0; row < entries.length; row++) {
    const kind = entries.kinds[row] ?? null;
    if (entries.lines[row] === undefined && isLarge(kind, entries.sizes[row] ?? null))
      entries.lines[row] = await countSlowly(entries.at(row), kind, m.signal);
  }
}

/** Works out the hashes of files. */
async function hash(m: Message, entries: Entries): Promise<void> {
  const pause = turnsOf(m);
  for (let row = 0; row < entries.length; row++) {
    entries.hashes[row] ??= await hashOf(
      entries.at(row),
      entries.kinds[row] ?? null,
      entries.sizes[row] ?? null,
      m.signal,
    );
    await pause();
  }
}
