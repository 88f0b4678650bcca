import assert from "node:assert/strict";
import { test } from "node:test";
import type { CtxError } from "../../../src/ctx/errors.ts";
import { Source } from "../../../src/ctx/source.ts";
import { Batch, type Columns } from "../../../src/ctx/table/batch.ts";
import type { Words } from "../../../src/ctx/word.ts";
import { cutInto, listed, runStages } from "../../support/table.ts";

const columns: Columns = [
  { name: "time", type: "time" },
  { name: "size", type: "integer" },
  { name: "line", type: "integer" },
  { name: "filename", type: "text" },
];
const early = new Date("2019-06-16T10:35:18Z");
const late = new Date("2019-06-17T11:00:00Z");
const rows = [
  { time: early, size: 2, line: 1, filename: "conf.json" },
  { time: late, size: 13, line: 1, filename: "main.go" },
  { time: early, size: 4, line: 2, filename: "one.txt" },
  { time: early, size: 9, line: 3, filename: "three.txt" },
  { time: late, size: 1, line: 1, filename: "two.md" },
];
const all = "time size line filename";
const files = [["filename"], ["conf.json"], ["main.go"], ["one.txt"], ["three.txt"], ["two.md"]];

/** Words of a stage: `"…"` is quoted, `%` begins the next stage. */
function stagesOf(line: string): Words[] {
  return line
    .split(" % ")
    .map((stage) =>
      (stage.match(/"[^"]*"|\S+/g) ?? []).map((word) =>
        word.startsWith('"') ? { text: word.slice(1, -1), bare: false } : { text: word, bare: true },
      ),
    );
}

function run(line: string, length = 2): unknown[][] {
  return listed(runStages(stagesOf(line), cutInto(rows, [length], columns))).map((row) =>
    row.map((cell) => (cell === early.getTime() ? "early" : cell === late.getTime() ? "late" : cell)),
  );
}

