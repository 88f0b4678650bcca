import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Collector, fallback, isCancelled, type Piece, PieceReader, Pipe } from "../../../src/ctx/index.ts";
import { errorOf, stage } from "./cli-tree.ts";

const sh = (script: string, ...words: readonly string[]): string[] => ["system", "sh", "-c", script, "sh", ...words];

test("C-31 system runs a program and hands on its output", async (t) => {
  const { run } = await stage(t);
  assert.equal((await run(["system", "printf", "%s-%s", "a", "b"])).text, "a-b");
});

test("words reach a program untouched: no shell splits or expands them", async (t) => {
  const { run } = await stage(t);
  const words = ["$HOME", "*", "a b", "", "中文", "--json", "--help", "--", "cmd_dir", "'", "\n"];
  const { text } = await run(sh('for word; do printf "<%s>" "$word"; done', ...words));
  assert.equal(text, words.map((word) => `<${word}>`).join(""));
});

const ends: readonly (readonly [script: string, exit: number, message: string, said?: string])[] = [
  ["exit 2", 2, "sh ended with 2"],
  ["echo bad luck >&2; exit 3", 3, "sh ended with 3", "bad luck"],
  ["printf 'one\\n\\033[31mtwo\\033[0m\\n\\n' >&2; exit 1", 1, "sh ended with 1", "two"],
  ["kill -TERM $$", 143, "sh was ended by SIGTERM"],
  ["kill -PIPE $$", 141, "sh was ended by SIGPIPE"],
];
for (const [script, exit, message, said] of ends) {
  test(`C-07 the exit code of: ${script}`, async (t) => {
    const { run } = await stage(t);
    const error = await errorOf(run(sh(script)));
    assert.deepEqual([error.code, error.exit, error.message, error.hint], ["failed", exit, message, said]);
  });
}

test("a program that is not there is an unknown command, with a guess", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(run(["system", "printff", "x"]));
  assert.deepEqual([error.code, error.exit, error.message], ["unknown_command", 127, 'unknown command "printff"']);
  assert.equal(error.hint, 'did you mean "printf"?');
});

test("what cannot be run says why, with 126", async (t) => {
  const { run, home } = await stage(t);
  writeFileSync(join(home, "notes.txt"), "hello");
  mkdirSync(join(home, "folder"));
  const file = await errorOf(run(["system", "./notes.txt"]));
  assert.deepEqual([file.exit, file.message, file.hint], [126, '"./notes.txt" may not be run', "chmod +x ./notes.txt"]);
  const folder = await errorOf(run(["./folder"]));
  assert.deepEqual([folder.exit, folder.message], [126, '"./folder" is a folder']);
  const zero = await errorOf(run(["system", "printf", "a\0b"]));
  assert.equal(zero.code, "bad_argument");
});

test("cmd_dir and cmd_env: where it runs, and what is added to its environment", async (t) => {
  const { run, home } = await stage(t);
  mkdirSync(join(home, "usr"));
  const { text } = await run([
    ...["system", "cmd_dir", "usr", "cmd_env", "A=1", "cmd_env", "B=x=y"],
    ...["sh", "-c", "pwd; echo $A $B $USER"],
  ]);
  assert.equal(text, `${join(home, "usr")}\n1 x=y ada\n`);
  const wrong = await errorOf(run(["system", "cmd_env", "A", "pwd"]));
  assert.equal(wrong.message, 'system: cmd_env must be NAME=VALUE, but is "A"');
  assert.equal((await errorOf(run(["system", "cmd_dir", "nosuch", "pwd"]))).code, "not_found");
});

test("cmd_timeout ends a program, and what it has started", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(run(["system", "cmd_timeout", "50ms", "sh", "-c", "sleep 100 & wait"]));
  assert.deepEqual([error.code, error.exit, error.message], ["timed_out", 124, "sh did not end within 50ms"]);
});

test("cmd_timeout also ends what a program has left behind", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(run(["system", "cmd_timeout", "50ms", "sh", "-c", "sleep 100 &"]));
  assert.equal(error.code, "timed_out");
});

test("cmd_timeout ends a program that does not listen", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(
    run(["system", "cmd_timeout", "50ms", "sh", "-c", "trap '' TERM; sleep 100 & wait; sleep 100"]),
  );
  assert.equal(error.code, "timed_out");
});

/** Waits until a file is there, as the sign that a program is under way. */
async function appears(t: TestContext, folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  t.after(() => watcher.close());
  while (!existsSync(join(folder, name))) await once(watcher, "change");
}

