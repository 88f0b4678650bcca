import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError, drawError } from "../../../src/ctx/errors.ts";
import { type Cell, printCell } from "../../../src/ctx/kit/value.ts";
import { type ReadableFormat, reader, readTable, renderText } from "../../../src/ctx/render/index.ts";
import { type Batch, BatchBuilder, type Columns } from "../../../src/ctx/table/batch.ts";

/** A table as plain data: `name:type` of each column, then the rows. */
function plain(batches: Iterable<Batch>): unknown[] {
  const lines: unknown[] = [];
  let columns: Columns | undefined;
  for (const batch of batches) {
    if (batch.columns !== columns) lines.push(batch.columns.map(({ name, type }) => `${name}:${type}`).join(" "));
    columns = batch.columns;
    for (let row = 0; row < batch.length; row++) lines.push(batch.columns.map((_, c) => batch.at(c, row)));
  }
  return lines;
}

const cases: readonly (readonly [ReadableFormat, string, string, readonly unknown[]])[] = [
  [
    "csv",
    "types and nulls",
    "a,b,c,d\n1,x,1.5,\n-20,,2,\n",
    ["a:integer b:text c:float d:text", [1, "x", 1.5, null], [-20, null, 2, null]],
  ],
  [
    "csv",
    "quotes",
    'a,b\n"x,y","say ""hi"""\n"two\nlines",""\n',
    ["a:text b:text", ["x,y", 'say "hi"'], ["two\nlines", ""]],
  ],
  ["csv", "\\r\\n and a byte order mark", '\ufeffa,b\r\n1,"x"\r\n2,y\r\n', ["a:integer b:text", [1, "x"], [2, "y"]]],
  ["csv", "no line end at the end", "a,b\n1,2", ["a:integer b:integer", [1, 2]]],
  ["csv", "a quoted field at the end", 'a,b\n1,"2"', ["a:integer b:integer", [1, 2]]],
  [
    "csv",
    "numbers as language.md 2 has them",
    "a,b,c,d\n007,+1,1e5,12345678901234567890\n",
    ["a:text b:text c:text d:text", ["007", "+1", "1e5", "12345678901234567890"]],
  ],
  ["csv", "missing fields are null", "a,b,c\n1\n1,2\n", ["a:integer b:integer c:text", [1, null, null], [1, 2, null]]],
  ["csv", "empty lines are skipped", "\na,b\n\n1,2\n\r\n3,4\n\n", ["a:integer b:integer", [1, 2], [3, 4]]],
  ["csv", "but not of a single column", "a\n1\n\n2\n", ["a:integer", [1], [null], [2]]],
  ["csv", "an empty text", "", []],
  ["csv", "a header alone", "a,b\n", ["a:text b:text"]],
  ["csv", "a header without line end", "a,b", ["a:text b:text"]],
  ["csv", "names are made unique", 'a,a,,"",a_2\n', ["a:text a_3:text column:text column_2:text a_2:text"]],
  ["csv", "what follows a closing quote", 'a,b\n"x"y,"1" \n', ["a:text b:text", ["xy", "1 "]]],
  ["csv", "a quote inside a bare field", 'a,b\n5" disk,x\n', ["a:text b:text", ['5" disk', "x"]]],
  ["csv", "Chinese", "名,数\n推进,1\n", ["名:text 数:integer", ["推进", 1]]],
  ["tsv", "escapes, and quotes that are none", 'a\tb\nx\\ty\\n\\\\n\t"q"\n', ["a:text b:text", ["x\ty\n\\n", '"q"']]],
  [
    "json",
    "rows",
    '[{"a": 1, "b": "x"}, {"a": 2.5, "c": null}]',
    ["a:float b:text c:text", [1, "x", null], [2.5, null, null]],
  ],
  ["json", "one map is one row", '{"a": [1], "b": {"c": 2}}', ["a:list b:map", [[1], { c: 2 }]]],
  ["json", "other lists are the column value", '[1, "x"]', ["value:any", [1], ["x"]]],
  ["json", "an empty list", "[]", [""]],
  [
    "json",
    "a message",
    '{"v":1,"columns":[{"name":"t","type":"time"},{"name":"n","type":"size"}],"append":[{"t":"1970-01-02T00:00:00Z","n":5},{"x":1}]}',
    ["t:time n:size", [86400000, 5], [null, null]],
  ],
  ["ndjson", "a row a line", '{"a":1}\n\n{"a":2,"b":"x"}', ["a:integer b:text", [1, null], [2, "x"]]],
  ["yaml", "a list of maps", "- a: 1\n  b: x\n- a: 2\n", ["a:integer b:text", [1, "x"], [2, null]]],
  ["text", "a row a line", "one\r\n\ntwo", ["text:text", ["one"], [""], ["two"]]],
];
for (const [format, name, text, expected] of cases) {
  test(`${format}: ${name}`, () => {
    assert.deepEqual(plain(readTable(format, "x", text)), expected);
    assert.deepEqual(plain(readTable(format, "x", Buffer.from(text))), expected);
  });
}

