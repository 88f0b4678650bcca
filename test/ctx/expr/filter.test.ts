import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError, drawError } from "../../../src/ctx/errors.ts";
import { compileFilter } from "../../../src/ctx/expr/filter.ts";
import { parseWhole } from "../../../src/ctx/expr/parse.ts";
import { compileRow } from "../../../src/ctx/expr/row.ts";
import { type Cell, Duration, Float, isTrue } from "../../../src/ctx/kit/value.ts";
import { Source } from "../../../src/ctx/source.ts";
import { Batch, type Columns, Lazy } from "../../../src/ctx/table/batch.ts";

const columns: Columns = [
  { name: "n", type: "integer" },
  { name: "f", type: "float" },
  { name: "t", type: "text" },
  { name: "at", type: "time" },
  { name: "d", type: "duration" },
  { name: "x", type: "any" },
  { name: "Unit Price", type: "text" },
];
const noon = Date.UTC(2019, 4, 10, 12);

function filter(text: string, batch: Batch): number[] {
  const source = new Source("line", text);
  const keep = compileFilter(parseWhole(source), batch.columns, { source, command: "where", now: () => noon });
  return Array.from(keep(batch));
}

function byRow(text: string, batch: Batch): number[] {
  const source = new Source("line", text);
  const row = compileRow(parseWhole(source), batch.columns, { source, command: "where", now: () => noon });
  return Array.from({ length: batch.length }, (_, i) => i).filter((i) => isTrue(row(batch, i)));
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof CtxError, String(error));
    return drawError(error);
  }
}

const texts = ["a", "b", "12", "7", "7.0", "-3", "", "2019-05-10", "2h", "\u{1f600}", "\u{ff5e}"];
const cell: Record<string, fc.Arbitrary<Cell>> = {
  n: fc.constantFrom<Cell>(-3, 0, 7, 12, null, "odd"),
  f: fc.constantFrom<Cell>(-3, 0.5, 7, 12.25, null, "odd"),
  t: fc.constantFrom<Cell>(...texts, null, 7),
  at: fc.constantFrom<Cell>(0, noon, noon + 1000, null, "odd"),
  d: fc.constantFrom<Cell>(0, 7_200_000, 500, null),
  x: fc.constantFrom<Cell>(7, new Float(7), 0.5, "7", "a", null, true, new Date(noon), new Duration(500), ["a"], {
    a: 1,
  }),
  "Unit Price": fc.constantFrom<Cell>(...texts),
};

const table = fc
  .tuple(
    fc.array(fc.tuple(...columns.map(({ name }) => cell[name] ?? fc.constant(null))), { minLength: 1, maxLength: 6 }),
    fc.array(fc.boolean(), { minLength: columns.length, maxLength: columns.length }),
  )
  .map(([rows, lazy]) => {
    const data = columns.map((_, c) => {
      const cells = rows.map((row) => row[c] ?? null);
      return lazy[c] ? new Lazy((row) => cells[row] ?? null) : cells;
    });
    return new Batch(columns, rows.length, data);
  });

const operand = fc.constantFrom("n", "f", "t", "at", "d", "x", "`Unit Price`", "n + 1", "lower(t)");
const constant = fc.constantFrom(
  ..."7|7.0|-3|12.25|'7'|'a'|odd|''|'2019-05-10'|2019-05-10T12:00:00Z|now()|now() - 1s|2h|500ms|null|true|1 / 0|n|t|at".split(
    "|",
  ),
  ..."[7, 12]|[a, b]|[a, 7]|['7', null]|'12ab'|{a: 1}|'\u{ff5e}'".split("|"),
);
const comparison = fc.oneof(
  fc
    .tuple(operand, fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "in", "not in"), constant)
    .map(([left, op, right]) => `${left} ${op} ${right}`),
  fc
    .tuple(operand, fc.constantFrom("~", "!~"), fc.constantFrom("'^[0-9]'", "a", "''", "'('"))
    .map((parts) => parts.join(" ")),
  fc.tuple(operand, constant, constant).map(([of, low, high]) => `${of} between ${low} and ${high}`),
  operand.map((of) => `${of} is null`),
  operand,
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc
      .tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition"))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie("condition").map((of) => `not (${of})`),
  ),
}));

test("a filter on cells keeps the rows that the expression is true for, and fails where it fails", () => {
  fc.assert(
    fc.property(table, condition, (batch, text) => {
      assert.deepEqual(
        outcome(() => filter(text, batch)),
        outcome(() => byRow(text, batch)),
        text,
      );
    }),
    { numRuns: 3000 },
  );
});

const batch = new Batch(columns, 3, [
  [1, null, 300],
  [0, 1e12, 1.5],
  ["ab", "cd", "7"],
  [noon, noon - 86_400_000, null],
  [0, 500, 1000],
  [1, "a", null],
  ["5", "6", "x"],
]);
const kept: [string, number[]][] = [
  ["n > 100", [2]],
  ["n", [0, 2]],
  ["n == null", []],
  ["not n == 1", [1, 2]],
  ["t == ab", [0]],
  ["t in [ab, cd]", [0, 1]],
  ["t == 7", [2]],
  ["t == init.shy", []],
  ["`Unit Price` >= 6", [1, 2]],
  ["at > 2019-05-10", [0]],
  ["at > now() - 1h", [0]],
  ["d between 500ms and 1s", [1, 2]],
  ["t ~ '^[a-c]' or n is null", [0, 1]],
];
for (const [text, rows] of kept) test(`keeps of ${text}`, () => assert.deepEqual(filter(text, batch), rows));

test("an unknown column is an error with a hint, found before any row; right of a comparison it is text", () => {
  const head = Batch.head([{ name: "line", type: "text" }]);
  assert.equal(
    outcome(() => filter("lines > 3", head)),
    'error: where: no column "lines" (did you mean "line"?)\n  line:1:1: lines > 3\n            ^^^^^',
  );
  assert.match(String(outcome(() => filter("line == a-b", head))), /no column "a" \(quote it if it is text: 'a'\)/);
  assert.match(String(outcome(() => filter("line == `a`", head))), /no column "a"/);
  assert.deepEqual(filter("line < abc", head), []);
});

test("a lazy column is looked at only in the rows that need it", () => {
  const looked: number[] = [];
  const lazy = new Lazy((row) => {
    looked.push(row);
    return row;
  });
  const two: Columns = [
    { name: "a", type: "integer" },
    { name: "b", type: "integer" },
  ];
  const rows = new Batch(two, 4, [[1, 2, 3, 4], lazy]);
  assert.deepEqual(filter("a > 2 and b > 2", rows), [3]);
  assert.deepEqual(looked, [2, 3]);
  assert.ok(rows.isLazy(1));
  assert.deepEqual(filter("a > 2", rows), [2, 3]);
  assert.deepEqual(looked, [2, 3]);
});
