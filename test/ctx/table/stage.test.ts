import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { operators } from "../../../src/ctx/root/operators.ts";
import { isOperator, planStages, stepWords } from "../../../src/ctx/table/stage.ts";
import { textOf, type Word, type Words } from "../../../src/ctx/word.ts";

const operatorNames = operators.map(({ name }) => name as string);

/** Words of a stage; `"…"` is quoted. */
const wordsOf = (line: string): Words =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) =>
    word.startsWith('"') ? { text: word.slice(1, -1), bare: false } : { text: word, bare: true },
  );

/** Shows a plan as the calls it makes, with `|` between. */
const shown = (line: string): string =>
  planStages(line.split(" % ").map(wordsOf))
    .map((step) => stepWords(step).map(textOf).join(" "))
    .join(" | ");

const plans: [string, string][] = [
  ["", ""],
  ["filename size", "select -- filename size"],
  ["filename order size limit 3", "order --top 3 -- size | limit 3 | select -- filename"],
  [
    "order line int_r limit 2 filename line",
    "order --top 2 -- line int_r | limit 2 | select --optional int_r -- filename line",
  ],
  ["order time time filename", "order -- time time filename | select -- filename"],
  ["order size time", "order -- size time | select --optional time --"],
  ['order size "time"', "order -- size time | select -- time"],
  ["order size time desc", "order -- size time desc | select --optional desc --"],
  ["order a b str c int_r", "order -- a b str c int_r | select --optional str,int_r --"],
  ["order limit limit 2", "order --top 2 -- limit | limit 2"],
  ["order a % first 3", "order --top 3 -- a | first 3"],
  ["order a hide b limit 3", "order --top 3 -- a | hide b | limit 3"],
  ["order a where x limit 3", "order -- a | where x | limit 3"],
  ["order a --json", "order --json -- a"],
  ["order a --json limit 1 a", "order --top 1 -- a | limit 1 | select --json -- a"],
  ["--json", "select --json --"],
  ["group where where size > 3", "group where | where size > 3"],
  ["group type sum size avg size count limit 1", "group type sum size avg size count | limit 1"],
  ['group "" filename', "group  filename"],
  ["sum size", "sum size"],
  ["limit 3 sum size", "limit 3 | select -- sum size"],
  ["limit 3 % sum size", "limit 3 | sum size"],
  ['"limit" 3', "select -- limit 3"],
  ["count limit 1", "count | limit 1"],
  ["uniq limit 1", "uniq | limit 1"],
  ["eq limit limit name", "eq limit limit | select -- name"],
  ["where size > 3 limit 5", "where size > 3 | limit 5"],
  ["where name == limit limit 5", "where name == limit | limit 5"],
  ['where "size > 3" name', "where size > 3 | select -- name"],
  ["set limit size * 2 order limit", "set limit size * 2 | order -- limit"],
  ["rename a b c d limit 1", "rename a b c d | limit 1"],
  ["rename a limit limit 1", "rename a limit | limit 1"],
  ["rename a b name", "rename a b | select -- name"],
  ["trans_map a 1 2 b 3 4 name size", "trans_map a 1 2 b 3 4 | select -- name size"],
  ["format a %s b %d name size", "format a %s b %d | select -- name size"],
  ["expand value host.name limit 1", "expand value host.name | limit 1"],
  ["expand value limit 1", "expand value | limit 1"],
  ["pivot a b c", "pivot a b | select -- c"],
  ["vertical", "vertical"],
  ["join {} {} on name left size", "join {} {} on name left | select -- size"],
  ["select a b limit 1 a", "select -- a b | limit 1 | select -- a"],
];
for (const [line, plan] of plans) {
  test(`C-24 % ${line} → ${plan}`, () => assert.equal(shown(line), plan));
}

test("any words give a plan, and none is lost", () => {
  const word = fc.oneof(
    fc.constantFrom(...operatorNames, "int", "desc", "%s", "on", "left", "a", "b", ""),
    fc.string(),
  );
  const words = fc.array(fc.record({ text: word, bare: fc.boolean() }), { maxLength: 12 });
  fc.assert(
    fc.property(words, (given: readonly Word[]) => {
      const steps = planStages([given]);
      const used = new Set<Word>(steps.flatMap((step) => [...step.words, ...(step.optional ?? [])]));
      const names = given.filter((one) => !used.has(one));
      assert.ok(names.every((one) => isOperator(one)));
      assert.ok(steps.every((step) => operatorNames.includes(step.name)));
    }),
  );
});

test("every operator's command is an operator of a stage", () => {
  assert.deepEqual(
    operatorNames.filter((name) => !isOperator(name)),
    [],
  );
});