/** The recorded cases of the original's select; `order size` goes by the column's type here. */
const cases: [string, unknown[][]][] = [
  [
    "filename size",
    [
      ["filename", "size"],
      ["conf.json", 2],
      ["main.go", 13],
      ["one.txt", 4],
      ["three.txt", 9],
      ["two.md", 1],
    ],
  ],
  [
    "size filename limit 1",
    [
      ["size", "filename"],
      [2, "conf.json"],
    ],
  ],
  ["order size filename", [["filename"], ["two.md"], ["conf.json"], ["one.txt"], ["three.txt"], ["main.go"]]],
  ["order size int filename", [["filename"], ["two.md"], ["conf.json"], ["one.txt"], ["three.txt"], ["main.go"]]],
  ["order size str filename", [["filename"], ["two.md"], ["main.go"], ["conf.json"], ["one.txt"], ["three.txt"]]],
  ["filename order filename str_r", [["filename"], ["two.md"], ["three.txt"], ["one.txt"], ["main.go"], ["conf.json"]]],
  ["order time time filename", [["filename"], ["conf.json"], ["one.txt"], ["three.txt"], ["main.go"], ["two.md"]]],
  ["order time desc filename", [["filename"], ["main.go"], ["two.md"], ["conf.json"], ["one.txt"], ["three.txt"]]],
  ["order line desc size int_r filename limit 2", [["filename"], ["three.txt"], ["one.txt"]]],
  ["order size time limit 2", [["time"], ["late"], ["early"]]],
  [
    'group "" filename',
    [
      ["filename", "count"],
      ["conf.json", 5],
    ],
  ],
  [
    'group ""',
    [
      [...all.split(" "), "count"],
      ["early", 29, 8, "conf.json", 5],
    ],
  ],
  [
    "group line",
    [
      [...all.split(" "), "count"],
      ["early", 16, 1, "conf.json", 3],
      ["early", 4, 2, "one.txt", 1],
      ["early", 9, 3, "three.txt", 1],
    ],
  ],
  [
    "group line order count int_r limit 1",
    [
      [...all.split(" "), "count"],
      ["early", 16, 1, "conf.json", 3],
    ],
  ],
  [
    "hide time order size int limit 2",
    [
      ["size", "line", "filename"],
      [1, 1, "two.md"],
      [2, 1, "conf.json"],
    ],
  ],
  ["limit 1", [all.split(" "), ["early", 2, 1, "conf.json"]]],
  ["offset 4", [all.split(" "), ["late", 1, 1, "two.md"]]],
  ["offset 9", [all.split(" ")]],
  ["limit 0", [all.split(" ")]],
  ["eq filename one.txt", [all.split(" "), ["early", 4, 2, "one.txt"]]],
  ["reg filename txt filename", [["filename"], ["one.txt"], ["three.txt"]]],
  ["eq line 1 reg filename go", [all.split(" "), ["late", 13, 1, "main.go"]]],
  [
    "limit 1 vertical",
    [
      ["field", "value"],
      [null, null],
      ["filename", "conf.json"],
      ["line", 1],
      ["size", 2],
      ["time", early],
      [null, null],
    ],
  ],
  [
    'format size "<%s>" filename size limit 2',
    [
      ["filename", "size"],
      ["conf.json", "<2>"],
      ["main.go", "<13>"],
    ],
  ],
  ["select filename", files],
  ["filename % limit 2", [["filename"], ["conf.json"], ["main.go"]]],
  [
    "order line int_r limit 2 filename line",
    [
      ["filename", "line"],
      ["three.txt", 3],
      ["one.txt", 2],
    ],
  ],
  [
    "order line int_r % filename line % limit 2",
    [
      ["filename", "line"],
      ["three.txt", 3],
      ["one.txt", 2],
    ],
  ],
  [
    "rename size bytes hide time line limit 1",
    [
      ["bytes", "filename"],
      [2, "conf.json"],
    ],
  ],
  [
    "rename size line line size time when limit 1",
    [
      ["when", "line", "size", "filename"],
      ["early", 2, 1, "conf.json"],
    ],
  ],
  ["trans_map line 1 one limit 0", [all.split(" ")]],
  ["trans_map line 1 one line 2 two line", [["line"], ["one"], ["one"], ["two"], [3], ["one"]]],
  ["trans_map line 1 10 line", [["line"], [10], [10], [2], [3], [10]]],
  ["count", [["count"], [5]]],
  ["sum size", [["sum_size"], [29]]],
  ["avg size", [["avg_size"], [5.8]]],
  ["min filename", [["min_filename"], ["conf.json"]]],
  ["max time", [["max_time"], ["late"]]],
  [
    "group line count sum size",
    [
      ["line", "count", "sum_size"],
      [1, 3, 16],
      [2, 1, 4],
      [3, 1, 9],
    ],
  ],
  [
    "group line max size time",
    [
      ["line", "max_size", "max_time"],
      [1, 13, "late"],
      [2, 4, "early"],
      [3, 9, "early"],
    ],
  ],
  ["first 1 filename", [["filename"], ["conf.json"]]],
  ["last 2 filename", [["filename"], ["three.txt"], ["two.md"]]],
  ["last 0 filename", [["filename"]]],
  ["sample 9 filename", files],
  ["uniq filename % filename", files],
  [
    "uniq line",
    [all.split(" "), ["early", 2, 1, "conf.json"], ["early", 4, 2, "one.txt"], ["early", 9, 3, "three.txt"]],
  ],
  ["reverse filename", [["filename"], ["two.md"], ["three.txt"], ["one.txt"], ["main.go"], ["conf.json"]]],
  [
    "enumerate index filename limit 2",
    [
      ["index", "filename"],
      [0, "conf.json"],
      [1, "main.go"],
    ],
  ],
  [
    "size line % transpose",
    [
      ["field", "1", "2", "3", "4", "5"],
      ["size", 2, 13, 4, 9, 1],
      ["line", 1, 1, 2, 3, 1],
    ],
  ],
  [
    "size line limit 2 % transpose % transpose",
    [
      ["size", "line"],
      [2, 1],
      [13, 1],
    ],
  ],
  [
    "hide filename % pivot line size",
    [
      ["time", "1", "2", "3"],
      ["early", 2, 4, 9],
      ["late", 14, null, null],
    ],
  ],
  ['order "size" filename limit 1', [["filename"], ["two.md"]]],
  ["order size int desc limit 1 filename", [["filename"], ["main.go"]]],
];
for (const [line, expected] of cases) {
  test(`% ${line}`, () => {
    for (const length of [1, 2, 5]) assert.deepEqual(run(line, length), expected);
  });
}

