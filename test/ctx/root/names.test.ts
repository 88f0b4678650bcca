import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { completeLine, config, defineContext } from "../../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../../src/ctx/testing.ts";
import { shop } from "../../support/shop.ts";

const site = config("site", { city: { name: "深圳", zip: 1 }, open: true }, "Where we are");
const siteName = config("site.name", "x", "A name with a dot");

let shelf: TestTree;
before(async () => {
  shelf = await makeTestTree([shop, defineContext({ name: "town", help: "A town", configs: [site, siteName] })]);
});
after(() => shelf.stop());

/** A line typed in the context town, and what may come. */
const lines: readonly (readonly [line: string, values: readonly string[]])[] = [
  ["context sh", ["shop", "shop.box"]],
  ["context ba", ["back"]],
  ["config si", ["site", "site.name"]],
  ["config site.", ["site.name", "site.city", "site.open"]],
  ["config site.city.", ["site.city.name", "site.city.zip"]],
  ["config site.open.", []],
  ["config nosuch.", []],
  ["config constructor.", []],
  ["config de", ["delete"]],
  ["cache ncon", ["ncontext"]],
  ["help conf", ["config"]],
  ["help to", ["to", "town"]],
  ["command help conf", ["config"]],
];
describe("C-13 C-19 X-03 the root's commands offer names while they are typed", () => {
  for (const [line, values] of lines) {
    test(line, async () => {
      const { tree, home: cwd } = shelf;
      const found = await completeLine(line.split(" "), { from: tree.context("town") ?? tree.root, cwd });
      assert.deepEqual(
        found.map(({ value }) => value),
        values,
      );
    });
  }
});
