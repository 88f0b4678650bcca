import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import {
  CtxError,
  defineCommand,
  dispatch,
  endless,
  type Found,
  integer,
  log,
  PieceReader,
  Pipe,
  secret,
  type Tree,
  text,
  toCtxError,
} from "../../src/ctx/index.ts";
import { errorOf, probeTree } from "../support/probe.ts";

function found(tree: Tree, name: string): Found {
  const known = tree.contextNamed("probe").find(name);
  assert.ok(known !== undefined, name);
  return known;
}

/** Keeps the lines of the log. */
function listen(tree: Tree): { level: string; text: string }[] {
  const lines: { level: string; text: string }[] = [];
  tree.provide(log, (level, text) => void lines.push({ level, text }));
  return lines;
}

describe("C-17 dispatch", () => {
  test("a command that is done at once gives no promise", async (t) => {
    const { tree, who } = await probeTree(t);
    const hello = defineCommand({
      name: "hello",
      help: "Greet",
      args: { name: text("Whom") },
      run: (_m, { name }) => name,
    });
    tree.contextNamed("probe").addCommand(hello);
    const from = tree.root;
    const words = dispatch(found(tree, "hello"), { words: ["hello", "you"] }, { from, who });
    assert.ok(!(words instanceof Promise));
    assert.equal(words.text, "you");
    const json = dispatch(found(tree, "hello"), { name: "hello", input: { name: "me" } }, { from, who });
    assert.ok(!(json instanceof Promise));
    assert.equal(json.text, "me");
    assert.throws(() => dispatch(found(tree, "bug"), { words: ["bug"] }, { from, who }), CtxError);
    assert.ok(dispatch(found(tree, "rows"), { words: ["rows"] }, { from, who }) instanceof Promise);
  });

  test("a bug is an internal error with an id: its stack is in the log, and nowhere else", async (t) => {
    const { tree, call } = await probeTree(t);
    const lines = listen(tree);
    const error = await errorOf(() => call("bug"));
    assert.equal(error.code, "internal");
    assert.equal(error.exit, 70);
    const [, id = "?"] = /^internal error ([0-9a-f]{8}),/.exec(error.message) ?? [];
    assert.ok(
      lines.some(({ level, text }) => level === "error" && text.includes(id) && text.includes("a secret of the house")),
    );
    assert.doesNotMatch(JSON.stringify(error), /secret of the house|stack|cause/);
    assert.doesNotMatch(error.message, /secret of the house/);
  });

  const thrown: readonly (readonly [name: string, thrown: unknown, code: string])[] = [
    ["a text", "no", "internal"],
    ["nothing", undefined, "internal"],
    ["null", null, "internal"],
    ["a plain object", { code: "ENOENT" }, "internal"],
    ["a file that is not there", Object.assign(new Error("x"), { code: "ENOENT", path: "a" }), "not_found"],
    [
      "an error named like a property of all objects",
      Object.assign(new Error("x"), { code: "constructor" }),
      "internal",
    ],
    ["what an aborted call throws", Object.assign(new Error("x"), { name: "AbortError" }), "cancelled"],
  ];
  for (const [name, what, code] of thrown) {
    test(`not one command throws anything but a CtxError: ${name}`, async (t) => {
      const { tree, who, call } = await probeTree(t);
      const node = tree.contextNamed("probe");
      node.addCommand({
        name: "sync",
        help: "Throw",
        run: () => {
          throw what;
        },
      });
      node.addCommand({ name: "late", help: "Throw later", run: () => Promise.reject(what) });
      for (const word of ["sync", "late"]) {
        const error = await errorOf(() => call(word));
        assert.ok(error instanceof CtxError, word);
        assert.equal(error.code, code);
      }
      assert.ok(toCtxError({ tree, who }, what) instanceof CtxError);
    });
  }

  test("rows that came before an error are shown before it, and nothing after it", async (t) => {
    const { show } = await probeTree(t);
    assert.match(await show("half"), /^n\n1\n2\nerror: no luck/);
  });

  test("what a handler says after it has failed or ended goes nowhere", async (t) => {
    const { tree, who } = await probeTree(t);
    const columns = { n: integer("Number") };
    let say: () => void = () => undefined;
    const late = defineCommand({
      name: "late",
      help: "Talk on",
      columns,
      run(m) {
        say = () => void m.echo("too late").push({ n: 1 });
      },
    });
    tree.contextNamed("probe").addCommand(late);
    const pipe = new Pipe(
      () => undefined,
      () => undefined,
    );
    await dispatch(found(tree, "late"), { words: ["late"] }, { from: tree.root, who, out: pipe });
    say();
    pipe.end();
    assert.equal(await pipe.text(), "n\n");
  });

  test("a sink that fails while rows wait fails the call, not the program", async (t) => {
    const { tree, who } = await probeTree(t);
    const slow = defineCommand({
      name: "slow",
      help: "Give a row and wait a turn",
      columns: { n: integer("Number") },
      async run(m) {
        m.push({ n: 1 });
        for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
      },
    });
    tree.contextNamed("probe").addCommand(slow);
    const full = (): never => {
      throw Object.assign(new Error("full"), { code: "ENOSPC" });
    };
    const out = { closed: false, write: full, end: () => undefined, note: () => undefined };
    const error = await errorOf(() =>
      dispatch(found(tree, "slow"), { words: ["slow"] }, { from: tree.root, who, out }),
    );
    assert.equal(error.message, "no space left on the disk");
  });

  test("the stand-in guard refuses a stranger, and the refusal is logged", async (t) => {
    const { tree, who } = await probeTree(t);
    const lines = listen(tree);
    for (const words of [["rows"], ["rows", "--help"], ["rows", "nonsense"]]) {
      const error = await errorOf(() =>
        tree.call({ words }, { from: tree.contextNamed("probe"), who: { ...who, via: "stranger" } }),
      );
      assert.equal(error.code, "not_allowed", "before the words are read");
    }
    assert.deepEqual(
      lines.map(({ level }) => level),
      ["right", "right", "right"],
    );
    assert.match(lines[0]?.text ?? "", /^probe\.rows: you may not run probe\.rows$/);
    assert.equal(tree.ring.list().at(-1)?.error, "not_allowed");
  });

  test("a pipe into a command that takes none is an error", async (t) => {
    const { tree, who } = await probeTree(t);
    const piped = new PieceReader((async function* () {})());
    const error = await errorOf(() =>
      dispatch(found(tree, "rows"), { words: ["rows"] }, { from: tree.root, who, piped }),
    );
    assert.equal(error.message, "rows: takes no input from a pipe");
  });

  test("--help is the answer, whatever else is asked", async (t) => {
    const { call } = await probeTree(t);
    assert.match((await call("rows", "--help", "nonsense")).text, /Give rows/);
  });

  test("commands that call each other without end are an error, not a crash", async (t) => {
    const { tree, call } = await probeTree(t);
    tree.contextNamed("probe").addCommand({ name: "again", help: "Call itself", run: (m) => m.cmd("again") });
    const error = await errorOf(() => call("again"));
    assert.match(error.message, /^probe\.again was called through 10000 calls$/);
  });

  test("200,000 calls leave the heap as it was", () => {
    const script = `
      import { makeTree, terminalWho, dispatch } from "./dist/src/ctx/index.js";
      const noop = { name: "noop", help: "Do nothing", effect: "read", run: () => undefined };
      const host = { home: "/", program: "/", version: "0", env: {}, pid: 0, mode: "test" };
      const tree = makeTree([{ name: "probe", help: "p", commands: [noop] }], host);
      const who = terminalWho(tree, { cwd: "/" });
      const from = tree.contextNamed("probe");
      const run = (count) => { for (let i = 0; i < count; i++) tree.call({ words: ["noop"] }, { from, who }); };
      const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
      run(2000);
      const before = heap();
      run(200000);
      console.log(heap() - before);`;
    const child = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    assert.equal(child.stderr, "");
    assert.ok(Number(child.stdout) < 5e6, `${child.stdout.trim()} bytes are left`);
  });

  test("words of a megabyte are not kept", () => {
    const script = `
      import { makeTree, terminalWho } from "./dist/src/ctx/index.js";
      const args = { what: { kind: "text", type: "text", help: "w", words: 1, required: true, read: () => "", check: () => "", schema: {} } };
      const host = { home: "/", program: "/", version: "0", env: {}, pid: 0, mode: "test" };
      const tree = makeTree([{ name: "probe", help: "p", commands: [{ name: "take", help: "Take", args, run: () => undefined }] }], host);
      const who = terminalWho(tree, { cwd: "/" });
      const from = tree.contextNamed("probe");
      const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
      const before = heap();
      for (let i = 0; i < 100; i++) tree.call({ words: ["take", i + "x".repeat(1e6)] }, { from, who });
      console.log(heap() - before);`;
    const child = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    assert.equal(child.stderr, "");
    assert.ok(Number(child.stdout) < 5e6, `${child.stdout.trim()} bytes are left`);
  });
});

