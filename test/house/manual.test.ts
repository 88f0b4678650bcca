import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { manual } from "../../src/ctx/index.ts";
import { filesBelow, read } from "../support/files.ts";
import { bareTree } from "../support/trees.ts";

const folder = "docs/reference";
const pages = manual(bareTree());
if (process.env["UPDATE"] === "1") {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, page] of pages) writeFileSync(`${folder}/${name}`, page);
}

describe("X-01 the manual is fresh; if not: npm run docs", () => {
  test("its pages", () => {
    assert.deepEqual(filesBelow(folder, ""), [...pages.keys()].map((name) => `${folder}/${name}`).sort());
  });
  for (const [name, page] of pages) {
    test(name, () => assert.ok(read(`${folder}/${name}`) === page, `${name} is stale`));
  }
});
