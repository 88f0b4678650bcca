import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, longestPattern } from "../../../src/ctx/kit/regex.ts";

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  assert.ok("test" in compiled, pattern);
  return compiled.test(text);
}

test("a pattern matches anywhere in the text", () => {
  assert.equal(matches("b+", "abbc"), true);
  assert.equal(matches("^b", "abbc"), false);
  assert.equal(matches("^世.$", "世界"), true);
});

test("a pattern that makes others hang is matched in time linear in the text", () => {
  assert.equal(matches("(a+)+$", `${"a".repeat(50_000)}b`), false);
});

test("a pattern has at most 10 KB", () => {
  assert.equal(matches("a".repeat(longestPattern), "b"), false);
  assert.deepEqual(compilePattern("a".repeat(longestPattern + 1)), {
    problem: "the regular expression is longer than 10 KB",
  });
  assert.ok("problem" in compilePattern("世".repeat(4000)));
});

test("a bad pattern is told in a sentence", () => {
  assert.deepEqual(compilePattern("("), { problem: "bad regular expression: missing closing ): `(`" });
});
