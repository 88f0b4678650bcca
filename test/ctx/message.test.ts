import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { config, defineCommand, defineContext, integer, type Message, makeTree, text } from "../../src/ctx/index.ts";
import { errorOf, probeTree } from "../support/probe.ts";

describe("C-17 Message", () => {
  test("detail are the words, push fills the table, echo the text, append gives the first value", async (t) => {
    const { tree, call } = await probeTree(t);
    const all = defineCommand({
      name: "all",
      help: "Give everything",
      args: { word: text("Any") },
      columns: { n: integer("Number"), name: text("Name") },
      run(m) {
        m.push({ n: 7, name: "seven" }).push({ n: 8, name: "eight" }).echo("a", "b").echo("").echo("c\n");
      },
    });
    tree.contextNamed("probe").addCommand(all);
    const m = await call("all", "x");
    assert.deepEqual(m.detail, ["all", "x"]);
    assert.deepEqual(m.rows, [
      { n: 7, name: "seven" },
      { n: 8, name: "eight" },
    ]);
    assert.equal(m.text, "abc\n");
    assert.equal(m.append("n"), "7");
    assert.equal(m.append("constructor"), undefined);
    assert.equal(m.source.path, "ctx.probe");
    assert.equal(m.target.path, "ctx.probe");
    assert.ok(m.code > 0);
  });

  test("options are inherited by the calls a handler makes, at any depth, and not by siblings", async (t) => {
    const { tree, call } = await probeTree(t);
    const node = tree.contextNamed("probe");
    const seen: [string, unknown][] = [];
    const see = (m: Message, who: string): void => void seen.push([who, m.option("page")]);
    node.addCommand({
      name: "leaf",
      help: "Look",
      run(m) {
        see(m, "leaf");
        m.setOption("page", "changed below");
      },
    });
    node.addCommand({ name: "middle", help: "Call on", run: (m) => m.cmd("leaf").then(() => see(m, "middle")) });
    node.addCommand({
      name: "top",
      help: "Call on",
      async run(m) {
        see(m, "top before");
        m.setOption("page", 3);
        await m.cmd("middle");
        m.setOption("page", 4);
        await m.cmd("context", "probe", "leaf");
        see(m, "top after");
      },
    });
    await call("top");
    await call("leaf");
    assert.deepEqual(seen, [
      ["top before", undefined],
      ["leaf", 3],
      ["middle", 3],
      ["leaf", 4],
      ["top after", 4],
      ["leaf", undefined],
    ]);
  });

  for (const key of ["constructor", "__proto__", "toString", "who"]) {
    test(`an option that nobody set is nothing: ${key}`, async (t) => {
      const { tree, call } = await probeTree(t);
      tree.contextNamed("probe").addCommand({ name: "look", help: "Look", run: (m) => String(m.option(key)) });
      assert.equal((await call("look")).text, "undefined");
    });
  }

  test("the answer of a call can be given as one's own, text and rows", async (t) => {
    const { call } = await probeTree(t);
    const m = await call("over", "both");
    assert.equal(m.text, "some text\n");
    assert.deepEqual(m.rows, [{ n: 1 }]);
  });

  test("a command without an answer shows its columns; one that says it has nothing does not", async (t) => {
    const { tree, call } = await probeTree(t);
    const columns = { n: integer("Number") };
    tree.contextNamed("probe").addCommand({ name: "empty", help: "Give no row", columns, run: () => [] });
    tree.contextNamed("probe").addCommand({ name: "none", help: "Give nothing", columns, run: (m) => m.nothing() });
    assert.deepEqual(
      (await call("empty")).batches.map(({ columns, length }) => [columns, length]),
      [[[{ name: "n", type: "integer" }], 0]],
    );
    assert.deepEqual((await call("none")).batches, []);
  });

  test("C-15 a setting changes at run time and is watched until the watcher has enough", async (t) => {
    const limit = config<number>("limit", 5, "A limit");
    const seen: unknown[] = [];
    let undo = (): void => undefined;
    const context = defineContext({
      name: "watching",
      help: "Watch",
      configs: [limit],
      commands: [
        {
          name: "watch",
          help: "Watch",
          run(m) {
            undo = m.watch(limit, (value) => void seen.push(value));
          },
        },
        { name: "set", help: "Set", run: (m) => m.setConf(limit, m.conf(limit) + 1) },
      ],
    });
    const { call, show } = await probeTree(t, { more: [context] });
    await call("watching.watch");
    await call("watching.set");
    await show("config watching.limit 9");
    undo();
    await call("watching.set");
    assert.deepEqual(seen, [6, 9]);
    assert.equal(await show("config watching.limit"), "10\n");
  });

  test("C-15 a setting of no context of the tree can be neither set nor watched, and has its default", () => {
    const lone = config("lone", 1, "Nobody's");
    const host = { home: "/", program: "/", version: "0", env: {}, pid: 0, mode: "test" } as const;
    const tree = makeTree([], host);
    assert.equal(tree.conf(lone), 1);
  });

  test("C-15 two trees share no value of a setting", async (t) => {
    const shared = config<{ readonly list: readonly number[] }>("shared", { list: [1] }, "A map");
    const context = defineContext({ name: "sharing", help: "Share", configs: [shared] });
    const one = await probeTree(t, { more: [context] });
    const two = await probeTree(t, { more: [context] });
    await one.show("config sharing.shared.list.0 7");
    assert.equal(await two.show("config sharing.shared.list.0"), "1\n");
    assert.deepEqual(shared.value, { list: [1] });
  });

  test("a call that is stopped asks ready() and ends with cancelled", async (t) => {
    const { tree, who } = await probeTree(t);
    const stop = new AbortController();
    tree.contextNamed("probe").addCommand({
      name: "long",
      help: "Go on",
      async run(m) {
        stop.abort();
        await m.ready();
      },
    });
    const calling = { from: tree.contextNamed("probe"), who, signal: stop.signal };
    assert.equal((await errorOf(() => tree.call({ words: ["long"] }, calling))).code, "cancelled");
    assert.equal(tree.ring.list().at(-1)?.error, "cancelled");
  });
});
