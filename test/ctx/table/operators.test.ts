import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Batch, batchesOf, type Columns, type Row } from "../../../src/ctx/table/batch.ts";
import { select } from "../../../src/ctx/table/columns.ts";
import { expand } from "../../../src/ctx/table/expand.ts";
import { eq } from "../../../src/ctx/table/filter.ts";
import { group } from "../../../src/ctx/table/group.ts";
import { join } from "../../../src/ctx/table/join.ts";
import { lineReader } from "../../../src/ctx/table/lines.ts";
import { number } from "../../../src/ctx/table/number.ts";
import type { Operator } from "../../../src/ctx/table/operator.ts";
import { order } from "../../../src/ctx/table/order.ts";
import { enumerate, last, limit, offset, reverse, sample } from "../../../src/ctx/table/rows.ts";
import type { How } from "../../../src/ctx/table/sort.ts";
import { uniq } from "../../../src/ctx/table/uniq.ts";
import { cutInto, listed, through, untouchable } from "../../support/table.ts";

const columns: Columns = [
  { name: "n", type: "integer" },
  { name: "f", type: "float" },
  { name: "t", type: "text" },
];
interface Sample {
  readonly n: number | null;
  readonly f: number | null;
  readonly t: string | null;
}
const texts = fc.oneof(fc.constantFrom("a", "b", "", "é", "中", "\u{1f600}", "\ufffd"), fc.string({ maxLength: 3 }));
const row: fc.Arbitrary<Sample> = fc.record({
  n: fc.option(fc.integer({ min: -3, max: 3 })),
  f: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })),
  t: fc.option(texts),
});
const rows = fc.array(row, { maxLength: 40 });
const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

const cells = (all: readonly Sample[]): unknown[][] => all.map(({ n, f, t }) => [n, f, t]);
const answer = (operator: Operator, all: readonly Sample[], lengths: readonly number[]): unknown[][] =>
  listed(through(operator, cutInto(all as unknown as readonly Row[], lengths, columns))).slice(1);

const byCodePoint = (a: string, b: string): number => {
  const x = [...a].map((char) => char.codePointAt(0) ?? 0);
  const y = [...b].map((char) => char.codePointAt(0) ?? 0);
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
  return x.length - y.length;
};

type Name = keyof Sample;
const plainOrder = (all: readonly Sample[], name: Name, descending: boolean): Sample[] =>
  [...all].sort((a, b) => {
    const x = a[name];
    const y = b[name];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const way = typeof x === "string" ? byCodePoint(x, String(y)) : x - Number(y);
    return descending ? -way : way;
  });

test("C-24 order is the stable sort of plain code, whatever the cuts", () => {
  fc.assert(
    fc.property(rows, cuts, fc.constantFrom<Name>("n", "f", "t"), fc.boolean(), (all, lengths, column, descending) => {
      const operator = order({ keys: [{ column, how: "type", descending }] });
      assert.deepEqual(answer(operator, all, lengths), cells(plainOrder(all, column, descending)));
    }),
  );
});

test("C-24 order by two columns is two stable sorts, the last key first", () => {
  fc.assert(
    fc.property(rows, cuts, fc.boolean(), (all, lengths, descending) => {
      const operator = order({
        keys: [
          { column: "n", how: "type", descending },
          { column: "t", how: "type", descending: false },
        ],
      });
      const expected = plainOrder(plainOrder(all, "t", false), "n", descending);
      assert.deepEqual(answer(operator, all, lengths), cells(expected));
    }),
  );
});

test("C-24 order with top gives the first rows of the whole order, of ten thousand", () => {
  const all = Array.from({ length: 10_000 }, (_, i): Sample => ({ n: (i * 7919) % 101, f: i, t: String(i % 13) }));
  for (const top of [0, 1, 10, 3000, 20_000]) {
    const keys = [{ column: "n", how: "type" as How, descending: true }];
    assert.deepEqual(answer(order({ keys, top }), all, [100]), cells(plainOrder(all, "n", true).slice(0, top)));
  }
});

