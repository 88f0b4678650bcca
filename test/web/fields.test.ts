import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  boolean,
  CtxError,
  choice,
  command,
  defineCommand,
  defineContext,
  duration,
  flag,
  float,
  integer,
  json,
  list,
  path,
  size,
  text,
  time,
  tuple,
} from "../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../src/ctx/testing.ts";
import { modules } from "../../src/modules.ts";
import { library } from "../support/library.ts";

type Raw = string | readonly string[];
type Values = Readonly<Record<string, Raw>>;
interface Field {
  readonly key: string;
}
interface Fields {
  inputOf(fields: readonly Field[], values: Values): Record<string, unknown>;
  problemOf(field: Field, raw: Raw): string | undefined;
  shellLine(node: string, command: string, fields: readonly Field[], values: Values): string;
}

let taken: unknown;

/** A command that takes one of everything, and one that takes a command. */
const take = defineCommand({
  name: "take",
  help: "Take one of everything",
  effect: "read",
  args: { file: path("A file", { default: "." }), names: list(text("Names")) },
  options: {
    deep: flag("Deep"),
    kind: choice(["both", "file"], "Kind", { optional: true }),
    count: integer("How many", { min: 1, max: 9, optional: true }),
    part: float("How much", { optional: true }),
    loud: boolean("Loud", { optional: true }),
    long: duration("How long", { optional: true }),
    since: time("Since when", { optional: true }),
    big: size("How big", { optional: true }),
    data: json("Any data", { optional: true }),
    sort: tuple([text("Column"), choice(["up", "down"], "How")], "Order"),
    env: list(text("A=1"), { each: true }),
  },
  run: (_, input) => {
    taken = input;
  },
});
const later = defineCommand({
  name: "later",
  help: "Take a command",
  effect: "read",
  args: { what: command("What to run") },
  options: { quiet: flag("Say nothing") },
  run: (_, input) => {
    taken = input;
  },
});

let page: Fields;
let shelf: TestTree;

before(async () => {
  page = await library("fields.js");
  shelf = await makeTestTree([...modules, defineContext({ name: "kinds", help: "Kinds", commands: [take, later] })]);
});
after(() => shelf.stop());

async function fieldsOf(name: string): Promise<readonly Field[]> {
  const { rows } = await shelf.call("command", "form", name);
  return rows as unknown as readonly Field[];
}

describe("X-01 C-53 a form gives the same input as the line it shows", () => {
  const cases: readonly (readonly [name: string, values: Values])[] = [
    ["kinds.take", {}],
    ["kinds.take", { file: "etc" }],
    ["kinds.take", { file: "a b/'c\" $x \\ 中文" }],
    ["kinds.take", { names: "one 'two three' \"it's\" deep" }],
    ["kinds.take", { file: "--json", names: "count --deep" }],
    ["kinds.take", { file: "%", deep: "true", kind: "file", count: "7", part: "2.5", loud: "false" }],
    ["kinds.take", { long: "90" }],
    ["kinds.take", { long: "2h30m", since: "2019-05-10 11:11:02", big: "10kb" }],
    ["kinds.take", { data: '{"a": [1, "it\'s"]}' }],
    ["kinds.take", { data: "plain text" }],
    ["kinds.take", { sort: ["a b", "down"], env: "A=1 'B=2 3'" }],
    ["kinds.later", { what: "nfs.dir etc '--json' 'a b' quiet" }],
    ["kinds.later", { what: "pwd", quiet: "true" }],
  ];
  for (const [name, values] of cases) {
    test(JSON.stringify(values), async () => {
      const fields = await fieldsOf(name);
      const { tree, who } = shelf;
      // What a browser sends is JSON.
      const input = JSON.parse(JSON.stringify(page.inputOf(fields, values))) as Record<string, unknown>;
      await tree.call({ name, input }, { from: tree.root, who });
      const sent = plain(taken);
      taken = undefined;
      const line = page.shellLine("", name, fields, values);
      assert.equal(await shelf.show(line), "", line);
      assert.deepEqual(plain(taken), sent, line);
    });
  }

  test("on another node the line begins with remote", async () => {
    assert.equal(
      page.shellLine("demo", "nfs.dir", await fieldsOf("nfs.dir"), { path: "etc", dir_sort: ["size", "int_r"] }),
      "remote demo nfs.dir etc dir_sort size int_r",
    );
  });

  test("a secret is not shown in the line", () => {
    const fields = [{ key: "word", kind: "secret" }];
    assert.doesNotMatch(page.shellLine("", "aaa.login", fields, { word: "sesame" }), /sesame/);
  });
});

/** Words of a call are told from texts by an object around them, which says nothing else here. */
function plain(input: unknown): unknown {
  return JSON.parse(JSON.stringify(input, (key, value) => (key === "at" ? undefined : (value?.text ?? value))));
}

describe("C-53 what does not fit is said in the words of the terminal", () => {
  const wrong: Values = {
    kind: "folder",
    count: "x",
    part: "x",
    loud: "maybe",
    long: "soon",
    since: "yesterday",
    big: "much",
    sort: ["a", "sideways"],
  };
  for (const [key, raw] of [...Object.entries(wrong), ["count", "12"] as const, ["count", "0"] as const]) {
    test(`${key} ${String(raw)}`, async () => {
      const field = (await fieldsOf("kinds.take")).find((one) => one.key === key);
      assert.ok(field !== undefined);
      const error = await shelf.call("kinds.take", key, ...[raw].flat()).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof CtxError);
      assert.equal(`take: ${page.problemOf(field, raw)}`, error.message);
    });
  }

  test("what is missing, and half of a pair", async () => {
    const fields = await fieldsOf("sleep");
    assert.equal(fields[0] && page.problemOf(fields[0], " "), "time is missing");
    const sort = (await fieldsOf("kinds.take")).find(({ key }) => key === "sort");
    assert.equal(sort && page.problemOf(sort, ["a", ""]), "sort needs 2 values");
    const names = (await fieldsOf("kinds.take")).find(({ key }) => key === "names");
    assert.equal(names && page.problemOf(names, "a 'b"), "names has a ' without its other half");
  });
});
