import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { readPrivate, writePrivate } from "../../../src/ctx/index.ts";

test("a disk that is full in the middle leaves the file as it was, and nothing beside it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ctx private "));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "known.json");
  writePrivate(file, "before");
  const module = pathToFileURL(resolve("dist/src/ctx/index.js")).href;
  const script = `import { readPrivate, writePrivate } from ${JSON.stringify(module)};
    try { writePrivate(process.argv[1], "x".repeat(100_000)); } catch (error) { process.exit(error.code === "EFBIG" ? 3 : 4); }`;
  const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" --input-type=module -e "$1" "$2"`;
  const { status, stderr } = spawnSync("sh", ["-c", limited, process.execPath, script, file], { encoding: "utf8" });
  assert.equal(status, 3, stderr);
  assert.equal(readFileSync(file, "utf8"), "before");
  assert.deepEqual(readdirSync(folder), ["known.json"]);
});

test("a named pipe is no file, and nobody waits for it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ctx private "));
  t.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, "token");
  execFileSync("mkfifo", ["-m", "600", pipe]);
  assert.throws(() => readPrivate(pipe), /it is no file/);
});
