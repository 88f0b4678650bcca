import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CtxError, type Found } from "../../src/ctx/index.ts";
import { readJson, readWords } from "../../src/ctx/input.ts";
import { bareTree } from "../support/trees.ts";

const tree = bareTree();

function refusedOrFine(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CtxError)) throw error;
    assert.equal(error.code, "bad_argument");
  }
}

/** Words that mean something to a command, and words that mean nothing. */
function wordsFor({ options, args }: Found): fc.Arbitrary<string[]> {
  const params = [...args.map(([, param]) => param), ...options.values()];
  const known = [...options.keys(), ...params.flatMap(({ choices, items }) => choices ?? items?.[0]?.choices ?? [])];
  const keys = [...options.keys()].flatMap((key) => [`--${key}`, `--${key}=`, `--${key}=1`]);
  const word = fc.oneof(fc.constantFrom("1", "-1", "10s", "--", "--json", "__proto__", ...known, ...keys), fc.string());
  return fc.array(word, { maxLength: 6 });
}

describe("C-16 any words, and any JSON, give an input or a bad_argument", () => {
  for (const found of [...tree.root.walk()].flatMap((node) => [...node.commands.values()])) {
    test(found.right, () => {
      const keys = fc.constantFrom(
        "__proto__",
        "constructor",
        ...found.args.map(([key]) => key),
        ...found.options.keys(),
      );
      fc.assert(
        fc.property(wordsFor(found), (words) => {
          refusedOrFine(() => readWords(tree, found, [found.command.name, ...words]));
        }),
        { numRuns: 50 },
      );
      fc.assert(
        fc.property(fc.dictionary(keys, fc.jsonValue(), { maxKeys: 4 }), (given) => {
          refusedOrFine(() => readJson(tree, found, given));
        }),
        { numRuns: 50 },
      );
    });
  }
});
