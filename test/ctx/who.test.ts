import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defineCommand, inContext, resolvePath } from "../../src/ctx/index.ts";
import { errorOf, probeTree } from "../support/probe.ts";

const look = defineCommand({
  name: "look",
  help: "Say who calls",
  options: {},
  run: (m) => JSON.stringify([m.who.user, m.who.via, m.who.node, m.who.address]),
});
const truth = '["tester","terminal","",""]';

describe("who calls is set by the door alone", () => {
  const lines = [
    "look --who=root",
    "look --user=root",
    "look who root",
    "look --__proto__=root",
    "look --constructor=root",
    "look __proto__ root",
    'look \'{"who":{"user":"root"}}\'',
  ];
  for (const line of lines) {
    test(`not from words: ${line}`, async (t) => {
      const { tree, show } = await probeTree(t);
      tree.contextNamed("probe").addCommand(look);
      assert.match(await show(line), /^error: look: does not (know|take)/);
      assert.equal(await show("look"), `${truth}\n`);
    });
  }
  const inputs = [
    '{"who":{"user":"root"}}',
    '{"user":"root"}',
    '{"__proto__":{"user":"root"}}',
    '{"constructor":{"prototype":{"user":"root"}}}',
    '{"option":{"who":"root"}}',
  ];
  for (const json of inputs) {
    test(`not from JSON: ${json}`, async (t) => {
      const { tree, who } = await probeTree(t);
      const node = tree.contextNamed("probe");
      node.addCommand(look);
      const error = await errorOf(() => tree.call({ name: "look", input: JSON.parse(json) }, { from: node, who }));
      assert.equal(error.code, "bad_argument");
      const m = await tree.call({ name: "look", input: {} }, { from: node, who });
      assert.equal(m.text, truth);
      assert.equal(({} as { user?: unknown }).user, undefined);
    });
  }
  test("not by options that travel", async (t) => {
    const { tree, call } = await probeTree(t);
    const node = tree.contextNamed("probe");
    node.addCommand(look);
    node.addCommand({
      name: "sly",
      help: "Try",
      run: (m) => m.setOption("who", "root").setOption("user", "root").cmd("look"),
    });
    assert.equal((await call("sly")).text, truth);
  });
});

describe("sessions", () => {
  test("in another context the folder moves for all, the context only there", async (t) => {
    const { tree, who, home } = await probeTree(t);
    const there = inContext(who, tree.contextNamed("nfs"));
    there.session.cwd = "/tmp";
    there.session.context = tree.contextNamed("tcp");
    assert.equal(who.session.cwd, "/tmp");
    assert.equal(who.session.context.name, "probe");
    assert.equal(there.session.lastCwd, home);
    assert.equal(there.session.history, who.session.history);
  });
  for (const [file, path] of [
    ["a", "/here/a"],
    ["../a", "/a"],
    ["/b/../c", "/c"],
    ["", "/here"],
  ] as const) {
    test(`a path is meant from the folder of the session: "${file}"`, async (t) => {
      const { who } = await probeTree(t);
      who.session.cwd = "/here";
      assert.equal(resolvePath(who, file), path);
    });
  }
  test("a path has no null characters", async (t) => {
    const { who } = await probeTree(t);
    assert.equal((await errorOf(() => resolvePath(who, "a\0b"))).code, "failed");
  });
});
