import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  choice,
  command,
  config,
  defineCommand,
  flag,
  integer,
  list,
  makeTree,
  secret,
  text,
  tuple,
  type Words,
} from "../../src/ctx/index.ts";
import { readJson, readTexts, readWords } from "../../src/ctx/input.ts";
import { errorOf } from "../support/probe.ts";

const most = config("most", 20, "Rows at most");
const run = () => undefined;
const stock = defineCommand({
  name: "stock",
  help: "List",
  args: { shelf: text("Shelf", { default: "." }), fields: list(choice(["time", "size"], "Columns")) },
  options: {
    deep: flag("Below"),
    sort: tuple([choice(["time", "size"], "Column"), choice(["int", "str"], "Order")], "Sort"),
    most: integer("At most", { default: most }),
    env: list(text("NAME=VALUE"), { each: true }),
    key: secret("Key", { optional: true }),
  },
  run,
});
const later = defineCommand({
  name: "later",
  help: "Later",
  args: { delay: text("How long"), what: command("What to run") },
  options: { quiet: flag("Say nothing") },
  run,
});
const strict = defineCommand({
  name: "strict",
  help: "Strict",
  args: { name: text("Name") },
  options: { must: integer("Must be there") },
  run,
});
const odd = defineCommand({
  name: "odd",
  help: "Odd names",
  options: { constructor: text("A", { optional: true }), toString: text("B", { optional: true }) },
  run,
});
const host = { home: "/", program: "/", version: "0", env: {}, pid: 0, mode: "test" } as const;
const tree = makeTree([{ name: "shop", help: "Shop", configs: [most], commands: [stock, later, strict, odd] }], host);
const shop = tree.contextNamed("shop");
const quoted = (word: string) => ({ text: word, bare: false });
const defaults = { shelf: ".", fields: [], deep: false, most: 20, env: [] };

function input(words: Words): unknown {
  const found = shop.find(String(words[0]));
  assert.ok(found !== undefined);
  return readWords(tree, found, words).input;
}