const simple: [string, () => Operator, (all: readonly Sample[]) => unknown[][]][] = [
  ["limit 3", () => limit({ rows: 3 }), (all) => cells(all.slice(0, 3))],
  ["offset 3", () => offset({ rows: 3 }), (all) => cells(all.slice(3))],
  ["last 3", () => last({ rows: 3 }), (all) => cells(all.slice(-3))],
  ["reverse", () => reverse(), (all) => cells([...all].reverse())],
  ["enumerate", () => enumerate(), (all) => cells(all).map((one, i) => [i, ...one])],
  ["select t n", () => select({ columns: ["t", "n"] }), (all) => all.map(({ n, t }) => [t, n])],
  ["eq n 2", () => eq({ column: "n", value: "2" }), (all) => cells(all.filter(({ n }) => n === 2))],
  [
    "uniq n",
    () => uniq({ columns: ["n"] }),
    (all) => cells(all.filter(({ n }, i) => all.findIndex((one) => one.n === n) === i)),
  ],
  [
    "uniq n t",
    () => uniq({ columns: ["n", "t"] }),
    (all) => cells(all.filter(({ n, t }, i) => all.findIndex((one) => one.n === n && one.t === t) === i)),
  ],
  ["count", () => number({ kind: "count" }), (all) => [[all.length]]],
  ["sum n", () => number({ kind: "sum", column: "n" }), (all) => [[all.reduce((sum, { n }) => sum + (n ?? 0), 0)]]],
  [
    "group t",
    () =>
      group({ by: ["t"], aggregates: [{ kind: "sum", column: "n" }, { kind: "max", column: "n" }, { kind: "count" }] }),
    (all) =>
      [...new Set(all.map(({ t }) => t))].map((t) => {
        const members = all.filter((one) => one.t === t);
        const numbers = members.map(({ n }) => n).filter((n) => n !== null);
        return [
          t,
          numbers.reduce((a, b) => a + b, 0),
          numbers.length === 0 ? null : Math.max(...numbers),
          members.length,
        ];
      }),
  ],
];
for (const [name, operator, expected] of simple) {
  test(`C-24 ${name} is what plain code gives, whatever the cuts`, () => {
    fc.assert(
      fc.property(rows, cuts, (all, lengths) => {
        assert.deepEqual(answer(operator(), all, lengths), expected(all));
      }),
    );
  });
}

test("sample gives as many rows as asked, in their order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 0, max: 60 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (wanted, length, chance) => {
        const all = Array.from({ length }, (_, n): Sample => ({ n, f: null, t: null }));
        const random = (): number => chance.next().value ?? 0;
        const got = answer(sample({ rows: wanted, random }), all, [4]).map(([n]) => Number(n));
        assert.equal(got.length, Math.min(wanted, length));
        assert.deepEqual(
          got,
          [...new Set(got)].sort((a, b) => a - b),
        );
      },
    ),
  );
});

test("limit says that it has enough, also of nothing, and gives the header", () => {
  const operator = limit({ rows: 0 });
  assert.equal(operator.done, false);
  const out: unknown[] = [];
  operator.push(Batch.head(columns), (piece) => out.push(piece));
  assert.equal(operator.done, true);
  assert.equal(out.length, 1);
});

test("a column that nobody looks at is never worked out", () => {
  const all = Array.from({ length: 9000 }, (_, i) => ({ n: (i * 31) % 97, f: i, t: `t${i}` }));
  const lazy = cutInto(all, [1000], columns).map((batch) => untouchable(batch, "t"));
  const key = { column: "n", how: "type", descending: false } as const;
  const operators: [string, Operator][] = [
    ["order", order({ keys: [key] })],
    ["order top", order({ keys: [key], top: 5 })],
    ["limit", limit({ rows: 5 })],
    ["offset", offset({ rows: 1500 })],
    ["last", last({ rows: 5 })],
    ["reverse", reverse()],
    ["eq", eq({ column: "n", value: "3" })],
    ["uniq", uniq({ columns: ["n"] })],
    ["group", group({ by: ["n"] })],
    ["sample", sample({ rows: 5, random: () => 0.5 })],
    ["enumerate", enumerate()],
    ["join", join({ right: batchesOf([{ n: 1, x: 2 }]), on: "n" })],
  ];
  for (const [name, operator] of operators) {
    const out = through(operator, lazy);
    assert.throws(() => listed(out), { message: "somebody looked at t" }, name);
    const kept = through(select({ columns: ["n", "f"] }), out);
    assert.ok(listed(kept).length > 1, name);
  }
});

test("a new table begins with other columns", () => {
  const first = cutInto([{ a: 2 }, { a: 1 }], [1]);
  const second = cutInto(
    [
      { a: 9, b: 1 },
      { a: 8, b: 2 },
    ],
    [1],
  );
  const out = through(order({ keys: [{ column: "a", how: "type", descending: false }] }), [...first, ...second]);
  assert.deepEqual(
    out.map((batch) => batch.columns.length),
    [1, 1, 2, 2],
  );
  assert.deepEqual(
    out
      .filter((batch) => batch.length > 0)
      .map((batch) => [...Array(batch.length).keys()].map((row) => batch.at(0, row))),
    [
      [1, 2],
      [8, 9],
    ],
  );
});