describe("C-17 secrets", () => {
  const enter = defineCommand({
    name: "enter",
    help: "Enter",
    args: { name: text("Who"), password: secret("The word") },
    options: { pin: secret("Another", { optional: true }) },
    run: (m) => {
      m.log("debug", "entered");
      return "in\n";
    },
  });
  const lines = [
    "enter bob hunter2",
    "enter bob hunter2 extra-hunter2",
    "enter bob hunter2 --pin",
    "enter bob --pni=hunter2 hunter2",
    "over enter bob hunter2",
    "over over enter bob hunter2",
    "over enetr bob hunter2",
    "context probe enter bob hunter2",
    "context root 'context probe enter bob hunter2'",
    "context root context probe enter bob hunter2 hunter2",
    "enter bob hunter2 > /nonexistent/folder",
    "echo x | enter bob hunter2",
  ];
  for (const line of lines) {
    test(`a secret stays out of the ring, the log and the errors: ${line}`, async (t) => {
      const { tree, show, who } = await probeTree(t);
      tree.contextNamed("probe").addCommand(enter);
      const kept = listen(tree);
      const shown = await show(line);
      assert.doesNotMatch(shown.split("\n")[0] ?? "", /hunter2/);
      assert.doesNotMatch(JSON.stringify(tree.ring.list()), /hunter2/);
      assert.doesNotMatch(JSON.stringify(kept), /hunter2/);
      assert.equal(who.session.context.name, "probe");
    });
  }

  const inputs: readonly { readonly [key: string]: unknown }[] = [
    { name: "bob", password: ["hunter2"] },
    { name: "bob", password: { hunter2: "hunter2" } },
    { name: "bob", pin: "hunter2" },
    { name: "bob", password: "x", other: "hunter2" },
  ];
  for (const input of inputs) {
    test(`a secret stays out of the errors: ${JSON.stringify(input)}`, async (t) => {
      const { tree, who } = await probeTree(t);
      tree.contextNamed("probe").addCommand(enter);
      const error = await errorOf(() => tree.call({ name: "enter", input }, { from: tree.contextNamed("probe"), who }));
      assert.equal(error.code, "bad_argument");
      assert.doesNotMatch(JSON.stringify(error), /hunter2/);
    });
  }

  test("what --json writes into a file has no secret", async (t) => {
    const { tree, show } = await probeTree(t);
    tree.contextNamed("probe").addCommand(enter);
    assert.equal(await show("enter bob hunter2 pin hunter2 --json > a"), "");
    const written = await show("cat a");
    assert.match(written, /"detail":\["enter","…"\],"option":\{\}/);
    assert.doesNotMatch(written, /hunter2/);
  });

  test("what --json shows of a call has no secret", async (t) => {
    const { tree, who } = await probeTree(t);
    tree.contextNamed("probe").addCommand(enter);
    const words = ["enter", "bob", "hunter2", "pin", "hunter2", "--json"];
    const m = await dispatch(found(tree, "enter"), { words }, { from: tree.root, who, signal: endless });
    assert.equal(m.format, "json");
    assert.deepEqual(m.given, {});
    assert.deepEqual(m.shownDetail, ["enter", "…"]);
  });
});
