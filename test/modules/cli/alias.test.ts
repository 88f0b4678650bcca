import assert from "node:assert/strict";
import { test } from "node:test";
import { aliases } from "../../../src/ctx/index.ts";
import { errorOf, stage } from "./cli-tree.ts";

test("C-25 alias sets, shows and deletes", async (t) => {
  const { run, tree } = await stage(t);
  assert.equal((await run(["alias", "hi", "echo", "hello"])).text, "");
  assert.deepEqual(tree.use(aliases)("hi"), ["echo", "hello"]);
  assert.deepEqual((await run(["alias", "hi"])).rows, [
    { index: 0, value: "echo" },
    { index: 1, value: "hello" },
  ]);
  assert.equal((await run(["alias", "delete", "hi"])).text, "delete: hi [echo hello]");
  assert.equal(tree.use(aliases)("hi"), undefined);
});

test("C-25 alias lists what there is", async (t) => {
  const { run } = await stage(t);
  await run(["alias", "ll", { text: "dir % order size", bare: false }]);
  assert.deepEqual((await run(["alias"])).rows, [
    { key: "ifconfig", value: "tcp.ifconfig" },
    { key: "ll", value: "dir % order size" },
  ]);
});

test("C-25 one word with blanks is a whole line, several words are words", async (t) => {
  const { run, tree } = await stage(t);
  await run(["alias", "ll", "dir % order size"]);
  await run(["alias", "one", "dir"]);
  await run(["alias", "two", "system", "my program"]);
  assert.equal(tree.use(aliases)("ll"), "dir % order size");
  assert.deepEqual(tree.use(aliases)("one"), ["dir"]);
  assert.deepEqual(tree.use(aliases)("two"), ["system", "my program"]);
});

test("the words of an alias are not read as options of alias", async (t) => {
  const { run, tree } = await stage(t);
  await run(["alias", "j", "dir", "--json", "--help"]);
  assert.deepEqual(tree.use(aliases)("j"), ["dir", "--json", "--help"]);
});

test("C-25 alias import gives a command of a module a name of its own", async (t) => {
  const { run, tree } = await stage(t);
  await run(["alias", "import", "tcp", "ifconfig", "net"]);
  assert.deepEqual(tree.use(aliases)("net"), ["ctx.tcp.ifconfig"]);
  const error = await errorOf(run(["alias", "import", "tcp", "ifconfi"]));
  assert.deepEqual([error.code, error.hint], ["unknown_command", 'did you mean "ifconfig"?']);
  assert.equal((await errorOf(run(["alias", "import", "nosuch", "x"]))).code, "unknown_context");
});

test("an alias that is not there is an error with a guess", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(run(["alias", "delete", "ifconfg"]));
  assert.deepEqual(
    [error.code, error.message, error.hint],
    ["not_found", 'no alias "ifconfg"', 'did you mean "ifconfig"?'],
  );
});

test("the names of objects are no aliases", async (t) => {
  const { run, tree } = await stage(t);
  for (const name of ["constructor", "__proto__", "toString"]) {
    assert.equal(tree.use(aliases)(name), undefined);
    assert.equal((await errorOf(run(["alias", name]))).code, "not_found");
    await run(["alias", name, "echo"]);
    assert.deepEqual(tree.use(aliases)(name), ["echo"]);
  }
});

test("aliases are a config, so that config save keeps them", async (t) => {
  const { run, tree } = await stage(t);
  await run(["alias", "hi", "echo", "hello"]);
  const slot = tree.root.children.get("cli")?.configs.get("alias");
  assert.deepEqual(slot?.value, { ifconfig: ["tcp.ifconfig"], hi: ["echo", "hello"] });
  if (slot !== undefined) tree.setConf(slot, { ll: "dir % limit 3", n: [1, 2] });
  assert.equal(tree.use(aliases)("ll"), "dir % limit 3");
  assert.deepEqual(tree.use(aliases)("n"), ["1", "2"]);
});