const failures: readonly (readonly [ReadableFormat, string, string])[] = [
  [
    "csv",
    'a,b\n"two\nlines",1\n1,2,3\n',
    "error: more fields than the 2 of the header\n  x:4:1: 1,2,3\n         ^^^^^",
  ],
  ["csv", 'a,b\n1,2\n"x,3\n', 'error: a quote is not closed\n  x:3:1: "x,3\n         ^^^^'],
  ["json", '{"a": 1,\n "b": oops}', 'error: unexpected "o"\n  x:2:7:  "b": oops}\n               ^'],
  ["ndjson", '{"a":1}\n{"a":}\n', 'error: unexpected "}"\n  x:2:6: {"a":}\n              ^'],
];
for (const [format, text, expected] of failures) {
  test(`${format} ${JSON.stringify(text)} says where`, () => {
    assert.throws(
      () => plain(readTable(format, "x", text)),
      (error) => error instanceof CtxError && drawError(error) === expected,
    );
  });
}

test("csv: a cell that is no number after all stays text", () => {
  const text = `a\n${"1\n".repeat(1024)}x\n007\n"2"\n`;
  const rows = plain(readTable("csv", "x", text));
  assert.deepEqual([rows[0], ...rows.slice(-3)], ["a:integer", ["x"], ["007"], [2]]);
});

test("csv: rows come as soon as the types are known", () => {
  const reading = reader("csv", "x");
  assert.deepEqual(reading.push(`a,b\n${"1,x\n".repeat(1000)}`), []);
  assert.equal(
    reading.push("1,x\n".repeat(100)).reduce((sum, batch) => sum + batch.length, 0),
    1100,
  );
  assert.equal(reading.push("1,y\n1,")[0]?.at(1, 0), "y");
  assert.deepEqual(plain(reading.end()), ["a:integer b:text", [1, null]]);
});

test("csv: a separator of one's own", () => {
  assert.deepEqual(plain(readTable("csv", "x", 'a;b\n1,5;"x;y"\n', ";")), ["a:text b:text", ["1,5", "x;y"]]);
  assert.throws(() => reader("csv", "x", "；"), /must be one ASCII character/);
});

test("csv: numbers are read as JavaScript reads them", () => {
  const number = fc.oneof(
    fc.integer().map(String),
    fc.tuple(fc.integer(), fc.nat(9_999_999)).map(([whole, fraction]) => `${whole}.${fraction}`),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-6, max: 1e15 }).map(String),
  );
  fc.assert(
    fc.property(number, (text) => {
      const [batch] = readTable("csv", "x", `a\n${text}\n`);
      const cell = batch?.at(0, 0);
      assert.ok(cell === text || Object.is(cell, Number(text) + 0));
    }),
  );
});

test("csv: a header of too many columns", () => {
  assert.throws(() => plain(readTable("csv", "x", `${",".repeat(70_000)}\n`)), /more than 65536 columns/);
});

test("csv: very wide tables", () => {
  const line = `${Array.from({ length: 2000 }, (_, i) => i).join(",")}\n`;
  const rows = plain(readTable("csv", "x", line.repeat(200)));
  assert.equal(rows.length, 200);
  assert.equal((rows[199] as number[])[1999], 1999);
});

test("csv: a long quoted field in many parts", () => {
  const reading = reader("csv", "x");
  reading.push('a,b\n1,"');
  for (let i = 0; i < 2000; i++) reading.push("0123456789".repeat(20));
  const [batch] = [...reading.push('"\n'), ...reading.end()];
  assert.equal(String(batch?.at(1, 0)).length, 400_000);
});

test("ndjson: a later row with a new name begins a wider table", () => {
  const text = `${'{"a":1}\n'.repeat(1024)}{"a":2,"b":"x"}\n`;
  const rows = plain(readTable("ndjson", "x", text));
  assert.deepEqual(rows.slice(-2), ["a:integer b:text", [2, "x"]]);
});

const field = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom('"', '""', ",", "\n", "\r\n", "\t", " ", "\\", "\\n", "1", "-2.50", "推进", null),
);
const anyRows = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

for (const format of ["csv", "tsv"] as const) {
  test(`${format} written and read is the same, however it is split`, () => {
    fc.assert(
      fc.property(anyRows, fc.nat(40), (rows, at) => {
        // TSV has one kind of nothing.
        const cells = (rows as Cell[][]).map((row) =>
          row.map((cell) => (format === "tsv" && cell === "" ? null : cell)),
        );
        const columns = (cells[0] as Cell[]).map((_, c) => ({ name: `c${c}`, type: "text" as const }));
        const builder = new BatchBuilder(columns);
        for (const row of cells) builder.pushCells(row);
        const bytes = Buffer.from(renderText(format, [builder.take()]));
        const reading = reader(format, "x");
        const batches = [...reading.push(bytes.subarray(0, at)), ...reading.push(bytes.subarray(at)), ...reading.end()];
        // A row of nothing but nulls is `,,`; of a single column it is an empty line.
        const read = batches.flatMap((batch) =>
          Array.from({ length: batch.length }, (_, row) =>
            columns.map((_, c) => {
              const cell = batch.at(c, row);
              return cell === null ? null : batch.columns[c]?.type === "text" ? cell : Number(cell);
            }),
          ),
        );
        const expected = cells.map((row) =>
          row.map((cell, c) =>
            batches[0]?.columns[c]?.type === "text" || cell === null ? cell : Number(printCell("text", cell)),
          ),
        );
        assert.deepEqual(read, expected);
      }),
    );
  });
}