test("X-03 Ctrl-C interrupts a program as a terminal would", async (t) => {
  const { run, home } = await stage(t);
  const controller = new AbortController();
  const script = "trap 'echo INT > got; exit 0' INT; : > ready; while :; do sleep 0.01; done";
  const done = errorOf(run(sh(script), { signal: controller.signal }));
  await appears(t, home, "ready");
  controller.abort();
  const error = await done;
  assert.deepEqual([error.code, error.exit], ["cancelled", 130]);
  assert.ok(existsSync(join(home, "got")));
});

test("a call that was stopped before it began starts and ends nothing strange", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(run(["system", "sleep", "100"], { signal: AbortSignal.abort() }));
  assert.equal(error.code, "cancelled");
});

test("what a program says on standard error is noted line by line, its output stays clean", async (t) => {
  const { run } = await stage(t);
  const notes: string[] = [];
  const out = new Collector((text) => notes.push(text));
  await run(sh("echo one >&2; echo out; printf two >&2"), { out });
  assert.deepEqual(notes, ["one", "two"]);
  assert.equal(out.text, "out\n");
});

test("C-23 a program reads what is piped in, megabytes of it, and its output comes back whole", async (t) => {
  const { run } = await stage(t);
  const size = 8 * 1024 * 1024;
  async function* megabytes(): AsyncGenerator<Piece> {
    const block = new Uint8Array(64 * 1024).map((_, i) => i % 251);
    for (let sent = 0; sent < size; sent += block.length) yield block;
  }
  const out = new Collector(() => undefined);
  await run(["system", "cat"], { piped: new PieceReader(megabytes()), out });
  assert.equal(
    out.pieces.reduce((sum, piece) => sum + piece.length, 0),
    size,
  );
});

test("a program that does not read its input is no failure", async (t) => {
  const { run } = await stage(t);
  async function* endless(): AsyncGenerator<Piece> {
    for (;;) yield "line\n".repeat(1000);
  }
  const piped = new PieceReader(endless());
  assert.equal((await run(["system", "head", "-n", "1"], { piped })).text, "line\n");
});

test("C-23 yes ends when its reader has enough, and that is no failure", async (t) => {
  const { run } = await stage(t);
  const controller = new AbortController();
  const pipe = new Pipe(
    () => undefined,
    () => controller.abort(),
  );
  const done = run(["yes"], { out: pipe, signal: controller.signal });
  for await (const piece of pipe.pieces()) {
    assert.ok(piece.length > 0);
    break;
  }
  await done;
});

test("a slow reader holds a fast program back", async (t) => {
  const { run } = await stage(t);
  const controller = new AbortController();
  const pipe = new Pipe(
    () => undefined,
    () => controller.abort(),
  );
  let ended = false;
  const done = run(sh("head -c 4000000 /dev/zero; : > over"), { out: pipe, signal: controller.signal }).then(() => {
    ended = true;
  });
  let size = 0;
  for await (const piece of pipe.pieces()) {
    size += piece.length;
    // What is not read yet waits in the program: it cannot have ended after the first pieces.
    if (size < 1_000_000) assert.equal(ended, false);
    if (size === 4_000_000) break;
  }
  await done;
  assert.equal(size, 4_000_000);
});

test("C-07 a first word that is no command runs the program of that name, all words its own", async (t) => {
  const { run, home, tree, who } = await stage(t);
  writeFileSync(join(home, "args"), '#!/bin/sh\nprintf "<%s>" "$0" "$@"');
  chmodSync(join(home, "args"), 0o755);
  const { text } = await run(["./args", "--json", "--help", "cmd_dir", "x"]);
  assert.equal(text, `<${join(home, "args")}><--json><--help><cmd_dir><x>`);
  assert.equal(tree.use(fallback)("nosuchprogram", who), undefined);
  assert.equal(tree.use(fallback)("./nosuch", who), undefined);
  assert.equal(tree.use(fallback)("..", who), undefined);
  assert.equal(tree.use(fallback)("cat", who)?.right, "cli.system");
});

test("programs that still run end with their context, even those that have hardly begun", async (t) => {
  const { run, tree } = await stage(t);
  const done = errorOf(run(["system", "sleep", "100"]));
  await tree.life.stop();
  const error = await done;
  assert.equal(isCancelled(error), false);
  assert.equal(error.exit, 143);
});
