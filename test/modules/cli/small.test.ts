import assert from "node:assert/strict";
import { test } from "node:test";
import { screenStyle } from "../../../src/modules/cli/style.ts";
import { errorOf, stage } from "./cli-tree.ts";

test("echo shows its words", async (t) => {
  const { run } = await stage(t);
  assert.equal((await run(["echo", "hello", "世界"])).text, "hello 世界");
  assert.equal((await run(["echo"])).text, "\n");
});

test("C-31 version tells what this is", async (t) => {
  const { run } = await stage(t);
  const { rows } = await run(["version"]);
  assert.deepEqual(rows, [
    { version: "1.2.3", node: process.version, platform: `${process.platform}-${process.arch}` },
  ]);
});

const codes: readonly (readonly [words: readonly string[], code: number])[] = [
  [[], 0],
  [["0"], 0],
  [["3"], 3],
  [["restart"], 75],
];
for (const [words, code] of codes) {
  test(`C-31 quit ${words.join(" ")}`, async (t) => {
    const { run, tree } = await stage(t);
    await run(["quit", ...words]);
    assert.deepEqual(tree.life.quitting, { code });
  });
}
for (const word of ["256", "-1", "later", "1.5", ""]) {
  test(`quit "${word}" ends nothing`, async (t) => {
    const { run, tree } = await stage(t);
    assert.equal((await errorOf(run(["quit", word]))).code, "bad_argument");
    assert.equal(tree.life.quitting, undefined);
  });
}

const lengths: readonly (readonly [word: string, ms: number])[] = [
  ["5", 5_000],
  ["0.25", 250],
  ["500ms", 500],
  ["1m30s", 90_000],
];
for (const [word, ms] of lengths) {
  test(`C-31 sleep ${word} is ${ms} ms: a bare number is seconds`, async (t) => {
    const { tree } = await stage(t);
    const param = tree.root.find("cli.sleep")?.args[0]?.[1];
    assert.equal(param?.read([word]), ms);
  });
}

test("C-31 sleep waits, and says no to what is no time", async (t) => {
  const { run } = await stage(t);
  assert.equal((await run(["sleep", "1ms"])).text, "");
  assert.equal((await errorOf(run(["sleep", "soon"]))).code, "bad_argument");
});

test("X-03 sleep can be stopped", async (t) => {
  const { run } = await stage(t);
  const controller = new AbortController();
  const done = errorOf(run(["sleep", "100d"], { signal: controller.signal }));
  controller.abort();
  assert.equal((await done).code, "cancelled");
});

const colours: readonly (readonly [env: Record<string, string>, isTerminal: boolean, coloured: boolean])[] = [
  [{ TERM: "xterm" }, true, true],
  [{ TERM: "xterm" }, false, false],
  [{ TERM: "dumb" }, true, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ FORCE_COLOR: "3", NO_COLOR: "1" }, true, false],
  [{ FORCE_COLOR: "2", TERM: "dumb" }, false, true],
];
for (const [env, isTerminal, coloured] of colours) {
  test(`X-03 colours on ${isTerminal ? "a terminal" : "a file"} with ${JSON.stringify(env)}`, () => {
    const style = screenStyle(env, isTerminal);
    assert.equal(style?.error("x"), coloured ? "\x1b[31mx\x1b[39m" : undefined);
  });
}
