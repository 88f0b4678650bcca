import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endless, script } from "../../../src/ctx/index.ts";
import { errorOf, probeTree } from "../../support/probe.ts";

/** Runs a line and gives what it shows, without the places of errors. */
async function shown(show: (line: string) => Promise<string>, line: string): Promise<string> {
  return (await show(line))
    .replace(/ \(did you mean .*\)/, "")
    .replace(/\n +\S+:\d+:\d+: .*\n *\^+\n/g, "\n")
    .trim();
}

describe("C-20 && and ||", () => {
  const ok = "echo ok";
  const program = "false";
  const command = "half > /dev/null";
  const lines: readonly (readonly [line: string, shown: string])[] = [
    [`${ok} && echo b`, "ok\nb"],
    [`${ok} || echo b`, "ok"],
    [`${program} && echo b`, ""],
    [`${program} || echo b`, "b"],
    [`${command} && echo b`, "error: no luck"],
    [`${command} || echo b`, "b"],
    [`${ok} && ${program}`, "ok\nerror: false ended with 1"],
    [`${ok} && ${command}`, "ok\nerror: no luck"],
    [`${program} || ${program}`, "error: false ended with 1"],
    [`${program} || ${command}`, "error: no luck"],
    [`${program} && echo b || echo c`, "c"],
    [`${command} && echo b || echo c`, "c"],
    [`${ok} && echo b || echo c`, "ok\nb"],
    [`${ok} || echo b && echo c`, "ok\nc"],
    [`${ok} && ${program} || echo c`, "ok\nc"],
    [`${ok} && ${command} || echo c`, "ok\nc"],
    [`${program} && echo b && echo c`, ""],
    [`${program} && echo b; echo after`, "after"],
    [`${command} && echo b; echo after`, "error: no luck"],
    [`${program}; echo after`, "error: false ended with 1"],
    [`${program} || ${program} || echo c`, "c"],
    [`nosuch || echo b`, "b"],
    [`nosuch && echo b`, 'error: unknown command "nosuch" in probe'],
    [`echo x > /nonexistent/x || echo b`, "b"],
    [`bug || echo b`, "b"],
    [`true && ${program} || ${program} && echo b`, ""],
  ];
  for (const [line, expected] of lines) {
    test(line, async (t) => {
      const { show } = await probeTree(t);
      assert.equal(await shown(show, line), expected);
    });
  }
});

describe("scripts", () => {
  test("an error ends a script; the code is that of the last command", async (t) => {
    const { tree, who, show } = await probeTree(t);
    assert.equal(await shown(show, "echo a\nhalf\necho b"), "a\nn\n1\n2\nerror: no luck");
    const out = { closed: false, write: () => undefined, end: () => undefined, note: () => undefined };
    const run = (text: string) => tree.use(script).run({ source: { text, name: "s" }, who, out, signal: endless });
    assert.equal(await run("false && true"), 1);
    assert.equal(await run("false && true; true"), 0);
    assert.equal(run(""), 0);
  });

  test("lines whose commands are done at once give no promise", async (t) => {
    const { tree, who } = await probeTree(t);
    const out = { closed: false, write: () => undefined, end: () => undefined, note: () => undefined };
    const run = (text: string) => tree.use(script).run({ source: { text, name: "s" }, who, out, signal: endless });
    assert.equal(run("echo a; echo $(echo b) && echo c % limit 1"), 0);
  });

  test("20,000 lines, 20,000 words, 5,000 links and 300 nested commands overflow nothing", async (t) => {
    const { show } = await probeTree(t);
    assert.equal((await show("echo a\n".repeat(20_000))).length, 40_000);
    assert.equal((await show(`echo ${"w ".repeat(20_000)}`)).length, 40_000);
    assert.equal((await show(Array.from({ length: 5_000 }, () => "echo a").join(" && "))).length, 10_000);
    assert.equal(await show(`${"echo $(".repeat(300)}echo x${")".repeat(300)}`), "x\n");
  });

  test("a long script of quick commands can be stopped from outside", async (t) => {
    const { tree, who } = await probeTree(t);
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const out = { closed: false, write: () => undefined, end: () => undefined, note: () => undefined };
    const source = { text: "echo a\n".repeat(100_000), name: "s" };
    const error = await errorOf(() => tree.use(script).run({ source, who, out, signal: stop.signal }));
    assert.equal(error.code, "cancelled");
  });

  test("what stops a script stops it between two commands", async (t) => {
    const { tree, who } = await probeTree(t);
    const stop = new AbortController();
    const got: unknown[] = [];
    const out = {
      closed: false,
      write: (piece: unknown) => void got.push(piece),
      end: () => undefined,
      note: () => undefined,
    };
    tree.contextNamed("probe").addCommand({ name: "stop", help: "Stop", run: () => stop.abort() });
    const source = { text: "echo a; stop; echo b || echo c", name: "s" };
    const error = await errorOf(() => tree.use(script).run({ source, who, out, signal: stop.signal }));
    assert.equal(error.code, "cancelled");
    assert.deepEqual(got, ["a"]);
  });
});

describe("C-25 aliases", () => {
  const lines: readonly (readonly [line: string, shown: string])[] = [
    ["alias hi echo hello; hi you", "hello you"],
    ["alias hi 'echo hello'; hi you", "hello you"],
    ["alias three 'rows 5 % limit 3'; three", "n\n1\n2\n3"],
    ["alias some 'rows % limit 3'; some 2", "n\n1\n2"],
    ["alias echo echo loud; echo x", "loud x"],
    ["alias echo 'echo loud'; echo x", "loud x"],
    ["alias a b; alias b a; a", 'error: unknown command "a" in probe'],
    ["alias a 'b 1'; alias b 'a 2'; a", 'error: unknown command "a" in probe'],
    ["alias a b 1; alias b 'a 2'; a", 'error: unknown command "a" in probe'],
    ["alias hi echo hello; 'hi' you", 'error: unknown command "hi" in probe'],
    ["alias constructor echo yes; constructor", "yes"],
    ["alias __proto__ echo yes; __proto__", "yes"],
    ["toString", 'error: unknown command "toString" in probe'],
  ];
  for (const [line, expected] of lines) {
    test(line, async (t) => {
      const { show } = await probeTree(t);
      assert.equal(await shown(show, line), expected);
    });
  }

  /** Sets aliases as a config. */
  const aliases = async (t: Parameters<typeof probeTree>[0], all: { readonly [name: string]: unknown }) => {
    const stage = await probeTree(t);
    const slot = stage.tree.contextNamed("cli").configs.get("alias");
    assert.ok(slot !== undefined);
    stage.tree.setConf(slot, all);
    return stage;
  };

  test("an alias that calls a context that calls an alias, 1,000 times", async (t) => {
    const all = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [
        `a${i}`,
        i % 2 === 0 ? `context probe a${i + 1}` : ["context", "probe", `a${i + 1}`],
      ]),
    );
    const { show } = await aliases(t, { ...all, a1000: ["echo", "end"] });
    assert.equal(await show("a0"), "end\n");
  });
  test("without end it is an error", async (t) => {
    const { show } = await aliases(t, { loop: "context probe loop", words: ["context", "probe", "words"] });
    assert.match(await show("loop"), /^error: context was called through 10000 calls/);
    assert.match(await show("words"), /^error: context was called through 10000 calls/);
  });
});
