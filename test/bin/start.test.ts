import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

let dist = "";

function bundle(hash: string, code: string): void {
  writeFileSync(join(dist, "bench.cjs"), `//${hash}\n${code}\n`);
}

function start(...args: string[]) {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const run = spawnSync(process.execPath, [join(dist, "boot.cjs"), ...args], { encoding: "utf8", env });
  assert.equal(run.stderr, "");
  return run;
}

function cacheFile(): string {
  const caches = readdirSync(dist).filter((name) => name.startsWith("bench-"));
  assert.deepEqual(caches, [`bench-${process.version}-${process.arch}.cache`]);
  return join(dist, caches[0] ?? "");
}

beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "built "));
  copyFileSync("bin/boot.cjs", join(dist, "boot.cjs"));
});

afterEach(() => rmSync(dist, { recursive: true, force: true }));

test("the first start leaves a code cache, the second takes it", () => {
  bundle("a", "console.log(process.argv.slice(2).join()); process.exitCode = 3;");
  assert.equal(start("x", "y").status, 3);
  const first = readFileSync(cacheFile());
  const second = start("z");
  assert.equal(second.stdout, "z\n");
  assert.equal(second.status, 3);
  assert.deepEqual(readFileSync(cacheFile()), first);
});

test("another bundle of the same length is not taken for the old one", () => {
  bundle("a", "console.log(1);");
  assert.equal(start().stdout, "1\n");
  bundle("b", "console.log(2);");
  assert.equal(start().stdout, "2\n");
});

test("a damaged cache is passed over and made anew", () => {
  bundle("a", "console.log(1);");
  start();
  const good = readFileSync(cacheFile());
  const bad = Buffer.from(good);
  bad.fill(7, 128, 160);
  writeFileSync(cacheFile(), bad);
  assert.equal(start().stdout, "1\n");
  assert.notDeepEqual(readFileSync(cacheFile()), bad);
});

test("modules are imported by path, with and without a cache", () => {
  writeFileSync(join(dist, "yours.mjs"), "export default await 7;");
  bundle("a", "bootImport(`${__dirname}/yours.mjs`).then((it) => console.log(it.default));");
  assert.equal(start().stdout, "7\n");
  assert.equal(start().stdout, "7\n");
});
