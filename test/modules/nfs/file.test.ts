import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { PieceReader } from "../../../src/ctx/index.ts";
import { completePath } from "../../../src/modules/nfs/path.ts";
import { textParts } from "../../../src/modules/nfs/read.ts";
import { temporaryFolder, terminalAt } from "./here.ts";

const home = temporaryFolder();
mkdirSync(join(home, "etc"));
mkdirSync(join(home, "usr"));
writeFileSync(join(home, "etc", "init.shy"), "echo hi\n");

test("save writes its words one after the other and makes the folder, load reads them", async () => {
  const terminal = terminalAt(home);
  assert.equal((await terminal.run("save", "var/c/y.txt", "hello", "world")).text, "var/c/y.txt");
  const loaded = async (...words: readonly string[]) => (await terminal.run("load", "c/y.txt", ...words)).text;
  assert.equal(await loaded(), "helloworld");
  assert.equal(await loaded("5"), "hello");
  assert.equal(await loaded("5", "5"), "world");
  assert.equal(await loaded("-1", "8"), "ld");
  assert.equal(await loaded("5", "50"), "");
});

test("save writes what comes through the pipe", async () => {
  const { tree } = terminalAt(home);
  const who = { ...(await terminalAt(home).run("pwd")).who };
  async function* pieces() {
    yield "one\n";
    yield Buffer.from([0xff, 0]);
  }
  const piped = new PieceReader(pieces());
  await tree.call({ words: ["save", "piped.bin"] }, { from: tree.root, who, piped });
  assert.deepEqual([...readFileSync(join(home, "piped.bin"))], [...Buffer.from("one\n"), 0xff, 0]);
});

test("save to a full disk tells so and leaves nothing behind", async () => {
  symlinkSync("/dev/full", join(home, "full"));
  const before = readdirSync(home);
  assert.equal(await terminalAt(home).error("save", "full", "text"), 'error: no space left on the disk: "/dev/full"');
  assert.deepEqual(readdirSync(home), before);
});

const refused: readonly (readonly [readonly string[], string])[] = [
  [["load", "etc"], 'error: is a folder: "etc"'],
  [["load", "inti.shy"], 'error: no file or folder "inti.shy" (did you mean "init.shy"?)'],
  [["load", "init.shy", "x"], 'error: load: buf_size must be a whole number, but is "x"'],
  [["save", "etc", "x"], 'error: is a folder: "HOME/etc"'],
  [["cd", "ect"], 'error: no file or folder "ect" (did you mean "etc"?)'],
  [["cd", "etc/init.shy"], 'error: not a folder: "etc/init.shy"'],
  [["path", "nosuch"], 'error: no file or folder "nosuch"'],
  [["import", "etc/init.shy", "a.b"], "error: import: index is for json and yaml files"],
  [["import", "list.json", "a.c"], 'error: no key "a.c"'],
];
for (const [words, said] of refused) {
  test(`${words.join(" ")} is refused in words`, async () => {
    writeFileSync(join(home, "list.json"), '{"a": {"b": [{"n": 1}, {"n": 2, "m": "x"}, {"m": null}]}}');
    assert.equal(await terminalAt(home).error(...words), said.replace("HOME", home));
  });
}

test("import reads tables by the suffix of the file", async () => {
  const terminal = terminalAt(home);
  const files: readonly (readonly [string, string])[] = [
    ["a.csv", "n,name\n1,x\n2,中文\n"],
    ["a.tsv", "n\tname\n1\tx\n2\t中文\n"],
    ["a.json", '[{"n": 1, "name": "x"}, {"n": 2, "name": "中文"}]'],
    ["a.ndjson", '{"n": 1, "name": "x"}\n{"n": 2, "name": "中文"}\n'],
    ["a.yaml", "- {n: 1, name: x}\n- {n: 2, name: 中文}\n"],
  ];
  for (const [name, text] of files) {
    writeFileSync(join(home, "usr", name), text);
    const { rows } = await terminal.run("import", name);
    assert.deepEqual(
      rows,
      [
        { n: 1, name: "x" },
        { n: 2, name: "中文" },
      ],
      name,
    );
  }
  assert.equal((await terminal.run("import", "init.shy")).text, "echo hi\n");
});

test("import of a table inside a file has the columns of all its rows", async () => {
  writeFileSync(join(home, "list.json"), '{"a": {"b": [{"n": 1}, {"n": 2, "m": "x"}, {"m": null}], "c": [1, 2]}}');
  const terminal = terminalAt(home);
  assert.deepEqual((await terminal.run("import", "list.json", "a.b")).rows, [
    { n: 1, m: null },
    { n: 2, m: "x" },
    { n: null, m: null },
  ]);
  assert.deepEqual((await terminal.run("import", "list.json", "a.c")).rows, [{ value: 1 }, { value: 2 }]);
  assert.deepEqual((await terminal.run("import", "list.json", "a.b.1.m")).rows, [{ value: "x" }]);
});

test("cd moves the session, goes home and back", async () => {
  const terminal = terminalAt(home, home, { HOME: join(home, "usr") });
  const here = async () => (await terminal.run("pwd")).text;
  await terminal.run("cd", "etc");
  assert.equal(await here(), `${join(home, "etc")}`);
  assert.equal((await terminal.run("path", "init.shy")).text, "init.shy");
  await terminal.run("cd");
  assert.equal(await here(), `${join(home, "usr")}`);
  assert.equal((await terminal.run("cd", "-")).text, `${join(home, "etc")}`);
  await terminal.run("cd", "..");
  assert.equal(await here(), home);
});

test("pwd all lists the search path", async () => {
  const { rows } = await terminalAt(home).run("pwd", "all");
  assert.deepEqual(
    rows.map((row) => row["value"]),
    ["var", "usr", "etc", "bin", "."],
  );
});

test("paths are completed: folders with a slash, hidden names after a dot", async () => {
  const folder = temporaryFolder();
  for (const name of ["src", "spec", ".secret"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "style.md"), "");
  writeFileSync(join(folder, "src", "main.ts"), "");
  symlinkSync("src", join(folder, "sources"));
  const complete = async (prefix: string) => (await completePath(prefix, { cwd: folder })).map(({ value }) => value);
  assert.deepEqual(await complete("s"), ["sources/", "spec/", "src/", "style.md"]);
  assert.deepEqual(await complete("src/"), ["src/main.ts"]);
  assert.deepEqual(await complete("."), [".secret/"]);
  assert.deepEqual(await complete(`${folder}/st`), [`${folder}/style.md`]);
  assert.deepEqual(await complete("nowhere/"), []);
});

test("text in any parts is whole text, and nothing of other bytes is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()),
      fc.integer({ min: 1, max: 5 }),
      async (content, size) => {
        const bytes = Buffer.from(content as string);
        async function* parts() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        const got: (string | Uint8Array)[] = [];
        for await (const part of textParts(parts())) got.push(part);
        assert.deepEqual(Buffer.concat(got.map((part) => Buffer.from(part as string))), bytes);
        if (typeof content === "string" && !content.includes("\0"))
          assert.ok(got.every((part) => typeof part === "string"));
      },
    ),
  );
});
