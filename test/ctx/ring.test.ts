import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ring } from "../../src/ctx/ring.ts";
import { probeTree } from "../support/probe.ts";

const record = (code: number) => ({
  code,
  time: 0,
  trace: "",
  source: "",
  target: "",
  command: "",
  detail: [],
  user: "",
  ms: 0,
  error: "",
});

describe("C-17 the ring", () => {
  for (const [count, first] of [
    [0, undefined],
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [2000, 1001],
    [2500, 1501],
  ] as const) {
    test(`keeps the last 1,000 of ${count}, oldest first`, () => {
      const ring = new Ring();
      for (let code = 1; code <= count; code++) ring.add(record(code));
      const codes = ring.list().map(({ code }) => code);
      assert.equal(codes.length, Math.min(count, 1000));
      assert.equal(codes[0], first);
      assert.deepEqual(
        codes,
        [...codes].sort((a, b) => a - b),
      );
    });
  }

  test("message lists source, target, words, user, time used and error", async (t) => {
    const { call } = await probeTree(t);
    await call("rows", "3");
    await call("over", "eat").catch(() => undefined);
    const { rows } = await call("message");
    const [one, ...rest] = rows.slice(-3);
    assert.deepEqual(
      [one?.["source"], one?.["target"], one?.["detail"], one?.["user"], one?.["error"]],
      ["ctx.probe", "ctx.probe", "rows 3", "tester", ""],
    );
    assert.deepEqual(
      rest.map((row) => row["detail"]),
      ["eat", "over eat"],
    );
  });

  test("long words and many words are cut", async (t) => {
    const { tree, call } = await probeTree(t);
    await call("rows", "x".repeat(1000)).catch(() => undefined);
    await call("over", ...Array.from({ length: 500 }, () => "rows")).catch(() => undefined);
    const [long, many] = [tree.ring.list().at(-3), tree.ring.list().at(-1)];
    assert.equal(long?.detail[1]?.length, 257);
    assert.equal(many?.detail.length, 101);
  });
});
