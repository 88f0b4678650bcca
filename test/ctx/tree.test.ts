import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Context,
  cache,
  compilePattern,
  config,
  Duration,
  defineCommand,
  Float,
  makeTree,
  port,
  type Tree,
  terminalWho,
} from "../../src/ctx/index.ts";
import { errorOf, probeTree } from "../support/probe.ts";

const spot = (name: string) => defineCommand({ name: "spot", help: "Say where", effect: "read", run: () => name });
const contexts: readonly Context[] = [
  {
    name: "web",
    help: { en: "Pages", zh: "网页" },
    commands: [spot("web")],
    configs: [config("port", 80, "Port")],
    caches: [cache("nhit", 3, "Hits")],
    contexts: [
      {
        name: "code",
        help: "Editor",
        commands: [defineCommand({ name: "edit", help: "Edit", run: () => "edit" })],
        contexts: [{ name: "deep", help: "Far below" }],
      },
      { name: "chat", help: "Talk", commands: [spot("chat")] },
    ],
  },
  {
    name: "nfs",
    help: "Files",
    commands: [spot("nfs"), defineCommand({ name: "dir", help: "List", run: () => "dir" })],
  },
  { name: "nodes", help: "Nodes", contexts: [{ name: "chat", help: "Other talk" }] },
];
function plant(): Tree {
  return makeTree(contexts, { home: "/", program: "/", version: "0", env: {}, pid: 0, mode: "test" });
}

describe("C-10 routes", () => {
  const tree = plant();
  const routes: readonly (readonly [from: string, route: string, path: string | undefined])[] = [
    ["ctx", "ctx", "ctx"],
    ["ctx", "web", "ctx.web"],
    ["ctx", "web.code", "ctx.web.code"],
    ["ctx", "ctx.web.code", "ctx.web.code"],
    ["ctx.web", "code", "ctx.web.code"],
    ["ctx.web", "code.deep", "ctx.web.code.deep"],
    ["ctx.nfs", "web.code", "ctx.web.code"],
    ["ctx.nfs", "ctx.web.code.deep", "ctx.web.code.deep"],
    ["ctx.nfs", "deep", "ctx.web.code.deep"],
    ["ctx.web.code", "nfs", "ctx.nfs"],
    ["ctx.web", "chat", "ctx.web.chat"],
    ["ctx", "chat", undefined],
    ["ctx.nfs", "code.deep", undefined],
    ["ctx", "", undefined],
    ["ctx", ".", undefined],
    ["ctx", "web.", undefined],
    ["ctx", ".web", undefined],
    ["ctx", "ctx.", undefined],
    ["ctx", "constructor", undefined],
    ["ctx", "__proto__", undefined],
    ["ctx", "web.toString", undefined],
  ];
  for (const [from, route, path] of routes) {
    test(`from ${from}: "${route}"`, () => {
      assert.equal(tree.context(route, tree.context(from))?.path, path);
    });
  }

  const names: readonly (readonly [name: string, path: string, hint?: string | undefined])[] = [
    ["we", "ctx.web"],
    ["cod", "ctx.web.code"],
    ["web.ch", "ctx.web.chat"],
    ["nf", "ctx.nfs"],
    ["n", "", "could be ctx.nfs, ctx.nodes"],
    ["cha", "", "could be ctx.nodes.chat, ctx.web.chat"],
    ["wbe", "", 'did you mean "web"?'],
    ["", ""],
    ["constructor", ""],
  ];
  for (const [name, path, hint] of names) {
    test(`as people say it: "${name}"`, async () => {
      if (path !== "") return assert.equal(tree.contextNamed(name).path, path);
      const error = await errorOf(() => tree.contextNamed(name));
      assert.equal(error.code, "unknown_context");
      if (hint !== undefined) assert.equal(error.hint, hint);
    });
  }

  test("a lookup is fuzzy over names and helps in all languages", () => {
    const search = (text: string): string[] => {
      const compiled = compilePattern(`(?i:${text})`);
      if ("problem" in compiled) throw new Error(compiled.problem);
      return tree.search(compiled).map(({ name }) => name);
    };
    assert.deepEqual(search("网"), ["web"]);
    assert.deepEqual(search("TALK"), ["chat", "chat"]);
    assert.deepEqual(search("^nothing$"), []);
  });

  test("modules know each other by name: parent, children, root", () => {
    const code = tree.contextNamed("code");
    assert.deepEqual(
      [...code.upward()].map(({ name }) => name),
      ["code", "web", "ctx"],
    );
    assert.deepEqual(
      [...tree.root.walk()].map(({ name }) => name),
      ["ctx", "nfs", "nodes", "web", "chat", "chat", "code", "deep"],
    );
  });
});

