import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defineCommand, integer, type Piece, type Sink, script } from "../../../src/ctx/index.ts";
import { errorOf, probeTree } from "../../support/probe.ts";

/** A sink that keeps what it gets and is as slow as `wait`. */
function sink(wait: () => Promise<void> | undefined = () => undefined): Sink & { readonly got: Piece[] } {
  const got: Piece[] = [];
  return {
    got,
    closed: false,
    write(piece) {
      got.push(piece);
      return wait();
    },
    end: () => undefined,
    note: () => undefined,
  };
}
/** How many timers and sockets are open. */
const open = (): string[] => process.getActiveResourcesInfo().filter((name) => /Timeout|Socket|Pipe/.test(name));

describe("X-05 pipelines stream", () => {
  test("three commands and 100,000 rows", async (t) => {
    const { show, seen } = await probeTree(t);
    assert.equal(await show("rows 100000 | pass | eat"), "100000\n");
    assert.deepEqual(seen, { given: 100_000, eaten: 100_000, ended: true, aborted: false });
  });
  test("100,000 rows through operators", async (t) => {
    const { show } = await probeTree(t);
    assert.equal(await show("rows 100000 | pass % where n > 99998 | pass"), "     n\n 99999\n100000\n");
  });

  const early: readonly (readonly [line: string, shown: string])[] = [
    ["rows 1000000 % limit 3", "n\n1\n2\n3\n"],
    ["rows 1000000 | pass % limit 3", "n\n1\n2\n3\n"],
    ["rows 1000000 | pass | pass % limit 2 | eat", "2\n"],
    ["rows 1000000 % limit 0", "n\n"],
    ["rows 1000000 | refuse", "error: refused"],
    ["rows 1000000 | pass | refuse", "error: refused"],
    ["rows 1000000 | pass | bug", "error: bug: takes no input"],
    ["rows 1000000 | head -n 2", "   n\n   1\n"],
    ["rows 1000000 | true", ""],
    ["rows 1000000 % limit 3 > out.csv", ""],
  ];
  for (const [line, expected] of early) {
    test(`a reader that has enough, or fails, stops the source: ${line}`, async (t) => {
      const { show, seen } = await probeTree(t);
      const got = await show(line);
      if (expected.startsWith("error")) assert.ok(got.startsWith(expected), got);
      else assert.equal(got, expected);
      assert.ok(seen.given < 100_000, `${seen.given} rows were given`);
      assert.equal(seen.ended, true);
      assert.equal(seen.aborted, true);
    });
  }

  test("a slow reader makes the writer wait", async (t) => {
    const { tree, who, seen } = await probeTree(t);
    let goOn: () => void = () => undefined;
    const out = sink(
      () =>
        new Promise((resolve) => {
          goOn = resolve;
        }),
    );
    const stop = new AbortController();
    const source = { text: "rows 1000000 | pass | pass", name: "s" };
    const running = tree.use(script).run({ source, who, out, signal: stop.signal });
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(out.got.length < 3, "the reader has hardly anything");
    assert.ok(seen.given < 50_000, `the writer is held up at ${seen.given}`);
    stop.abort();
    goOn();
    assert.equal((await errorOf(() => running)).code, "cancelled");
    assert.equal(seen.ended, true);
  });

  const failing: readonly (readonly [line: string, shown: RegExp])[] = [
    ["half | eat", /^error: no luck/],
    ["half | pass | eat", /^error: no luck/],
    ["half % limit 5 | eat", /^error: no luck/],
    ["half | pass % limit 5", /^n\n1\n2\nerror: no luck/],
    ["half > x.csv | eat", /^error: no luck/],
    // It is said in the file.
    ["half 2> e | eat", /^$/],
    ["half 2> e | eat || load e", /^error: no luck/],
    ["half % limit 1 > x.csv | eat", /no luck/],
    ["bug | eat", /^error: internal error/],
    ["nosuch | eat", /^error: unknown command/],
    ["rows 3 | nosuch", /^error: unknown command/],
    ["rows 3 | rows 3", /^error: rows: takes no input from a pipe/],
    ["false | eat", /^0\n$/],
    ["rows 3 | false", /^error: false ended with 1/],
    ["rows 3 | eat > /nonexistent/x", /^error: no file/],
    ["rows 3 > /nonexistent/x | eat", /^error: no file/],
    ["rows 3 % nosuch", /^error: select: no column "nosuch"/],
    ["rows 3 | eat < x", /^error: "<" stands after a pipe/],
  ];
  for (const [line, expected] of failing) {
    test(`a failure reaches the end, and nothing hangs: ${line}`, async (t) => {
      const { show } = await probeTree(t);
      assert.match(await show(line), expected);
    });
  }

  for (const line of [
    "rows 1000000 | pass | eat",
    "rows 1000000 % order n",
    "wait | eat",
    "sleep 1h | cat",
    "rows 1000000 | cat | eat > x.csv",
  ]) {
    test(`stopped from outside, all stages end and nothing is left: ${line}`, async (t) => {
      const { tree, who } = await probeTree(t);
      const before = open();
      const stop = new AbortController();
      const source = { text: line, name: "s" };
      const running = tree.use(script).run({ source, who: { ...who, via: "token" }, out: sink(), signal: stop.signal });
      const ended = errorOf(() => running);
      for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      assert.equal((await ended).code, "cancelled");
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(open(), before);
    });
  }

  test("what was stopped before it began does not begin", async (t) => {
    const { tree, who, seen } = await probeTree(t);
    const source = { text: "rows 10 | eat", name: "s" };
    const error = await errorOf(() => tree.use(script).run({ source, who, out: sink(), signal: AbortSignal.abort() }));
    assert.equal(error.code, "cancelled");
    assert.equal(seen.given, 0);
  });

  test("a pipeline whose commands are done at once gives no promise", async (t) => {
    const { tree, who } = await probeTree(t);
    const two = defineCommand({
      name: "two",
      help: "Give two",
      columns: { n: integer("Number") },
      run: () => [{ n: 1 }, { n: 2 }],
    });
    tree.contextNamed("probe").addCommand(two);
    const out = sink();
    const signal = new AbortController().signal;
    assert.equal(tree.use(script).run({ source: { text: "two % limit 1", name: "s" }, who, out, signal }), 0);
    assert.ok(out.got.length > 0);
  });

  test("a command that gives text and rows gives its rows to an operator, redirected errors or not", async (t) => {
    const { show } = await probeTree(t);
    assert.equal(await show("both 2> notes.txt % limit 3"), "n\n1\n");
    assert.equal(await show("cat notes.txt"), "careful\n");
    assert.equal(await show("both % limit 3"), "careful\nn\n1\n");
  });

  test("conditions are refused until they are looked at", async (t) => {
    const { show, seen } = await probeTree(t);
    assert.match(await show("rows 3 ? 0"), /^error: "\?" comes with the script language/);
    assert.equal(seen.given, 0);
  });
});
