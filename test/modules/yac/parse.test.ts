import assert from "node:assert/strict";
import { test } from "node:test";
import { dedent, Source } from "../../../src/ctx/index.ts";
import { makeTestTree, runTranscript } from "../../../src/ctx/testing.ts";
import lex from "../../../src/modules/lex/index.ts";
import { expression } from "../../../src/modules/yac/expression.ts";
import yac from "../../../src/modules/yac/index.ts";
import { listNodes } from "../../../src/modules/yac/parse.ts";
import { parseScript } from "../../../src/modules/yac/parser.ts";

const lines: readonly (readonly [line: string, nodes: readonly string[]])[] = [
  ["pwd", ["call pwd", " word pwd"]],
  [
    "~nfs dir % where size > 3 > f",
    [
      "pipeline ~nfs dir % where size > 3 > f",
      " call ~nfs dir",
      "  context ~nfs",
      "  word dir",
      " operators where size > 3 > f",
      "  word where",
      "  expression size > 3",
      "  redirection > f",
    ],
  ],
  [
    'a "$(b)" && c ? 1',
    [
      'chain a "$(b)" && c ? 1',
      ' call a "$(b)"',
      "  word a",
      '  word "$(b)"',
      "   call b",
      "    word b",
      " && && c ? 1",
      " call c ? 1",
      "  word c",
      "  condition ? 1",
    ],
  ],
];

for (const [line, nodes] of lines) {
  test(`C-26 tree of: ${line}`, () => {
    const { script, errors } = parseScript(new Source("test", line), { expression });
    assert.deepEqual(errors, []);
    const found = listNodes(script).map(
      ({ depth, kind, start, end }) => `${" ".repeat(depth)}${kind} ${line.slice(start, end)}`,
    );
    assert.deepEqual(found, nodes);
  });
}

test("the examples of lex and yac show what they say", async () => {
  const { show, stop } = await makeTestTree([lex, yac]);
  try {
    for (const { examples = [] } of [...(lex.commands ?? []), ...(yac.commands ?? [])]) {
      assert.ok(examples.length > 0);
      for (const { shell } of examples)
        assert.deepEqual((await runTranscript(dedent(shell).join("\n"), show)).misfits, []);
    }
  } finally {
    await stop();
  }
});