describe("C-16 commands are looked up", () => {
  const finds: readonly (readonly [from: string, name: string, right: string | undefined])[] = [
    ["ctx.web", "spot", "web.spot"],
    ["ctx.web.chat", "spot", "web.chat.spot"],
    ["ctx.web.code", "spot", "web.spot"],
    ["ctx.web.code", "edit", "web.code.edit"],
    ["ctx.web.code", "context", "context"],
    ["ctx.nfs", "web.spot", "web.spot"],
    ["ctx.nfs", "ctx.web.spot", "web.spot"],
    ["ctx.nfs", "code.edit", "web.code.edit"],
    ["ctx.nfs", "web.code.edit", "web.code.edit"],
    ["ctx.nfs", "ctx.help", "help"],
    ["ctx", "spot", "nfs.spot"],
    ["ctx.nfs", "edit", undefined],
    ["ctx.nfs", "web.edit", undefined],
    ["ctx.nfs", "", undefined],
    ["ctx.nfs", ".spot", undefined],
    ["ctx.nfs", "spot.", undefined],
    ["ctx.nfs", "constructor", undefined],
    ["ctx.nfs", "__proto__", undefined],
    ["ctx.nfs", "web.__proto__", undefined],
    ["ctx.nfs", "__proto__.spot", undefined],
  ];
  const tree = plant();
  for (const [from, name, right] of finds) {
    test(`from ${from}: "${name}"`, () => {
      assert.equal(tree.context(from)?.find(name)?.right, right);
      assert.equal(tree.context(from)?.find(name)?.right, right, "and again from what was kept");
    });
  }

  test("here, then upward, then the contexts of ctx.chain in their order, which can change at run time", () => {
    const tree = plant();
    const chain = tree.root.configs.get("chain");
    assert.ok(chain !== undefined);
    const from = tree.contextNamed("nodes");
    tree.setConf(chain, []);
    assert.equal(from.find("spot"), undefined);
    tree.setConf(chain, ["web", "nfs"]);
    assert.equal(from.find("spot")?.right, "web.spot");
    assert.equal(from.find("dir")?.right, "nfs.dir");
    tree.setConf(chain, ["nfs", "web", "nothing", "__proto__", 7]);
    assert.equal(from.find("spot")?.right, "nfs.spot");
    assert.equal(tree.contextNamed("code").find("spot")?.right, "web.spot", "upward comes first");
    tree.setConf(chain, "no list");
    assert.equal(from.find("spot"), undefined);
  });

  test("what is unknown is said with the nearest name, and where it was looked for", async () => {
    const from = tree.contextNamed("nfs");
    const who = terminalWho(tree, { cwd: "/" });
    const call = (name: string) => tree.call({ words: [name] }, { from, who });
    const errors: readonly (readonly [name: string, message: string, hint: string | undefined])[] = [
      ["dri", 'unknown command "dri" in nfs', 'did you mean "dir"?'],
      ["web.spo", 'unknown command "spo" in web', 'did you mean "spot"?'],
      ["wbe.spot", 'unknown command "wbe.spot"', 'did you mean "web"?'],
      ["", 'unknown command "" in nfs', undefined],
    ];
    for (const [name, message, hint] of errors) {
      const error = await errorOf(() => call(name));
      assert.deepEqual([error.message, error.hint], [message, hint]);
    }
  });
});

describe("C-12 commands and contexts come and go at run time", () => {
  test("a command is there once added, and gone once removed", () => {
    const tree = plant();
    const nfs = tree.contextNamed("nfs");
    assert.equal(nfs.find("hello"), undefined);
    nfs.addCommand(defineCommand({ name: "hello", help: "Greet", run: () => "hi" }));
    assert.equal(nfs.find("hello")?.right, "nfs.hello");
    assert.equal(nfs.find("hello")?.effect, "write", "the careful guess");
    assert.equal(nfs.removeCommand("hello"), true);
    assert.equal(nfs.removeCommand("hello"), false);
    assert.equal(nfs.find("hello"), undefined);
  });

  test("command add and command delete", async (t) => {
    const { show } = await probeTree(t);
    assert.equal(await show("command add twice echo 'a a'"), "");
    assert.equal(await show("twice b"), "a a b\n");
    assert.equal(await show("context nfs probe.twice"), "a a\n");
    assert.equal(await show("command delete twice"), "");
    assert.match(await show("twice"), /unknown command "twice"/);
    assert.match(await show("command delete rows"), /belongs to ctx\.probe and stays/);
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.match(await show(name), /unknown command/);
      assert.equal(await show(`command add ${name} echo yes`), "");
      assert.equal(await show(name), "yes\n");
      assert.equal(await show(`command delete ${name}`), "");
    }
  });

  test("a context comes and goes with all below it", async () => {
    const tree = plant();
    const { root } = tree;
    root.addChild({
      name: "new",
      help: "New",
      contexts: [{ name: "below", help: "Below", commands: [spot("below")] }],
    });
    assert.equal(root.find("below.spot")?.right, "new.below.spot");
    assert.equal((await errorOf(() => root.addChild({ name: "new", help: "Again" }))).code, "already_exists");
    root.removeChild("new");
    assert.equal(root.find("below.spot"), undefined);
    assert.equal(tree.context("below"), undefined);
  });
});

