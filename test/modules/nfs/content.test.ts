import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { countNow, LineCounter } from "../../../src/modules/nfs/content.ts";
import { temporaryFolder, terminalAt } from "./here.ts";

const folder = temporaryFolder();

const counted: readonly (readonly [readonly string[], number])[] = [
  [[], 0],
  [[""], 0],
  [["x"], 1],
  [["x\n"], 1],
  [["\n"], 1],
  [["\n\n"], 2],
  [["a\nb"], 2],
  [["a\n", "b"], 2],
  [["a", "\n"], 1],
  [["a\n", ""], 1],
  [["a\r\nb\r\n"], 2],
];
for (const [parts, lines] of counted) {
  test(`${JSON.stringify(parts)} has ${lines} lines`, () => {
    const counter = new LineCounter();
    for (const part of parts) counter.add(Buffer.from(part));
    assert.equal(counter.lines, lines);
  });
}

test("a pipe that stands where a file was is not waited for", () => {
  const pipe = join(folder, "pipe");
  execFileSync("bash", ["-c", 'mkfifo "$1"', "", pipe]);
  assert.equal(countNow(pipe, "fifo", 0), null);
  assert.equal(countNow(pipe, "file", 0), 0);
});

test("lines and hash of a pipe are none, and asking does not hang", async () => {
  const { rows } = await terminalAt(folder).run("dir", ".", "type", "line", "hash", "filename", "dir_reg", "pipe");
  assert.deepEqual(rows, [{ type: "fifo", line: null, hash: null, filename: "pipe" }]);
});

test("a large file is counted only when its lines are asked for", async () => {
  const large = join(folder, "large");
  writeFileSync(large, "one\ntwo\n");
  truncateSync(large, 17 * 1024 * 1024);
  const terminal = terminalAt(folder);
  const lines = async (...words: readonly string[]) =>
    (await terminal.run("dir", "large", ...words)).rows.map((row) => row["line"]);
  assert.deepEqual(await lines(), [null]);
  assert.deepEqual(await lines("line"), [3]);
  assert.deepEqual(await lines("line", "dir_sort", "line", "int"), [3]);
});

test("files that the system makes up as they are read have lines", () => {
  assert.equal(
    countNow("/proc/self/limits", "file", 0),
    readFileSync("/proc/self/limits", "utf8").split("\n").length - 1,
  );
});
