import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type CtxError, fail } from "../../../src/ctx/errors.ts";
import type { Cell } from "../../../src/ctx/kit/value.ts";
import { widthOf } from "../../../src/ctx/kit/width.ts";
import { plainStyle, renderer, renderText } from "../../../src/ctx/render/index.ts";
import { Batch, BatchBuilder, type Columns } from "../../../src/ctx/table/batch.ts";
import type { Piece } from "../../../src/ctx/table/operator.ts";

const files: Columns = [
  { name: "size", type: "size" },
  { name: "filename", type: "text" },
];
const numbers: Columns = [
  { name: "n", type: "integer" },
  { name: "share", type: "float" },
  { name: "ok", type: "boolean" },
];
const wide: Columns = [
  { name: "id", type: "integer" },
  { name: "path", type: "text" },
  { name: "title", type: "text" },
  { name: "hash", type: "text" },
];

function table(columns: Columns, ...rows: readonly Cell[][]): Batch {
  const builder = new BatchBuilder(columns);
  for (const row of rows) builder.pushCells(row);
  return builder.take();
}

const paths = table(
  wide,
  [1, "src/ctx/render/aligned.ts", "Tables as people read them", "0123456789abcdef"],
  [20, "src/main.ts", "The list of modules", "fedcba9876543210"],
);

const cases: readonly (readonly [
  name: string,
  width: number | undefined,
  pieces: readonly Piece[],
  expected: string,
])[] = [
  ["an empty table shows its header", undefined, [Batch.head(files)], "size  filename\n"],
  [
    "numbers stand right, text left",
    undefined,
    [table(files, [28, "init.shy"], [1234567, "a"])],
    "   size  filename\n     28  init.shy\n1234567  a\n",
  ],
  [
    "negative numbers, floats and null",
    undefined,
    [table(numbers, [-5, 7, true], [null, -0.25, null], [10, null, false])],
    " n  share  ok\n-5    7.0  true\n    -0.25\n10         false\n",
  ],
  [
    "no blanks at a line's end",
    undefined,
    [table(files, [null, null], [1, "a  "], [null, "b"])],
    "size  filename\n\n   1  a\n      b\n",
  ],
  [
    "Chinese and emoji count two cells",
    undefined,
    [
      table(
        [
          { name: "名", type: "text" },
          { name: "n", type: "integer" },
        ],
        ["推进", 1],
        ["👨‍👩‍👧", 22],
        ["e\u0301", 3],
      ),
    ],
    "名     n\n推进   1\n👨‍👩‍👧    22\ne\u0301      3\n",
  ],
  [
    "a file name cannot move the cursor or break the line",
    undefined,
    [table(files, [1, "\u001b[2J\u0007"], [2, "a\nb\r"], [3, "\u202etxt.exe"])],
    "size  filename\n   1  ␛[2J␇\n   2  a↵b␍\n   3  \\u{202e}txt.exe\n",
  ],
  ["a column's name cannot either", undefined, [Batch.head([{ name: "a\u001bb", type: "text" }])], "a␛b\n"],
  [
    "lists and maps",
    undefined,
    [table([{ name: "x", type: "any" }], [[1, 2]], [{ a: 1 }], ["t"])],
    'x\n[1,2]\n{"a":1}\nt\n',
  ],
  [
    "wide enough",
    80,
    [paths],
    "id  path                       title                       hash\n" +
      " 1  src/ctx/render/aligned.ts  Tables as people read them  0123456789abcdef\n" +
      "20  src/main.ts                The list of modules         fedcba9876543210\n",
  ],
  [
    "the widest text shrinks first",
    60,
    [paths],
    "id  path                title               hash\n" +
      " 1  src/ctx/render/al…  Tables as people …  0123456789abcdef\n" +
      "20  src/main.ts         The list of modul…  fedcba9876543210\n",
  ],
  [
    "columns without room are named",
    20,
    [paths],
    "id  path\n 1  src/ctx/render/…\n20  src/main.ts\n" +
      "2 columns hidden:\ntitle, hash; %\nselect to choose, or\n--json\n",
  ],
  [
    "numbers are not cut before text",
    24,
    [table([...files, { name: "n", type: "integer" }], [1, "a long name of a file", 123456])],
    "size  filename         n\n   1  a long na…  123456\n",
  ],
  [
    "a single column is cut to the terminal",
    6,
    [table([{ name: "filename", type: "text" }], ["推进推进"])],
    "filen…\n推进…\n",
  ],
  ["text as it is", undefined, ["one\n", "two"], "one\ntwo\n"],
  [
    "text before a table gets its line end",
    undefined,
    ["one", table(files, [1, "a"])],
    "one\nsize  filename\n   1  a\n",
  ],
  [
    "bytes go through",
    undefined,
    [Buffer.from("caf\u00e9"), table(files, [1, "a"])],
    "caf\u00e9\nsize  filename\n   1  a\n",
  ],
  [
    "a second table begins after an empty line",
    undefined,
    [table(files, [1, "a"]), table(numbers, [1, 2.5, true])],
    "size  filename\n   1  a\n\nn  share  ok\n1    2.5  true\n",
  ],
  [
    "text in the midst of a table",
    undefined,
    [table(files, [1, "a"]), "halfway", table(files, [2, "b"])],
    "size  filename\n   1  a\nhalfway\n   2  b\n",
  ],
];
for (const [name, width, pieces, expected] of cases) {
  test(name, () => assert.equal(renderText(width === undefined ? "plain" : "terminal", pieces, { width }), expected));
}

