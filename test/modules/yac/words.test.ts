import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bareText } from "../../../src/modules/lex/token.ts";
import { linesFromWords } from "../../../src/modules/yac/words.ts";
import { expression } from "./expression.ts";
import { sketch } from "./sketch.ts";

const lines: readonly (readonly [words: readonly string[], tree: string])[] = [
  [[], ""],
  [["dir", "etc"], "(call dir etc)"],
  [["dir", "my file", "*.ts", "$x", "", "it's"], "(call dir 'my file' '*.ts' '$x' '' \"it's\")"],
  [["dir", "%", "order", "size", "|", "wc"], "(pipe (call dir) (operators order size) (call wc))"],
  [["a", "&&", "b", "||", "c", ";", "d"], "(|| (&& (call a) (call b)) (call c))\n(call d)"],
  [["a", ">", "f g", "<", "h"], "(call a (> 'f g') (< h))"],
  [["a", "2>", "?", "&", "100%"], "(call a '2>' '?' '&' 100%)"],
  [["--", "dir", "%", "|"], "(call dir '%' '|')"],
  [["if", "1"], "(call if 1)"],
  [["~nfs", "dir"], "(call ~nfs dir)"],
  [["dir", "%", "where", "size", ">", "3", "limit", "2"], "(pipe (call dir) (operators where {size > 3} limit 2))"],
  [["dir", "%", "where", "size > 3", ">", "a b"], "(pipe (call dir) (operators where {size > 3} (> 'a b')))"],
  [
    ["dir", "%", "where", "a", "==", "", "%", "limit", "1"],
    "(pipe (call dir) (operators where {a == ''}) (operators limit 1))",
  ],
  [["dir", "%", "set", "n", "a + 1", "%", "x y"], "(pipe (call dir) (operators set n {a + 1}) (operators 'x y'))"],
  [["~nfs", "where", "a == 1", "&&", "b"], "(call ~nfs where {a == 1 && b})"],
  [["echo", "where", "a b"], "(call echo where 'a b')"],
];

for (const [words, tree] of lines) {
  test(`one-shot: ${JSON.stringify(words)}`, () => {
    const { script, errors } = linesFromWords(words, { expression });
    assert.deepEqual(errors, []);
    assert.equal(sketch(script), tree);
  });
}

const errors: readonly (readonly [words: readonly string[], expected: string])[] = [
  [["a b", "|"], "7 nothing follows \"|\": 'a b' |"],
  [["|", "a"], '1 a command cannot begin with "|": | a'],
  [["dir", "%", "where", "$x"], "12 a value is missing: dir % where $x"],
  [["dir", "%", "where", "a; b"], '14 unexpected "; b" in an expression: dir % where a; b'],
];

for (const [words, expected] of errors) {
  test(`one-shot error: ${JSON.stringify(words)}`, () => {
    const { source, errors } = linesFromWords(words, { expression });
    const [error] = errors;
    const column = error?.at?.source.place(error.at.span.start).column;
    assert.equal(`${column} ${error?.message}: ${source.text}`, expected);
    assert.equal(source.name, "command line");
  });
}

test("C-20 each word of an outer shell is one word, as it is", () => {
  const word = fc.string({ unit: fc.constantFrom(..."ab \n'\"$(){}\\|%*#@~-中😀") });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const { script, errors } = linesFromWords(["--", "x", ...words]);
      assert.deepEqual(errors, []);
      const [stage] = script.statements[0]?.first.stages ?? [];
      assert.deepEqual(stage?.words.map(bareText), ["x", ...words]);
    }),
  );
});
