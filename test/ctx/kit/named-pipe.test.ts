import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openForWriting, openPipe, readPipe } from "../../../src/ctx/index.ts";

function makePipe(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pipe-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  return path;
}

function opened(path: string): number {
  const fd = openPipe(path);
  assert.ok(fd !== undefined);
  return fd;
}

test("a pipe that nobody writes can be left", async (t) => {
  const stop = new AbortController();
  const reading = readPipe(opened(makePipe(t)), stop.signal).next();
  setImmediate(() => stop.abort());
  await assert.rejects(reading, { name: "AbortError" });
});

test("what is written into a pipe is read to its end", async (t) => {
  const path = makePipe(t);
  const fd = opened(path);
  const writer = openForWriting(path, constants.O_WRONLY);
  writeSync(writer, "one\ntwo\n");
  closeSync(writer);
  const parts: Buffer[] = [];
  for await (const part of readPipe(fd, new AbortController().signal)) parts.push(part);
  assert.equal(Buffer.concat(parts).toString(), "one\ntwo\n");
});

test("a pipe that nobody reads is not waited for", (t) => {
  assert.throws(() => openForWriting(makePipe(t), constants.O_WRONLY), { code: "ENXIO" });
});

test("only pipes are opened as such", () => assert.equal(openPipe("package.json"), undefined));
