import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { completeLine } from "../../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../../src/ctx/testing.ts";
import { shop } from "../../support/shop.ts";

let shelf: TestTree;
before(async () => {
  shelf = await makeTestTree([shop]);
  mkdirSync(join(shelf.home, "tea"));
  writeFileSync(join(shelf.home, "tea/green leaf"), "");
  writeFileSync(join(shelf.home, "Tobacco"), "");
  writeFileSync(join(shelf.home, ".hidden"), "");
  symlinkSync("tea", join(shelf.home, "link"));
  symlinkSync("nowhere", join(shelf.home, "dangling"));
});
after(() => shelf.stop());

const formats = ["--help", "--json", "--ndjson", "--csv", "--tsv", "--yaml", "--md", "--html", "--text"];
const options = ["deep", "kind", "sort", "most", "loud"];

/** A line, the last word of which is being typed, and what may come. */
const lines: readonly (readonly [line: string, values: readonly string[]])[] = [
  ["sto", ["stock"]],
  ["st", ["stock"]],
  ["nothing", []],
  ["shop", ["shop."]],
  ["shop.", ["shop.stock", "shop.enter", "shop.later", "shop.box."]],
  ["shop.s", ["shop.stock"]],
  ["box.o", ["box.open"]],
  ["nowhere.o", []],
  ["~s", ["~shop", "~shop.box"]],
  ["~bo", ["~shop.box"]],
  ["~shop sto", ["stock"]],
  ["~shop stock de", ["deep"]],
  ["~nowhere stock de", []],
  ["nosuch ", []],
  ["stock ", ["Tobacco", "dangling", "etc/", "link/", "tea/", "usr/", "var/", ...options]],
  ["stock t", ["tea/"]],
  ["stock T", ["Tobacco"]],
  ["stock TE", ["tea/"]],
  ["stock tea/", ["tea/green leaf"]],
  ["stock link/", ["link/green leaf"]],
  ["stock nowhere/", []],
  ["stock .h", [".hidden"]],
  ["stock tea ", ["time", "size", "name", ...options]],
  ["stock tea size n", ["name"]],
  ["stock kind ", ["both", "file", "folder"]],
  ["stock kind f", ["file", "folder"]],
  [
    "stock kind file ",
    ["Tobacco", "dangling", "etc/", "link/", "tea/", "usr/", "var/", "deep", "sort", "most", "loud"],
  ],
  ["stock tea deep kin", ["kind"]],
  ["stock sort ", ["time", "size"]],
  ["stock sort size ", ["int", "int_r"]],
  ["stock sort size int_r d", ["dangling", "deep"]],
  ["stock loud t", ["true"]],
  ["stock --", [...options.map((name) => `--${name}`), ...formats]],
  ["stock --kind=fo", ["--kind=folder"]],
  ["stock --deep=", ["--deep=true", "--deep=false"]],
  ["stock --nosuch=", []],
  ["stock --kind fo", ["folder"]],
  ["stock --kind=file --ki", []],
  ["stock --json d", ["dangling", "deep"]],
  ["stock -- d", ["dangling"]],
  ["stock constructor ", ["time", "size", "name", ...options]],
  ["enter t", ["tom", "tim"]],
  ["enter broken", []],
  ["enter tom ", ["colour"]],
  ["enter tom colour g", ["green"]],
  ["later 3s sto", ["stock"]],
  ["later 3s stock kind f", ["file", "folder"]],
  ["later 3s stock qui", []],
  ["later 3s qui", ["quiet"]],
  ["later 3s ~bo", ["~shop.box"]],
];
describe("X-01 X-03 C-16 completion", () => {
  for (const [line, values] of lines) {
    test(line, async () => {
      const { tree, home: cwd } = shelf;
      const found = await completeLine(line.split(" "), { from: tree.context("shop") ?? tree.root, cwd });
      assert.deepEqual(
        found.map(({ value }) => value),
        values,
      );
    });
  }

  test("tells what each thing is, in the tongue asked for", async () => {
    const { tree, home: cwd } = shelf;
    const at = { from: tree.context("shop") ?? tree.root, cwd, lang: "zh" } as const;
    assert.deepEqual(await completeLine(["sto"], at), [{ value: "stock", help: "列出货架", kind: "command" }]);
    assert.deepEqual(await completeLine(["stock", "dee"], at), [{ value: "deep", help: "包括下层", kind: "option" }]);
    assert.deepEqual(await completeLine(["stock", "te"], at), [{ value: "tea/", help: "", kind: "folder" }]);
    assert.deepEqual(await completeLine(["enter", "tom", "colour", "r"], at), [
      { value: "red", help: "a colour", kind: "value" },
    ]);
  });

  test("leaves out what the caller may not run", async () => {
    const { tree, home: cwd } = shelf;
    const at = { from: tree.root, cwd, may: ({ effect }: { effect: string }) => effect === "read" };
    const found = await completeLine(["shop."], at);
    assert.deepEqual(
      found.map(({ value }) => value),
      ["shop.stock", "shop.box."],
    );
    assert.deepEqual(await completeLine(["shop.enter", "t"], at), []);
  });

  test("never throws, and offers only what begins as typed", async () => {
    const { tree, home: cwd } = shelf;
    const from = tree.context("shop") ?? tree.root;
    const word = fc.oneof(
      fc.constantFrom("stock", "enter", "later", "kind", "--kind", "--kind=", "--", "deep", "sort", "~shop", "shop."),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1 }), async (words) => {
        const typed = (words.at(-1) ?? "").toLowerCase();
        for (const { value } of await completeLine(words, { from, cwd })) {
          if (!typed.startsWith("~")) assert.ok(value.toLowerCase().startsWith(typed), `${value} for ${typed}`);
        }
      }),
    );
  });
});