describe("C-16 reading words", () => {
  const reads: readonly (readonly [words: string, value: object])[] = [
    ["stock", {}],
    ["stock a", { shelf: "a" }],
    ["stock a size time", { shelf: "a", fields: ["size", "time"] }],
    ["stock deep a", { shelf: "a", deep: true }],
    ["stock a --deep", { shelf: "a", deep: true }],
    ["stock --deep=no", {}],
    ["stock most 5 a", { shelf: "a", most: 5 }],
    ["stock --most=5", { most: 5 }],
    ["stock --most 5 --most 6", { most: 6 }],
    ["stock sort size int a", { sort: ["size", "int"], shelf: "a" }],
    ["stock env A=1 env B=2", { env: ["A=1", "B=2"] }],
    ["stock --env=A=1 --env B=2", { env: ["A=1", "B=2"] }],
    ["stock -- deep", { shelf: "deep" }],
    ["stock -- --json", { shelf: "--json" }],
    ["stock -- --", { shelf: "--" }],
    ["stock -", { shelf: "-" }],
    ["stock constructor", { shelf: "constructor" }],
    ["stock __proto__", { shelf: "__proto__" }],
    ["stock toString", { shelf: "toString" }],
  ];
  for (const [line, value] of reads) {
    test(line, () => assert.deepEqual(input(line.split(" ")), { ...defaults, ...value }));
  }

  test("a word that was not typed bare is never an option", () => {
    assert.deepEqual(input(["stock", quoted("deep")]), { ...defaults, shelf: "deep" });
    assert.deepEqual(input(["stock", quoted("--json")]), { ...defaults, shelf: "--json" });
    assert.deepEqual(input(["stock", "most", quoted("5")]), { ...defaults, most: 5 });
  });
  test("from its first word on, a command in a command has all words", () => {
    const what = (words: Words): unknown => (input(words) as { what: unknown }).what;
    assert.deepEqual(what(["later", "quiet", "5s", "dir", "quiet", "--json", "--", "--help"]), [
      "dir",
      "quiet",
      "--json",
      "--",
      "--help",
    ]);
    assert.deepEqual(what(["later", "5s", quoted("dir % limit 3")]), [quoted("dir % limit 3")]);
  });
  test("options may be named like properties of all objects", () => {
    assert.deepEqual(
      { ...(input(["odd", "constructor", "a", "--toString=b"]) as object) },
      { constructor: "a", toString: "b" },
    );
    assert.deepEqual({ ...(input(["odd"]) as object) }, {});
  });
  test("C-15 a default that is a setting is that of now", () => {
    const slot = tree.slots.get(most);
    assert.ok(slot !== undefined && "watchers" in slot);
    tree.setConf(slot, 7);
    assert.deepEqual(input(["stock"]), { ...defaults, most: 7 });
    tree.setConf(slot, 20);
  });
  test("the format that is asked for, and the options that were given, without secrets", () => {
    const found = shop.find("stock");
    assert.ok(found !== undefined);
    const read = readWords(tree, found, ["stock", "--csv", "most", "5", "key", "hunter2", "--yaml"]);
    assert.equal(read.format, "yaml");
    assert.deepEqual(read.given, { most: 5 });
    assert.deepEqual(read.input["key"], "hunter2");
    assert.equal(readWords(tree, found, ["stock", "x", "y", "--help"]).help, true);
  });

  const refuses: readonly (readonly [line: string, message: string, hint?: string | undefined])[] = [
    ["stock --depe", 'stock: does not know "--depe"', 'did you mean "--deep"?'],
    ["stock --constructor", 'stock: does not know "--constructor"'],
    ["stock --__proto__=1", 'stock: does not know "--__proto__"'],
    ["stock --deep=maybe", 'stock: deep must be true or false, but is "maybe"'],
    ["stock most", "stock: most needs a value"],
    ["stock most many", 'stock: most must be a whole number, but is "many"'],
    ["stock sort size", "stock: sort needs 2 values"],
    ["stock --sort=size", 'stock: sort must be int, str, but is ""'],
    ["stock a siez", 'stock: fields must be time, size, but is "siez"', 'did you mean "size"?'],
    ["strict", "strict: name is missing", "usage: strict name must INTEGER"],
    ["strict a", "strict: must is missing"],
    ["strict a b must 1", 'strict: does not take "b"'],
    ["strict a mus 1 must 1", 'strict: does not take "mus"', 'did you mean "must"?'],
    ["later", "later: delay is missing"],
    ["later 5s", "later: what is missing"],
  ];
  for (const [line, message, hint] of refuses) {
    test(`${line}: ${message}`, async () => {
      const error = await errorOf(() => input(line.split(" ")));
      assert.equal(error.code, "bad_argument");
      assert.equal(error.message, message);
      if (hint?.startsWith("did") === true) assert.equal(error.hint, hint);
    });
  }
});

