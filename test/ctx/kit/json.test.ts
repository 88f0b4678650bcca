import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError } from "../../../src/ctx/errors.ts";
import { parseJson } from "../../../src/ctx/kit/json.ts";

/** The value, or what the error says. */
function read(text: string): unknown {
  try {
    return { value: parseJson(text, "x") };
  } catch (error) {
    assert.ok(error instanceof CtxError);
    return { problem: error.message, at: error.at?.span.start, partial: error.partial };
  }
}

const problems: readonly (readonly [string, string, number, boolean])[] = [
  ["", "there is no JSON", 0, true],
  ['{"a": x}', 'unexpected "x"', 6, false],
  ['{"a": 1', 'unclosed "{"', 7, true],
  ['[1, {"a": [', 'unclosed "["', 11, true],
  ['{"a" 1}', 'unexpected "1"', 5, false],
  ["[1, ]", 'unexpected "]"', 4, false],
  ["[1}", 'unexpected "}"', 2, false],
  ["{1: 2}", 'unexpected "1"', 1, false],
  ["[01]", 'unexpected "1"', 2, false],
  ['["abc', "unclosed text", 1, true],
  ['["a\nb"]', "unclosed text", 1, false],
  ["[1] 2", 'unexpected "2"', 4, false],
  ["nul", 'unexpected "n"', 0, false],
  ["'a'", 'unexpected "\'"', 0, false],
  ['\ufeff["a", b]', 'unexpected "b"', 7, false],
  ['{"a": {"__proto__": 1}}', 'the key "__proto__" is not allowed', 7, false],
  ['{"\\u005f_proto__": 1}', 'the key "__proto__" is not allowed', 0, false],
];
for (const [text, problem, at, partial] of problems) {
  test(`${JSON.stringify(text)}: ${problem}`, () => {
    assert.deepEqual(read(text), { problem, at, partial });
  });
}

test("nesting has a limit", () => {
  assert.ok(Array.isArray(parseJson(`${"[".repeat(400)}${"]".repeat(400)}`, "x")));
  assert.throws(() => parseJson(`${"[".repeat(600)}${"]".repeat(600)}`, "x"), /deeper than 500/);
  assert.throws(() => parseJson("[".repeat(100_000), "x"), /unclosed/);
});

test("integers too large to be exact come through as text", () => {
  const text = '{"id":12345678901234567890,"text":"12345678901234567890","f":0.1234567890123456,"n":9007199254740991}';
  assert.deepEqual(parseJson(text, "x"), {
    id: "12345678901234567890",
    text: "12345678901234567890",
    f: 0.1234567890123456,
    n: 9007199254740991,
  });
});

test("whatever JSON.parse takes or refuses, so do we", () => {
  const nearly = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "]", "}", '"', "x", "1", "\\"))
    .map(([json, at, noise]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + noise + json.slice(cut + 1);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), nearly), (text) => {
      fc.pre(!/__proto__|\\u00|\d{16}/.test(text));
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        assert.throws(
          () => parseJson(text, "x"),
          (error) => error instanceof CtxError && (error.at?.span.start ?? Number.NaN) <= text.length,
        );
        return;
      }
      assert.deepEqual(parseJson(text, "x"), expected);
    }),
  );
});
