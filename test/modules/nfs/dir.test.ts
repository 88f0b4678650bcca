import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { type Clock, CtxError, type Host, makeTree, type Sink, terminalWho } from "../../../src/ctx/index.ts";
import nfs from "../../../src/modules/nfs/index.ts";
import { asNobody, temporaryFolder, terminalAt } from "./here.ts";

process.env["TZ"] = "UTC";
const home = temporaryFolder();
before(() => execFileSync("bash", ["test/fixtures/conformance/fixture.sh", home]));

const refused: readonly (readonly [string, string])[] = [
  ["dir nosuch", 'error: no file or folder "nosuch"'],
  ["dir usr/ss", 'error: no file or folder "usr/ss" (did you mean "usr/s"?)'],
  ["dir s/ones.txt", 'error: no file or folder "s/ones.txt" (did you mean "s/one.txt"?)'],
  ["dir usr/s/one.txt/more", 'error: no file or folder "usr/s/one.txt/more"'],
  ["dir s filenam", 'error: dir: no field "filenam" (did you mean "filename"?)'],
  [
    "dir s constructor",
    'error: dir: no field "constructor" (fields are time, type, full, path, tree, filename, size, line, hash)',
  ],
  ["dir s dir_sort lines int", 'error: dir: no field "lines" (did you mean "line"?)'],
  ["dir s dir_sort line up", 'error: dir: dir_sort must be int, int_r, str, str_r, time, time_r, but is "up"'],
  ["dir s dir_reg (", "error: dir: dir_reg: bad regular expression: missing closing ): `(`"],
];
for (const [line, said] of refused) {
  test(`${line} is refused in words`, async () => assert.equal(await terminalAt(home).error(...line.split(" ")), said));
}

test("dir of a path with a null character is refused in words", async () => {
  assert.equal(await terminalAt(home).error("dir", "a\0b"), "error: a path has no null characters");
});

test("dir of an empty folder shows the header", async () => {
  const { batches } = await terminalAt(home).run("dir", "bin", "filename", "size");
  assert.deepEqual(
    batches.map(({ columns, length }) => [columns.map(({ name }) => name).join(" "), length]),
    [["filename size", 0]],
  );
});

test("dir of a file shows its row", async () => {
  const { rows } = await terminalAt(home).run("dir", "s/one.txt", "path", "filename", "full", "tree", "line");
  const full = join(home, "usr/s/one.txt");
  assert.deepEqual(rows, [{ path: "usr/s/one.txt", filename: "one.txt", full, tree: "one.txt", line: 2 }]);
});

test("dir of a link goes where it points, and a link to nowhere is its row", async () => {
  const folder = mkdtempSync(join(home, "links-"));
  symlinkSync("../usr/t", join(folder, "there"));
  symlinkSync("nowhere", join(folder, "broken"));
  const terminal = terminalAt(folder);
  const names = async (path: string) => (await terminal.run("dir", path, "path")).rows.map((row) => row["path"]);
  assert.deepEqual(await names("there"), ["there/a.txt", "there/sub", "there/中文.txt"]);
  assert.deepEqual((await terminal.run("dir", "broken", "filename", "type")).rows, [
    { filename: "broken", type: "link" },
  ]);
});

test("dir names paths as they can be typed again", async () => {
  const terminal = terminalAt(home, join(home, "usr"));
  const first = async (path: string) => (await terminal.run("dir", path, "path", "dir_type", "file")).rows[0]?.["path"];
  assert.equal(await first("s"), "s/conf.json");
  assert.equal(await first("./s"), "s/conf.json");
  assert.equal(await first("../usr/s"), "s/conf.json");
  assert.equal(await first(join(home, "usr/s")), join(home, "usr/s/conf.json"));
  assert.equal(await first("."), "args.shy");
});

test("reading looks in the session's folder first, then along the search path", async () => {
  const elsewhere = mkdtempSync(join(home, "elsewhere-"));
  mkdirSync(join(elsewhere, "t"));
  writeFileSync(join(elsewhere, "t", "mine"), "");
  const terminal = terminalAt(home, elsewhere);
  const paths = async (path: string) => (await terminal.run("dir", path, "path")).rows.map((row) => row["path"]);
  assert.deepEqual(await paths("t"), ["t/mine"]);
  assert.equal((await paths("s"))[0], "usr/s/conf.json");
  assert.equal(await terminal.error("dir", "./s"), 'error: no file or folder "./s"');
});