test("the header is coloured, the blanks beside it are not", () => {
  const style = { ...plainStyle, header: (text: string) => `<${text}>` };
  assert.equal(renderText("terminal", [table(files, [12345, "a"])], { style }), " <size>  <filename>\n12345  a\n");
});

test("a header with nothing below it is not shown when the answer failed", () => {
  const columns = [{ name: "size", type: "size" }] as const;
  const said = (error?: CtxError): string => {
    const form = renderer("plain");
    let text = "";
    const out = (chunk: string | Uint8Array): void => {
      text += String(chunk);
    };
    form.push(Batch.head(columns), out);
    form.end(out, error);
    return text;
  };
  assert.equal(said(), "size\n");
  assert.equal(said(fail("cancelled", {})), "");
});

test("the first 1,024 rows fix the widths, later rows give way", () => {
  const first = table(files, ...Array.from({ length: 1024 }, (_, i): Cell[] => [i, "a"]));
  const later = table(files, [1234567890, "b"], [5, "c"]);
  const written: string[] = [];
  const rendering = renderer("plain");
  const out = (chunk: string | Uint8Array): number => written.push(String(chunk));
  rendering.push(table(files, [7, "x"]), out);
  assert.deepEqual(written, []);
  rendering.push(first, out);
  assert.equal(written.length, 1);
  rendering.push(later, out);
  assert.equal(written[1], "1234567890  b\n   5  c\n");
  rendering.end(out);
  assert.equal(written.length, 2);
});

test("flush shows a slow table at once", () => {
  const written: string[] = [];
  const rendering = renderer("terminal", { width: 80 });
  const out = (chunk: string | Uint8Array): number => written.push(String(chunk));
  rendering.push(table(files, [1, "a"]), out);
  rendering.flush(out);
  assert.deepEqual(written, ["size  filename\n   1  a\n"]);
  rendering.push(table(files, [2, "b"]), out);
  assert.equal(written[1], "   2  b\n");
});

const anyColumns = fc.array(
  fc.record({ name: fc.string(), type: fc.constantFrom("text", "integer", "size", "any" as const) }),
  { minLength: 1, maxLength: 6 },
);

test("no line of a terminal is wider than it, nor ends with a blank", () => {
  const cell = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.integer(), fc.constant(null));
  const many = fc.tuple(
    anyColumns,
    fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { maxLength: 8 }),
    fc.integer({ min: 1, max: 70 }),
    fc.nat(5),
  );
  fc.assert(
    fc.property(many, ([columns, rows, width, split]) => {
      const written: string[] = [];
      const out = (chunk: string | Uint8Array): number => written.push(String(chunk));
      const rendering = renderer("terminal", { width });
      rendering.push(table(columns, ...rows.slice(0, split)), out);
      rendering.flush(out);
      rendering.push(table(columns, ...rows.slice(split)), out);
      rendering.end(out);
      const lines = written.join("").split("\n");
      for (const line of lines) {
        assert.ok(widthOf(line) <= width, `${JSON.stringify(line)} is wider than ${width}`);
        assert.ok(!line.endsWith(" "));
      }
      assert.ok(lines.length > rows.length);
    }),
  );
});
