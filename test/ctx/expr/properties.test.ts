import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError } from "../../../src/ctx/errors.ts";
import { parseExpression, parseWhole } from "../../../src/ctx/expr/parse.ts";
import { printTree } from "../../../src/ctx/expr/print.ts";
import { compileRow } from "../../../src/ctx/expr/row.ts";
import type { Tree } from "../../../src/ctx/expr/tree.ts";
import { printValue } from "../../../src/ctx/kit/value.ts";
import { Source } from "../../../src/ctx/source.ts";
import { Batch } from "../../../src/ctx/table/batch.ts";

const pieces =
  "1|7.0|007|2h|10kb|2019-05-10|a|b.c|`x y`|'t'|\"q\\n\"|(|)|[|]|{|}|:|,|?|??|.|+|-|*|/|%|mod|==|!=|~|!~|<|<=|>|>=|in|not|between|and|or|is|null|!|f(|$x|@y|$(|?(|\n|\\\n|#|;|||>>|2>|=|\"|'|\\|世|👍| | ".split(
    "|",
  );
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((all) => all.join("")),
  fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((all) => all.join(" ")),
  fc.string({ unit: "binary" }),
);

test("any text is an expression up to some place, or gives an error with its place", () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), fc.boolean(), (text, stage, inside) => {
      try {
        const { tree, end } = parseExpression(new Source("x", text), 0, { stage, inside });
        assert.ok(end > 0 && end <= text.length);
        assert.ok(tree.span.start <= tree.span.end);
      } catch (error) {
        assert.ok(error instanceof CtxError, String(error));
        assert.ok(error.at !== undefined && error.at.span.end <= text.length + 1);
      }
    }),
    { numRuns: 5000 },
  );
});

/** A tree without its places. */
const bare = (tree: Tree): unknown =>
  JSON.parse(JSON.stringify(tree, (key, value) => (key === "span" ? undefined : value)));

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const sub = tie("expression");
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      fc.constantFrom(
        "1",
        "7.5",
        "7.0",
        "a",
        "b.c",
        "`x y`",
        "'t'",
        '"\\"\'$ "',
        "2h30m",
        "2019-05-10",
        "null",
        "true",
      ),
      fc
        .tuple(sub, fc.constantFrom(..."+ - * / mod and or ?? == != ~ !~ < <= > >= in".split(" ")), sub)
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(sub, fc.constantFrom(..."+ - * / and or ??".split(" ")), sub).map(([a, op, b]) => `${a} ${op} ${b}`),
      sub.map((of) => `(${of}) is not null`),
      fc.tuple(sub, sub, sub).map(([of, low, high]) => `(${of}) not between (${low}) and (${high})`),
      fc.tuple(sub, sub, sub).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
      fc.tuple(sub, sub, sub).map(([a, b, c]) => `(${a}) ? ${b} : (${c})`),
      fc.tuple(fc.constantFrom("-", "!", "+", "not "), sub).map(([sign, of]) => `${sign}(${of})`),
      fc.tuple(sub, sub).map(([a, b]) => `(${a})[${b}].k`),
      fc.array(sub, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc.array(sub, { maxLength: 3 }).map((items) => `f(${items.join(", ")})`),
      fc.tuple(sub, sub).map(([a, b]) => `{a: ${a}, 'it''s': ${b}}`.replace("'it''s'", '"it\'s"')),
    ),
  };
});

test("what is printed reads back as the same tree, and prints the same", () => {
  fc.assert(
    fc.property(fc.oneof(expression, anyText), (text) => {
      let tree: Tree;
      try {
        tree = parseExpression(new Source("x", text), 0, { inside: true }).tree;
      } catch {
        return;
      }
      const printed = printTree(tree);
      const again = parseWhole(new Source("x", printed));
      assert.deepEqual(bare(again), bare(tree), printed);
      assert.equal(printTree(again), printed);
    }),
    { numRuns: 3000 },
  );
});

/** Arithmetic on whole numbers as it is taught: exact, cut toward zero; `undefined` for what must fail. */
type Sum = { readonly text: string; readonly value: bigint | undefined };
const largest = 2n ** 53n - 1n;
const operations: Record<string, (a: bigint, b: bigint) => bigint | undefined> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0n ? undefined : a / b),
  mod: (a, b) => (b === 0n ? undefined : a % b),
};
const number = fc.oneof(fc.nat(20), fc.maxSafeNat()).map((n): Sum => ({ text: String(n), value: BigInt(n) }));
const { sum } = fc.letrec<{ sum: Sum }>((tie) => ({
  sum: fc.oneof(
    { maxDepth: 6 },
    number,
    fc.tuple(tie("sum"), fc.constantFrom(...Object.keys(operations)), tie("sum")).map(([a, op, b]): Sum => {
      const text = `(${a.text}) ${op} (${b.text})`;
      if (a.value === undefined || b.value === undefined) return { text, value: undefined };
      const value = operations[op]?.(a.value, b.value);
      const fits = value !== undefined && value <= largest && value >= -largest;
      return { text, value: fits ? value : undefined };
    }),
    tie("sum").map(({ text, value }): Sum => ({ text: `-(${text})`, value: value === undefined ? value : -value })),
  ),
}));

test("arithmetic of integers is exact, and an error where it cannot be", () => {
  fc.assert(
    fc.property(sum, ({ text, value }) => {
      const run = compileRow(parseWhole(new Source("x", text)), []);
      let result: string;
      try {
        result = printValue(run(Batch.head([]), 0));
      } catch (error) {
        assert.ok(error instanceof CtxError, String(error));
        result = "undefined";
      }
      assert.equal(result, String(value));
    }),
    { numRuns: 2000 },
  );
});