describe("C-16 reading JSON", () => {
  const read = (name: string, json: string): unknown => {
    const found = shop.find(name);
    assert.ok(found !== undefined);
    return readJson(tree, found, JSON.parse(json)).input;
  };
  const reads: readonly (readonly [json: string, value: object])[] = [
    ["{}", {}],
    ['{"shelf":"a","deep":true,"fields":["size"]}', { shelf: "a", deep: true, fields: ["size"] }],
    ['{"sort":["time","str"],"env":"A=1"}', { sort: ["time", "str"], env: ["A=1"] }],
  ];
  for (const [json, value] of reads) test(json, () => assert.deepEqual(read("stock", json), { ...defaults, ...value }));

  const refuses: readonly (readonly [name: string, json: string, message: string])[] = [
    ["stock", '{"shlef":"a"}', 'stock: does not know "shlef"'],
    ["stock", '{"who":{"user":"root"}}', 'stock: does not know "who"'],
    ["stock", '{"__proto__":{"polluted":1}}', 'stock: does not know "__proto__"'],
    ["stock", '{"constructor":{"prototype":{"polluted":1}}}', 'stock: does not know "constructor"'],
    ["stock", '{"deep":"maybe"}', 'stock: deep must be true or false, but is "maybe"'],
    ["stock", '{"most":null}', 'stock: most must be a whole number, but is "null"'],
    ["strict", '{"must":1}', "strict: name is missing"],
    ["strict", '{"name":"a"}', "strict: must is missing"],
  ];
  for (const [name, json, message] of refuses) {
    test(`${name} ${json}: ${message}`, async () => {
      const error = await errorOf(() => read(name, json));
      assert.equal(error.code, "bad_argument");
      assert.equal(error.message, message);
      assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
    });
  }
  test("options named like properties of all objects", () => {
    assert.deepEqual(
      { ...(read("odd", '{"constructor":"a","toString":"b"}') as object) },
      { constructor: "a", toString: "b" },
    );
  });
});

describe("C-50 reading texts by key, and args in JSON", () => {
  const foundOf = (name: string) => {
    const found = shop.find(name);
    assert.ok(found !== undefined);
    return found;
  };
  const texts = (name: string, query: string): unknown => {
    const given = new Map<string, string[]>();
    for (const [key, value] of new URLSearchParams(query)) given.set(key, [...(given.get(key) ?? []), value]);
    return readTexts(tree, foundOf(name), given).input;
  };
  const reads: readonly (readonly [query: string, value: object])[] = [
    ["", {}],
    ["shelf=a&fields=size&fields=time", { shelf: "a", fields: ["size", "time"] }],
    ["args=a&args=size&args=time", { shelf: "a", fields: ["size", "time"] }],
    ["args=deep", { shelf: "deep" }],
    ["args=--json", { shelf: "--json" }],
    ["fields=size&shelf=a", { shelf: "a", fields: ["size"] }],
    ["deep", { deep: true }],
    ["deep=off", { deep: false }],
    ["sort=size&sort=int", { sort: ["size", "int"] }],
    ["env=A=1&env=B=2", { env: ["A=1", "B=2"] }],
    ["most=5", { most: 5 }],
  ];
  for (const [query, value] of reads) {
    test(`stock?${query}`, () => assert.deepEqual(texts("stock", query), { ...defaults, ...value }));
  }
  test("the words of a command are bare", () => {
    const expected = { delay: "1s", what: ["dir", "deep"], quiet: false };
    assert.deepEqual(texts("later", "args=1s&args=dir&args=deep"), expected);
    assert.deepEqual(texts("later", "delay=1s&what=dir&what=deep"), expected);
    assert.deepEqual(readJson(tree, foundOf("later"), { args: ["1s", "dir", "deep"] }).input, expected);
  });
  test("JSON: args beside named values", () => {
    const { input: read, given } = readJson(tree, foundOf("stock"), { args: ["a", "size"], deep: true, key: "x" });
    assert.deepEqual(read, { ...defaults, shelf: "a", fields: ["size"], deep: true, key: "x" });
    assert.deepEqual(given, { deep: true });
  });
  const wrong: readonly (readonly [query: string, said: RegExp])[] = [
    ["most=x", /most must be a whole number/],
    ["most=1&most=2", /most is given twice/],
    ["sort=size", /sort needs 2 values/],
    ["args=a&shelf=b", /shelf is given twice/],
    ["depe=1", /does not know "depe"/],
    ["__proto__=1", /does not know "__proto__"/],
    ["toString=1", /does not know "toString"/],
    ["deep=maybe", /deep must be true or false/],
  ];
  for (const [query, said] of wrong) test(`stock?${query}`, () => assert.throws(() => texts("stock", query), said));
});