describe("C-14 caches", () => {
  test("a fact is looked up upward, asked each time where it is live, and unknown reads as empty", async (t) => {
    let hits = 0;
    const written: unknown[] = [];
    const facts: Context = {
      name: "facts",
      help: "Facts",
      caches: [
        cache("live", 0, "Asked", { read: () => ++hits }),
        cache<string>("loud", "a", "Written", {
          write(_m, value) {
            written.push(value);
            return String(value).toUpperCase();
          },
        }),
        cache("plain", 5, "Plain"),
      ],
      contexts: [{ name: "under", help: "Below" }],
    };
    const { show, who, tree } = await probeTree(t, { more: [facts] });
    who.session.context = tree.contextNamed("under");
    const lines: readonly (readonly [line: string, shown: string])[] = [
      ["cache live", "1\n"],
      ["cache live", "2\n"],
      ["echo $live", "3\n"],
      ["cache loud quiet", ""],
      ["cache loud", "QUIET\n"],
      ["cache plain 7", ""],
      ["cache plain", "7\n"],
      ["cache nobody", ""],
      ["cache constructor", ""],
      ["cache __proto__", ""],
      ["cache __proto__ 3", ""],
      ["cache __proto__", "3\n"],
      ["cache delete __proto__", ""],
      ["cache __proto__", ""],
    ];
    for (const [line, shown] of lines) assert.equal(await show(line), shown, line);
    assert.deepEqual(written, ["quiet"]);
  });
});

describe("C-15 configs", () => {
  test("a setting holds any nested value; what tells its own type keeps it", () => {
    const tree = plant();
    const value = { list: [new Float(1), new Duration(5), new Date(0)], map: { __proto__x: null } };
    const slot = tree.contextNamed("nfs").addConfig("any", value, "Anything");
    assert.deepEqual(slot.value, value);
    assert.notEqual(slot.value, value);
  });

  test("Tree.watch tells each new value until it is undone; one that fails harms no other", () => {
    const tree = plant();
    const slot = tree.contextNamed("web").configs.get("port");
    assert.ok(slot !== undefined);
    const seen: unknown[] = [];
    const told = (value: unknown): void => void seen.push(value);
    tree.watch(slot, () => {
      throw new Error("broken");
    });
    const one = tree.watch(slot, told);
    const two = tree.watch(slot, told);
    tree.setConf(slot, 81);
    one();
    one();
    tree.setConf(slot, 82);
    two();
    tree.setConf(slot, 83);
    assert.deepEqual(seen, [81, 81, 82]);
    assert.equal(slot.value, 83);
  });

  for (const name of ["constructor", "__proto__", "toString"]) {
    test(`no prototype is touched by a setting named ${name}`, async (t) => {
      const { show } = await probeTree(t);
      assert.match(await show(`config ${name}`), /no config/);
      assert.match(await show(`echo @${name}`), /no config/);
      await show(`config create map ${name}`);
      await show(`config ${name} ${name} 1`);
      await show(`config ${name} constructor.prototype.polluted 1`);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
    });
  }
});

describe("ports", () => {
  const number = port("number", 0);
  test("the newest service speaks; when it goes, the one before; without any, the stand-in", () => {
    const tree = plant();
    const one = tree.provide(number, 1);
    const two = tree.provide(number, 2);
    assert.equal(tree.use(number), 2);
    two();
    assert.equal(tree.use(number), 1);
    one();
    assert.equal(tree.use(number), 0);
  });
  test("a service that has gone does not come back when a later one goes", () => {
    const tree = plant();
    const one = tree.provide(number, 1);
    const two = tree.provide(number, 2);
    one();
    one();
    assert.equal(tree.use(number), 2);
    two();
    assert.equal(tree.use(number), 0);
  });
});
