import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { codeSpans, read } from "../support/files.ts";

/** A path of the repository, and perhaps a name in that file: `src/ctx/tree.ts`, `src/ctx/tree.ts:ContextNode`. */
const path =
  /^((?:\.ci|bench|bin|docs|etc|src|test|usr)\/[^\s:]*|[\w.-]+\.(?:ts|md|json|mjs|cjs|sh))(?::([A-Za-z_$][\w$]*))?$/;
const named = codeSpans(read("ARCHITECTURE.md")).flatMap((span) => {
  const [, file, symbol] = path.exec(span) ?? [];
  return file === undefined || file.includes("*") ? [] : [[span, file, symbol] as const];
});

describe("what ARCHITECTURE.md names is there", () => {
  test("it names paths", () => assert.ok(named.length > 0));
  for (const [span, file, symbol] of named) {
    test(span, () => {
      assert.ok(existsSync(file), `there is no ${file}`);
      if (symbol !== undefined) assert.match(read(file), new RegExp(`^export .*\\b${symbol}\\b`, "m"));
    });
  }
});