const expressions: [string, unknown[][]][] = [
  ["where size > 3 limit 1 filename", [["filename"], ["main.go"]]],
  ["where size > 3 and filename ~ txt order size desc filename", [["filename"], ["three.txt"], ["one.txt"]]],
  ["where filename == limit limit 1", [all.split(" ")]],
  ['where "size between 2 and 4" filename', [["filename"], ["conf.json"], ["one.txt"]]],
  [
    "set twice size * 2 limit 2 size twice",
    [
      ["size", "twice"],
      [2, 4],
      [13, 26],
    ],
  ],
  ["set size size / 2.0 limit 1 size", [["size"], [1]]],
  [
    "set big size > 3 group big",
    [
      [...all.split(" "), "big", "count"],
      ["early", 3, 2, "conf.json", false, 2],
      ["late", 26, 6, "main.go", true, 3],
    ],
  ],
];
for (const [line, expected] of expressions) {
  test(`% ${line}`, () => {
    for (const length of [1, 5]) assert.deepEqual(run(line, length), expected);
  });
}

const refused: [string, string, string?][] = [
  ["where sise > 3", 'where: no column "sise"', 'did you mean "size"?'],
  ["set x sise + 3", 'set: no column "sise"', 'did you mean "size"?'],
  ["to jsn", 'to: format must be json, ndjson, csv, tsv, yaml, md, html, text, but is "jsn"', 'did you mean "json"?'],
  ["order lines", 'order: no column "lines"', 'did you mean "line"?'],
  ["filenam", 'select: no column "filenam"', 'did you mean "filename"?'],
  ["order", "order: column is missing"],
  ["limit x", 'limit: rows must be a whole number, but is "x"'],
  ["limit -1", 'limit: rows must be a whole number from 0, but is "-1"'],
  ["group line sum", "group: sum needs a column"],
  ["sum filename", 'sum: "conf.json" in column "filename" is no number'],
  ["sum time", 'sum: the column must hold numbers, but "time" holds times'],
  ["rename size", "rename: names must come in groups of column, new name, but the last one is not whole"],
  ["rename size line", 'rename: two columns would be named "line"', "rename one first"],
  ['format size "%q"', 'format: unknown verb "%q" in "%q"', "use one of %s %d %f %x"],
  ['format size "x"', 'format: a format must have one of %s %d %f %x, but "x" has none'],
  ['format filename "%d"', 'format: %d needs a number, but the value is "conf.json"'],
  ["eq size", "eq: value is missing"],
  ["join x", "join: a command in brackets and a column are needed", "write join (command) on column"],
];
for (const [line, message, hint] of refused) {
  test(`% ${line} → ${message}`, () => {
    assert.throws(
      () => {
        run(line);
      },
      (error: CtxError) => error.message === message && (hint === undefined || error.hint === hint),
    );
  });
}

test("a table goes through text and back", () => {
  for (const format of ["json", "ndjson", "csv", "tsv", "yaml"]) {
    const line = `size line filename % to ${format} % from ${format} order size desc limit 1`;
    assert.deepEqual(
      run(line),
      [
        ["size", "line", "filename"],
        [13, 1, "main.go"],
      ],
      format,
    );
  }
});

test("an unknown column is an error on an empty table too", () => {
  assert.throws(() => runStages([["order", "size", "limit", "1", "lines"]], [Batch.head(columns)]), {
    message: 'select: no column "lines"',
  });
});

test("a table without rows keeps its header through every operator", () => {
  for (const line of [
    "order size",
    "limit 3",
    "last 2",
    "reverse",
    "uniq",
    "sample 2",
    'group ""',
    "group line",
    "vertical",
    "transpose",
    "pivot line size",
    "expand filename",
  ]) {
    const out = runStages(stagesOf(line), [Batch.head(columns)]);
    assert.ok(out.length > 0, line);
    assert.equal(
      out.reduce((sum, batch) => sum + batch.length, 0),
      line === "transpose" ? 4 : 0,
      line,
    );
  }
});

test("an error of an operator shows the word it is about", () => {
  const source = new Source("line", "dir % order lines");
  const at = { source, span: { start: 12, end: 17 } };
  const words = [
    { text: "order", bare: true, at: { source, span: { start: 6, end: 11 } } },
    { text: "lines", bare: true, at },
  ];
  assert.throws(
    () => runStages([words], [Batch.head(columns)]),
    (error: CtxError) => error.at === at,
  );
});
