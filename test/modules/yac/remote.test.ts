import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import {
  along,
  Collector,
  command,
  defineCommand,
  defineContext,
  endless,
  fail,
  isBare,
  log,
  script,
  text,
  textOf,
  type Words,
} from "../../../src/ctx/index.ts";
import { makeTestTree } from "../../../src/ctx/testing.ts";
import { modules } from "../../../src/modules.ts";
import { errorOf } from "../../support/probe.ts";

/** A tree whose ssh only tells what it was called with; a quoted word is shown in quotes. */
async function stage(t: TestContext, fails?: () => Error) {
  const called: string[] = [];
  const shown = (word: Words[number]): string => (isBare(word) ? textOf(word) : `"${textOf(word)}"`);
  const remote = defineCommand({
    name: "remote",
    help: "Run a command on another node",
    args: { node: text("Which node"), command: command("What to run", { optional: true }) },
    columns: { n: text("Something") },
    run(m, { node, command: words }) {
      called.push([node, ...words.map(shown)].join(" "));
      if (fails !== undefined) throw fails();
      m.push({ n: "2" }).push({ n: "1" });
    },
  });
  const ssh = defineContext({ name: "ssh", help: "Other nodes", commands: [remote] });
  const made = await makeTestTree(modules.map((one) => (one.name === "ssh" ? ssh : one)));
  t.after(() => made.stop());
  return { ...made, called };
}

describe("C-41 node:command", () => {
  const lines: readonly (readonly [line: string, called: string])[] = [
    ["demo:nfs.dir etc", "demo nfs.dir etc"],
    ["com.demo:nfs.dir etc", "com.demo nfs.dir etc"],
    ["*:pwd", "* pwd"],
    ["%:pwd", "% pwd"],
    ["节点:pwd", "节点 pwd"],
    ["demo:dir etc dir_sort line int", "demo dir etc dir_sort line int"],
    ["demo:dir --json", "demo dir --json"],
    ['demo:echo "--json" etc', 'demo echo "--json" etc'],
    ['demo:echo "a b" c', 'demo echo "a b" c'],
    ["demo:dir etc % order n", "demo dir etc"],
    ["remote demo nfs.dir etc", "demo nfs.dir etc"],
    ["ssh.remote demo nfs.dir etc", "demo nfs.dir etc"],
    ['remote demo echo "--json"', 'demo echo "--json"'],
    ["remote demo sub:pwd", "demo sub:pwd"],
  ];
  for (const [line, expected] of lines) {
    test(`${line} calls ${expected}`, async (t) => {
      const { show, called } = await stage(t);
      await show(line);
      assert.deepEqual(called, [expected]);
    });
  }

  test("its table goes on here", async (t) => {
    const { show } = await stage(t);
    assert.equal(await show("demo:dir etc % order n"), "n\n1\n2\n");
  });

  test("a command of that very name here is meant first", async (t) => {
    const { tree, show, called } = await stage(t);
    tree.root.addCommand(defineCommand({ name: "demo:dir", help: "Odd", run: () => "here\n" }));
    assert.equal(await show("demo:dir"), "here\n");
    assert.deepEqual(called, []);
  });

  test("without a module that finds nodes the node is offline", async (t) => {
    const made = await makeTestTree(modules.filter(({ name }) => name !== "ssh"));
    t.after(() => made.stop());
    assert.match(await made.show("demo:pwd"), /^error: node demo is offline/);
  });
});

describe("C-41 the place of an error that came from another node", () => {
  const missing = (): Error => along(fail("not_found", { what: "file", name: "nosuch" }), "com", "com.demo", "nfs.dir");
  const lines: readonly (readonly [line: string, marked: string])[] = [
    ["remote demo nfs.dir nosuch", "nosuch"],
    ["demo:nfs.dir nosuch", "nosuch"],
    ["demo:nfs.dir 'nosuch'", "'nosuch'"],
    ["remote demo nfs.dir other", "remote"],
    ["demo:nfs.dir other", "demo:nfs.dir"],
  ];
  for (const [line, marked] of lines) {
    test(`${line} marks ${marked}`, async (t) => {
      const { who, tree } = await stage(t, missing);
      const error = await errorOf(async () => {
        const out = new Collector(() => undefined);
        await tree.use(script).run({ source: { text: line, name: "line" }, who, out, signal: endless });
      });
      assert.ok(error.at !== undefined);
      const { start, end } = error.at.span;
      assert.equal(line.slice(start, end), marked);
      assert.deepEqual(error.trail, ["com", "com.demo", "nfs.dir"]);
    });
  }

  test("a log line tells the way", async (t) => {
    const { tree, show } = await stage(t, missing);
    const lines: unknown[] = [];
    t.after(tree.provide(log, (_level, _text, fields) => void lines.push(fields?.["trail"])));
    await show("remote demo nfs.dir nosuch");
    assert.deepEqual(lines, ["com → com.demo → nfs.dir"]);
  });
});
