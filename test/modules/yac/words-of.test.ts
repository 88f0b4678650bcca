import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Context,
  cache,
  command,
  config,
  Duration,
  defineCommand,
  integer,
  list,
  printValue,
  text,
  textOf,
  type Word,
} from "../../../src/ctx/index.ts";
import { probeTree } from "../../support/probe.ts";

let asked = 0;
const seeWords: Word[] = [];
const stage: Context = {
  name: "stage",
  help: "Words",
  caches: [cache("fact", "a b", "A fact"), cache("live", 0, "Asked", { read: () => ++asked })],
  configs: [
    config("map", { name: "x y", list: [1, 2, 3], none: null, deep: { "a.b": 1 } }, "A map"),
    config("long", new Duration(5000), "A duration"),
  ],
  commands: [
    defineCommand({
      name: "see",
      help: "Show words",
      args: { words: command("Any", { optional: true }) },
      run(_m, { words }) {
        seeWords.splice(0, Infinity, ...(words as Word[]));
        return `${words.map((word) => `[${textOf(word)}]`).join("")}\n`;
      },
    }),
    defineCommand({ name: "one", help: "One cell", columns: { n: integer("Number") }, run: () => ({ n: 7 }) }),
    defineCommand({
      name: "pair",
      help: "One row",
      columns: { a: integer("A"), b: text("B") },
      run: () => ({ a: 1, b: "x" }),
    }),
    defineCommand({
      name: "two",
      help: "Two rows",
      columns: { n: integer("Number") },
      run: () => [{ n: 1 }, { n: 2 }],
    }),
    defineCommand({ name: "none", help: "No rows", columns: { n: integer("Number") }, run: () => [] }),
    defineCommand({
      name: "sum",
      help: "Add",
      args: { all: list(integer("Number")) },
      run: (_m, { all }) => printValue(all.reduce((a, b) => a + b, 0)),
    }),
  ],
};

const lines: readonly (readonly [line: string, shown: string])[] = [
  ["see a 'b c' \"d e\"", "[a][b c][d e]"],
  ["see $fact", "[a b]"],
  ["see x$fact.txt", "[xa b.txt]"],
  ['see "$fact!"', "[a b!]"],
  ["see '$fact'", "[$fact]"],
  ["see $HOSTNAME_OF_NOBODY", 'error: no variable "HOSTNAME_OF_NOBODY"'],
  ["see $USER", "[tester]"],
  ["see $constructor", 'error: no variable "constructor"'],
  ["see $__proto__", 'error: no variable "__proto__"'],
  ["see @map.name", "[x y]"],
  ["see @map.list", "[1][2][3]"],
  ["see @map.list[-1]", "[3]"],
  ["see @map.none", "[]"],
  ["see @map.nothing", 'error: no part "nothing"'],
  ["see @map.constructor", 'error: no part "constructor"'],
  ["see @map.__proto__", 'error: no part "__proto__"'],
  ["see @nothing", 'error: no config "nothing"'],
  ["see @toString", 'error: no config "toString"'],
  ["see @long", "[5s]"],
  ["see $(one)", "[7]"],
  ["see $(two)", "[1][2]"],
  ["see $(none)", ""],
  ["see $(see a b)", "[[a][b]]"],
  ["see $(see a b)c", "[[a][b]c]"],
  ["sum $(two) $(one)", "10"],
  ["see $[1 + 2]", "[3]"],
  ["see $[1 + 2]px", "[3px]"],
  ["see $(nosuch)", 'error: unknown command "nosuch" in stage'],
  ["see $(", "error: "],
  ["see", ""],
  ["see ''", "[]"],
  ["$(see)", 'error: unknown command "" in stage'],
];

describe("C-20 words", () => {
  for (const [line, expected] of lines) {
    test(line, async (t) => {
      const { show, who, tree } = await probeTree(t, { more: [stage] });
      who.session.context = tree.contextNamed("stage");
      const [first = ""] = (await show(line)).split("\n");
      if (expected === "error: ") assert.match(first, /^error: /);
      else assert.equal(first.replace(/ \(did you mean.*/, ""), expected);
    });
  }

  test("C-14 a live fact is asked each time", async (t) => {
    const { show, who, tree } = await probeTree(t, { more: [stage] });
    who.session.context = tree.contextNamed("stage");
    asked = 0;
    assert.equal(await show("see $live$live $live"), "[12][3]\n");
  });

  test("values travel beside their words, and only what was typed bare is bare", async (t) => {
    const { show, who, tree } = await probeTree(t, { more: [stage] });
    who.session.context = tree.contextNamed("stage");
    await show("see a 'b' $(one) @map.list @long a$fact");
    assert.deepEqual(
      seeWords.map(({ text, bare, value }) => [text, bare, value]),
      [
        ["a", true, undefined],
        ["b", false, undefined],
        ["7", false, 7],
        ["1", false, 1],
        ["2", false, 2],
        ["3", false, 3],
        ["5s", false, new Duration(5000)],
        ["aa b", false, undefined],
      ],
    );
  });

  test("a word made by a variable is never an option, an operator or an alias", async (t) => {
    const { show } = await probeTree(t, { host: { env: { FLAG: "--help", OP: "%", NAME: "ifconfig" } } });
    assert.match(await show("rows $FLAG"), /must be a whole number, but is "--help"/);
    assert.equal(await show("echo a $OP limit"), "a % limit\n");
  });
});