test("integers are summed exactly, and refused beyond 2^53-1", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const sum = (values: readonly number[]): unknown =>
    listed(
      through(
        number({ kind: "sum", column: "n" }),
        cutInto(
          values.map((n) => ({ n })),
          [2],
        ),
      ),
    )[1]?.[0];
  assert.equal(sum([most, most, -most, -1]), most - 1);
  assert.throws(() => sum([most, 1]), { message: 'sum: the sum of column "n" is beyond 2^53-1' });
});

test("floats are summed without losing the small ones", () => {
  const values = [1e16, ...new Array<number>(1000).fill(0.1), -1e16];
  const out = through(
    number({ kind: "sum", column: "f" }),
    cutInto(
      values.map((f) => ({ f })),
      [7],
      [{ name: "f", type: "float" }],
    ),
  );
  assert.ok(Math.abs(Number(listed(out)[1]?.[0]) - 100) < 1e-9);
});

test("text that looks like a number is summed, anything else is an error", () => {
  const sum = (t: readonly string[]): unknown =>
    listed(
      through(
        number({ kind: "sum", column: "t" }),
        cutInto(
          t.map((text) => ({ t: text })),
          [2],
        ),
      ),
    )[1]?.[0];
  assert.equal(sum(["1", "2"]), 3);
  assert.equal(sum(["1", "2.5"]), 3.5);
  assert.throws(() => sum(["1", "x"]), { message: 'sum: "x" in column "t" is no number' });
});

test("join keeps the left order, repeats for every partner, and with left keeps the lonely", () => {
  const left = cutInto(
    [
      { k: 1, x: "a" },
      { k: 2, x: "b" },
      { k: null, x: "c" },
    ],
    [1],
    [
      { name: "k", type: "integer" },
      { name: "x", type: "text" },
    ],
  );
  const right = batchesOf(
    [
      { k: "2", x: "r" },
      { k: "2", x: "s" },
      { k: null, x: "never" },
    ],
    [
      { name: "k", type: "text" },
      { name: "x", type: "text" },
    ],
  );
  assert.deepEqual(listed(through(join({ right, on: "k" }), left)), [
    ["k", "x", "x_2"],
    [2, "b", "r"],
    [2, "b", "s"],
  ]);
  assert.deepEqual(listed(through(join({ right, on: "k", left: true }), left)), [
    ["k", "x", "x_2"],
    [1, "a", null],
    [2, "b", "r"],
    [2, "b", "s"],
    [null, "c", null],
  ]);
  assert.throws(() => join({ right, on: "z" }), { message: 'join: no column "z" in the second table' });
});

test("expand takes maps and JSON text apart", () => {
  const source = cutInto(
    [
      { k: "host", v: '{"os": "linux", "cpu": {"n": 4}}' },
      { k: "x", v: "text" },
      { k: "y", v: { os: "mac", k: 1 } },
    ],
    [2],
  );
  assert.deepEqual(
    listed(through(expand({ column: "v", chain: "cpu.n" }), source)).map((one) => one[2]),
    ["cpu.n", 4, null, null],
  );
  assert.deepEqual(
    listed(through(expand({ column: "v" }), source)).map((one) => one.slice(2)),
    [
      ["os", "cpu", "v.k"],
      ["linux", { n: 4 }, null],
      [null, null, null],
      ["mac", null, 1],
    ],
  );
});

test("lines are the same wherever the text is cut, inside a line or a character", () => {
  const line = fc.stringMatching(/^[a-zé中]{0,4}$/u);
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1 }),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      fc.array(fc.nat({ max: 60 })),
      (lines, newline, closed, places) => {
        const text = lines.join(newline) + (closed ? newline : "");
        const bytes = Buffer.from(text);
        const reader = lineReader();
        const batches: Batch[] = [];
        let start = 0;
        for (const end of [...places.sort((a, b) => a - b), bytes.length]) {
          reader.push(bytes.subarray(start, end), (batch) => batches.push(batch));
          start = Math.max(start, Math.min(end, bytes.length));
        }
        reader.end((batch) => batches.push(batch));
        const expected = text.split(newline);
        if (expected.at(-1) === "") expected.pop();
        assert.deepEqual(listed(batches), [["text"], ...expected.map((one) => [one])]);
      },
    ),
  );
});

test("no text at all is no table; empty text is a table without rows", () => {
  const seen: Batch[] = [];
  lineReader().end((batch) => seen.push(batch));
  assert.equal(seen.length, 0);
  const reader = lineReader();
  reader.push("", (batch) => seen.push(batch));
  reader.end((batch) => seen.push(batch));
  assert.deepEqual(listed(seen), [["text"]]);
});
