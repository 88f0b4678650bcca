import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catalogue } from "../../src/ctx/index.ts";
import { read, tableRows } from "../support/files.ts";

const rows = tableRows(read("docs/errors.md"));

describe("docs/errors.md explains every error", () => {
  test("the same codes, no other", () => {
    assert.deepEqual(
      rows.map(([code]) => code),
      Object.keys(catalogue).map((code) => `\`${code}\``),
    );
  });
  for (const [code = "", exit, status, cause = "", cure = ""] of rows) {
    test(code, () => {
      const entry = Object.entries(catalogue).find(([name]) => `\`${name}\`` === code)?.[1];
      assert.deepEqual([exit, status], [String(entry?.exit), String(entry?.status)]);
      assert.ok(cause.length > 10 && cure.length > 10, "both cause and cure are told");
    });
  }
});
