import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readFolder } from "../../../src/modules/nfs/folder.ts";
import { sortSteps } from "../../../src/modules/nfs/sort.ts";
import { temporaryFolder, terminalAt } from "./here.ts";

function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

test("sorting in steps is stable and sorts", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (numbers) => {
      const order = finish(sortSteps(numbers.length, (a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0)));
      const expected = numbers.map((_, i) => i).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
      assert.deepEqual([...order], expected);
    }),
  );
});

const root = temporaryFolder();

test("names come in the order of their bytes, whatever they are", () => {
  const names = ["b", "a", "中文", "\ue000", "😀", "Z", "line\nend", "é"];
  const folder = mkdtempSync(join(root, "names-"));
  for (const name of names) writeFileSync(join(folder, name), "");
  const broken = Buffer.from([0x62, 0xff]);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), broken]), "one\ntwo\n");
  const { names: found, raw } = finish(readFolder(folder, true));
  assert.deepEqual(found, ["Z", "a", "b", "b\ufffd", "line\nend", "é", "中文", "\ue000", "😀"]);
  assert.deepEqual([...raw], [[3, broken]]);
});

test("dir of a file whose name is no text still tells size and lines", async () => {
  const folder = mkdtempSync(join(root, "bytes-"));
  const inner = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xfe])]);
  mkdirSync(inner);
  writeFileSync(Buffer.concat([inner, Buffer.from([0x2f, 0xff])]), "one\ntwo\n");
  const { rows } = await terminalAt(folder).run(
    "dir",
    ".",
    "filename",
    "size",
    "line",
    "hash",
    "dir_deep",
    "dir_type",
    "file",
  );
  const hash = "69934869e13ad8d82f8be7cc58b91381c58c0eff".length;
  assert.deepEqual(
    rows.map((row) => ({ ...row, hash: String(row["hash"]).length })),
    [{ filename: "\ufffd", size: 8, line: 2, hash }],
  );
});

/** A tree of folders: names to the lines of a file, or to what is in a folder. */
type Tree = Map<string, number | Tree>;

const { tree: anyTree } = fc.letrec<{ tree: Tree; node: number | Tree }>((tie) => ({
  tree: fc
    .array(fc.tuple(fc.stringMatching(/^[.a-c中😀][a-c]{0,2}$/u), tie("node")), { maxLength: 5 })
    .map((pairs) => new Map(pairs.filter(([name]) => name !== "." && name !== ".."))),
  node: fc.oneof({ maxDepth: 3 }, fc.nat({ max: 5 }), tie("tree")),
}));

function build(folder: string, tree: Tree): void {
  for (const [name, what] of tree) {
    if (typeof what === "number") writeFileSync(join(folder, name), "x\n".repeat(what));
    else {
      mkdirSync(join(folder, name));
      build(join(folder, name), what);
    }
  }
}

function list(tree: Tree, before: string): { path: string; line: number }[] {
  const names = [...tree.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return names.flatMap((name) => {
    const what = tree.get(name);
    const path = before + name;
    if (typeof what === "number" || what === undefined) return [{ path, line: what ?? 0 }];
    return [{ path, line: what.size }, ...list(what, `${path}/`)];
  });
}

test("dir of any tree is what a simple recursive listing gives, C-30", async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, async (tree) => {
      const folder = mkdtempSync(join(root, "tree-"));
      build(folder, tree);
      const terminal = terminalAt(folder);
      const all = ["dir", ".", "path", "line", "dir_deep", "dir_type", "all"];
      const expected = list(tree, "");
      assert.deepEqual((await terminal.run(...all)).rows, expected);
      const sorted = (await terminal.run(...all, "dir_sort", "line", "int_r")).rows;
      assert.deepEqual(
        sorted,
        expected.toSorted((a, b) => b.line - a.line),
      );
      const few = (await terminal.run("dir", ".", "path", "dir_deep")).rows;
      assert.deepEqual(
        few.map((row) => row["path"]),
        expected.map(({ path }) => path).filter((path) => !/(^|\/)\./.test(path)),
      );
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 40 },
  );
});

test("links are listed and never followed", async () => {
  const folder = mkdtempSync(join(root, "links-"));
  mkdirSync(join(folder, "sub"));
  symlinkSync("..", join(folder, "sub", "up"));
  symlinkSync("nowhere", join(folder, "broken"));
  const { rows } = await terminalAt(folder).run("dir", ".", "type", "tree", "line", "dir_deep");
  assert.deepEqual(rows, [
    { type: "link", tree: "broken", line: null },
    { type: "dir", tree: "sub", line: 1 },
    { type: "link", tree: "|-up", line: null },
  ]);
  assert.equal(readdirSync(folder).length, 2);
});