test("nulls come last in both directions, and what is equal stays in order", async () => {
  const folder = mkdtempSync(join(home, "nulls-"));
  writeFileSync(join(folder, "a"), "1\n");
  symlinkSync("a", join(folder, "b"));
  writeFileSync(join(folder, "c"), "1\n2\n");
  writeFileSync(join(folder, "d"), "1\n");
  const order = async (...sort: string[]) =>
    (await terminalAt(folder).run("dir", ".", "filename", "dir_sort", ...sort)).rows
      .map((row) => row["filename"])
      .join("");
  assert.equal(await order("line", "int"), "adcb");
  assert.equal(await order("line", "int_r"), "cadb");
  assert.equal(await order("filename", "str_r"), "dcba");
  assert.equal(await order("filename", "int"), "abcd");
  assert.equal(await order("hash", "str"), "cadb");
});

test("a folder that cannot be read is an error at the top and a note below", async () => {
  const folder = mkdtempSync(join(home, "closed-"));
  chmodSync(home, 0o755);
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "closed"));
  mkdirSync(join(folder, "listed"));
  writeFileSync(join(folder, "listed", "a"), "");
  writeFileSync(join(folder, "open"), "");
  chmodSync(join(folder, "closed"), 0o000);
  chmodSync(join(folder, "listed"), 0o744);
  const terminal = terminalAt(folder);
  await asNobody(async () => {
    const said = `permission denied: "${join(folder, "closed")}"`;
    assert.equal(await terminal.error("dir", "closed"), `error: ${said}`);
    assert.equal(await terminal.error("dir", ".", "filename", "dir_deep"), "");
    assert.deepEqual(terminal.notes, [said]);
    const { rows } = await terminal.run("dir", ".", "filename", "size", "line", "dir_deep", "dir_type", "file");
    assert.deepEqual(rows, [
      { filename: "a", size: null, line: null },
      { filename: "open", size: 0, line: 0 },
    ]);
  });
});

test("dir stops when nobody wants more", async () => {
  const folder = mkdtempSync(join(home, "many-"));
  for (let i = 0; i < 3000; i++) writeFileSync(join(folder, String(i)), "");
  const { tree } = terminalAt(folder);
  let rows = 0;
  const few: Sink = {
    write(piece) {
      rows += piece.length;
    },
    end: () => undefined,
    note: () => undefined,
    get closed() {
      return rows > 0;
    },
  };
  const calling = { from: tree.root, who: terminalWho(tree, { cwd: folder }), out: few };
  await assert.rejects(
    async () => tree.call({ words: ["dir", ".", "filename"] }, calling),
    (error) => error instanceof CtxError && error.code === "cancelled",
  );
  assert.equal(rows, 1024);
  rmSync(folder, { recursive: true });
});

test("dir lets others have their turn, and stops when it is told to", async () => {
  const folder = mkdtempSync(join(home, "turns-"));
  for (let i = 0; i < 2000; i++) writeFileSync(join(folder, String(i)), "");
  let ticks = 0;
  // Each look at this clock takes a millisecond, so that a slice ends after a few.
  const clock: Clock = { now: () => 0, ticks: () => ticks++ };
  const host: Host = { home: folder, program: folder, version: "0.0.0", env: {}, pid: 1, mode: "test" };
  const tree = makeTree([nfs], host, clock);
  const who = terminalWho(tree, { cwd: folder });
  for (const sort of [[], ["dir_sort", "filename", "str_r"]]) {
    const words = ["dir", ".", "filename", "size", ...sort];
    let turns = 0;
    let timer = setImmediate(function count() {
      turns++;
      timer = setImmediate(count);
    });
    const m = await tree.call({ words }, { from: tree.root, who });
    clearImmediate(timer);
    assert.equal(m.rows.length, 2000);
    assert.ok(turns > 2, `${turns} turns`);

    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await assert.rejects(
      async () => tree.call({ words }, { from: tree.root, who, signal: stop.signal }),
      (error) => error instanceof CtxError && error.code === "cancelled",
    );
  }
  rmSync(folder, { recursive: true });
});
