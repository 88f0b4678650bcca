import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError, Source } from "../../../src/ctx/index.ts";
import { splitText } from "../../../src/modules/lex/split.ts";

const lines: readonly (readonly [line: string, pieces: readonly string[]])[] = [
  ["dir etc | wc", ["word dir", "word etc", "operator |", "word wc"]],
  [
    "a x\"b $c\" # d\n'e'",
    [
      "word a",
      'word x"b $c"',
      " bare x",
      ' text "b $c"',
      " raw b ",
      " variable $c",
      "comment # d",
      "newline \n",
      "word 'e'",
      " raw 'e'",
    ],
  ],
  [
    "a $(b | $(c))",
    [
      "word a",
      "word $(b | $(c))",
      " command $(b | $(c))",
      "  word b",
      "  operator |",
      "  word $(c)",
      "   command $(c)",
      "    word c",
    ],
  ],
  [
    "a % where n > 1 > f",
    ["word a", "operator %", "word where", " name n", " operator >", " number 1", "operator >", "word f"],
  ],
  ["a %\nwhere n", ["word a", "operator %", "newline \n", "word where", " name n"]],
  ["~x where n; echo where n", ["word ~x", "word where", " name n", "operator ;", "word echo", "word where", "word n"]],
  ["a ? 1 b $[2]", ["word a", "operator ?", " number 1", "word b", "word $[2]", " expression $[2]", "  number 2"]],
];

for (const [line, pieces] of lines) {
  test(`C-26 split: ${JSON.stringify(line)}`, () => {
    const found = splitText(new Source("test", line)).map(
      ({ depth, kind, start, end }) => `${" ".repeat(depth)}${kind} ${line.slice(start, end)}`,
    );
    assert.deepEqual(found, pieces);
  });
}

test("any text is split or gives a located error", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab2 \n\\'\"$()[]{}<>|&;%?@#~", " where ", " % ", "$(") });
  fc.assert(
    fc.property(text, (line) => {
      try {
        splitText(new Source("test", line));
      } catch (error) {
        assert.ok(error instanceof CtxError && error.at !== undefined, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("what is nested too deep is refused", () => {
  const line = `a ${"$(b ".repeat(20_000)}`;
  assert.throws(() => splitText(new Source("test", line)), /nested deeper than 500/);
});
