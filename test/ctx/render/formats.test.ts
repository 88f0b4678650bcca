import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { along, fail } from "../../../src/ctx/errors.ts";
import { type Cell, toJson } from "../../../src/ctx/kit/value.ts";
import {
  type Format,
  formatOfFile,
  formats,
  type RenderOptions,
  renderer,
  renderText,
} from "../../../src/ctx/render/index.ts";
import { Batch, BatchBuilder, type Columns } from "../../../src/ctx/table/batch.ts";
import type { Piece } from "../../../src/ctx/table/operator.ts";

const files: Columns = [
  { name: "size", type: "size" },
  { name: "filename", type: "text" },
];
const others: Columns = [
  { name: "took", type: "duration" },
  { name: "share", type: "float" },
  { name: "at", type: "time" },
];

function table(columns: Columns, ...rows: readonly Cell[][]): Batch {
  const builder = new BatchBuilder(columns);
  for (const row of rows) builder.pushCells(row);
  return builder.take();
}

/** A local time, so that the test holds in every zone. */
const noon = new Date(2019, 4, 10, 12, 0, 0).getTime();
const iso = toJson("time", noon);
const two = table(files, [28, "init.shy"], [null, "推进"]);
const odd = table(
  [{ name: "a|b", type: "text" }],
  ["x|y\nz"],
  ['<b> & "q"'],
  [null],
  [""],
  ["__init__ a_b \\*"],
  ["\u001b[2J"],
);
const timed = table(others, [1500, 7, noon]);
const message = { message: { detail: ["dir", "etc"], option: { dir_type: "file" } } };

const cases: readonly (readonly [Format, string, readonly Piece[], string, RenderOptions?])[] = [
  ["json", "rows", [two], '[\n{"size":28,"filename":"init.shy"},\n{"size":null,"filename":"推进"}\n]\n'],
  ["json", "no rows", [Batch.head(files)], "[]\n"],
  ["json", "nothing", [], "[]\n"],
  ["json", "types", [timed], `[\n{"took":1500,"share":7,"at":"${iso}"}\n]\n`],
  ["json", "text is rows", ["one\ntwo"], '[\n{"text":"one"},\n{"text":"two"}\n]\n'],
  [
    "json",
    "several tables are one array",
    [table(files, [1, "a"]), timed],
    `[\n{"size":1,"filename":"a"},\n{"took":1500,"share":7,"at":"${iso}"}\n]\n`,
  ],
  [
    "json",
    "harmless in a terminal",
    [table(files, [1, "\u001b\u009b\u202e\u2028"])],
    '[\n{"size":1,"filename":"\\u001b\\u009b\\u202e\\u2028"}\n]\n',
  ],
  [
    "json",
    "a whole message",
    ["found\n", two],
    '{"v":1,"detail":["dir","etc"],"option":{"dir_type":"file"},\n' +
      '"columns":[{"name":"size","type":"size"},{"name":"filename","type":"text"}],\n' +
      '"append":[\n{"size":28,"filename":"init.shy"},\n{"size":null,"filename":"推进"}\n],\n' +
      '"result":"found\\n","error":null}\n',
    message,
  ],
  [
    "json",
    "a message of text",
    ["hello"],
    '{"v":1,"detail":["dir","etc"],"option":{"dir_type":"file"},\n"columns":[],\n"append":[],\n"result":"hello","error":null}\n',
    message,
  ],
  [
    "json",
    "a message without rows",
    [Batch.head(files)],
    '{"v":1,"detail":["dir","etc"],"option":{"dir_type":"file"},\n' +
      '"columns":[{"name":"size","type":"size"},{"name":"filename","type":"text"}],\n"append":[],\n"result":"","error":null}\n',
    message,
  ],
  [
    "json",
    "a message of three tables",
    [table(files, [1, "a"]), timed, Batch.head(files)],
    '{"v":1,"detail":["dir","etc"],"option":{"dir_type":"file"},\n' +
      '"columns":[{"name":"size","type":"size"},{"name":"filename","type":"text"}],\n"append":[\n{"size":1,"filename":"a"}\n],\n' +
      '"more":[\n{"columns":[{"name":"took","type":"duration"},{"name":"share","type":"float"},{"name":"at","type":"time"}],\n' +
      `"append":[\n{"took":1500,"share":7,"at":"${iso}"}\n]},\n` +
      '{"columns":[{"name":"size","type":"size"},{"name":"filename","type":"text"}],\n"append":[]}\n],\n' +
      '"result":"","error":null}\n',
    message,
  ],
  [
    "json",
    "text does not break the table of a message",
    [table(files, [1, "a"]), "halfway", table(files, [2, "b"])],
    '{"v":1,"detail":["dir","etc"],"option":{"dir_type":"file"},\n' +
      '"columns":[{"name":"size","type":"size"},{"name":"filename","type":"text"}],\n' +
      '"append":[\n{"size":1,"filename":"a"},\n{"size":2,"filename":"b"}\n],\n"result":"halfway","error":null}\n',
    message,
  ],
  [
    "csv",
    "a separator that stands in times",
    [timed],
    'took share at\n1s500ms 7.0 "2019-05-10 12:00:00"\n',
    { separator: " " },
  ],
  ["ndjson", "a row a line", [two], '{"size":28,"filename":"init.shy"}\n{"size":null,"filename":"推进"}\n'],
  ["ndjson", "nothing", [Batch.head(files)], ""],
  ["csv", "quotes where needed", [odd], 'a|b\n"x|y\nz"\n"<b> & ""q"""\n\n""\n__init__ a_b \\*\n\u001b[2J\n'],
  ["csv", "types", [timed], "took,share,at\n1s500ms,7.0,2019-05-10 12:00:00\n"],
  ["csv", "a separator of one's own", [table(files, [1, "a;b,c"])], 'size;filename\n1;"a;b,c"\n', { separator: ";" }],
  ["csv", "an empty table has its header", [Batch.head(files)], "size,filename\n"],
  [
    "csv",
    "a second table",
    [Batch.head(files), timed],
    "size,filename\n\ntook,share,at\n1s500ms,7.0,2019-05-10 12:00:00\n",
  ],
  ["csv", "harmless in a terminal", [table(files, [1, "\u001b[2J"])], "size,filename\n1,␛[2J\n", { width: 80 }],
  [
    "tsv",
    "tabs and line ends escaped",
    [table(files, [1, "a\tb\nc\\d\r"], [null, null])],
    "size\tfilename\n1\ta\\tb\\nc\\\\d\\r\n\t\n",
  ],
  ["yaml", "a list of maps", [two], "- size: 28\n  filename: init.shy\n- size: null\n  filename: 推进\n"],
  ["yaml", "no rows", [Batch.head(files)], "[]\n"],
  [
    "yaml",
    "words that are values elsewhere",
    [table(files, [1, "no"], [2, "a: b"], [3, "12:30"], [4, "- x"], [5, ""])],
    '- size: 1\n  filename: "no"\n- size: 2\n  filename: "a: b"\n- size: 3\n  filename: "12:30"\n- size: 4\n  filename: "- x"\n- size: 5\n  filename: ""\n',
  ],
  [
    "md",
    "pipes, line ends and marks escaped",
    [odd],
    '| a\\|b |\n| --- |\n| x\\|y<br>z |\n| &lt;b&gt; &amp; "q" |\n|  |\n|  |\n| \\_\\_init\\_\\_ a_b \\\\\\* |\n| ␛\\[2J |\n',
  ],
  [
    "md",
    "numbers right, text before",
    ["Files:", two],
    "Files:\n\n| size | filename |\n| ---: | --- |\n| 28 | init.shy |\n|  | 推进 |\n",
  ],
  [
    "html",
    "escaped",
    [odd],
    '<table>\n<thead><tr><th>a|b</th></tr></thead>\n<tbody>\n<tr><td>x|y\nz</td></tr>\n<tr><td>&lt;b&gt; &amp; "q"</td></tr>\n' +
      "<tr><td></td></tr>\n<tr><td></td></tr>\n<tr><td>__init__ a_b \\*</td></tr>\n<tr><td>␛[2J</td></tr>\n</tbody>\n</table>\n",
  ],
  [
    "html",
    "text stands in pre",
    ["a <b>", "\n", two],
    '<pre>a &lt;b&gt;\n</pre>\n<table>\n<thead><tr><th class="number">size</th><th>filename</th></tr></thead>\n<tbody>\n' +
      '<tr><td class="number">28</td><td>init.shy</td></tr>\n<tr><td class="number"></td><td>推进</td></tr>\n</tbody>\n</table>\n',
  ],
  ["text", "the text", ["hello", two], "hello"],
  ["text", "else the table", [two], "size  filename\n  28  init.shy\n      推进\n"],
  ["plain", "nothing", [], ""],
  ["plain", "without header, after rows that are there", [two], "  28  init.shy\n      推进\n", { header: false }],
  [
    "csv",
    "without header, after rows that are there",
    [two, timed],
    "28,init.shy\n,推进\n\ntook,share,at\n1s500ms,7.0,2019-05-10 12:00:00\n",
    { header: false },
  ],
  ["md", "without header, after rows that are there", [two], "| 28 | init.shy |\n|  | 推进 |\n", { header: false }],
];
for (const [format, name, pieces, expected, options] of cases) {
  test(`${format}: ${name}`, () => assert.equal(renderText(format, pieces, options), expected));
}

function failed(format: Format, options?: RenderOptions): string {
  let text = "";
  const out = (chunk: string | Uint8Array): void => {
    text += String(chunk);
  };
  const rendering = renderer(format, options);
  rendering.push(table(files, [1, "a"]), out);
  rendering.end(out, fail("timed_out", { what: "com.mac", limit: "10s" }));
  return text;
}
const error = '{"code":"timed_out","message":"com.mac did not end within 10s"}';

test("ndjson: a failed stream ends with the error", () => {
  assert.equal(failed("ndjson"), `{"size":1,"filename":"a"}\n{"error":${error}}\n`);
});
test("C-41 json, ndjson: an error from another node carries the way it came", () => {
  const far = along(fail("node_offline", { node: "com.demo" }), "com", "com.demo");
  for (const format of ["json", "ndjson"] as const) {
    let shown = "";
    const form = renderer(format, { message: { detail: [], option: {} } });
    form.end((chunk) => {
      shown += String(chunk);
    }, far);
    const { error: said } = JSON.parse(shown) as { error: { trail: string[] } };
    assert.deepEqual(said.trail, ["com", "com.demo"]);
  }
});
test("json: a failed message carries its rows and the error", () => {
  const { append, error: said } = JSON.parse(failed("json", message));
  assert.deepEqual([append, said], [[{ size: 1, filename: "a" }], JSON.parse(error)]);
});
test("json: a failed array stays open", () => assert.throws(() => JSON.parse(failed("json"))));

for (const [name, format] of [
  ["a.json", "json"],
  ["dir/a.YML", "yaml"],
  ["a.b.csv", "csv"],
  ["notes.txt", undefined],
  ["json", undefined],
  ["dir.md/file", undefined],
  [".json", undefined],
] as const) {
  test(`format of ${name}`, () => assert.equal(formatOfFile(name), format));
}

const cellOf = {
  text: fc.string({ unit: "binary" }),
  integer: fc.maxSafeInteger(),
  float: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  boolean: fc.boolean(),
  any: fc.jsonValue().filter((value) => !JSON.stringify(value).includes("-0")) as fc.Arbitrary<Cell>,
} as const;
const kinds = Object.keys(cellOf) as (keyof typeof cellOf)[];
const anyTable = fc
  .uniqueArray(fc.record({ name: fc.string({ unit: "binary" }), type: fc.constantFrom(...kinds) }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 5,
  })
  .filter((columns) => columns.every(({ name }) => name !== "__proto__"))
  .chain((columns) =>
    fc
      .array(fc.tuple(...columns.map(({ type }) => fc.option(cellOf[type] as fc.Arbitrary<Cell>))))
      .map((rows) => ({ columns, rows, batch: table(columns, ...rows) })),
  );

/** The rows as JSON programs see them. */
function plainRows(columns: Columns, rows: readonly (readonly Cell[])[]): unknown {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, c) => [name, toJson(type, row[c] ?? null)])),
  );
  return JSON.parse(JSON.stringify(objects));
}

test("json, ndjson and yaml say what the rows hold", () => {
  fc.assert(
    fc.property(anyTable, ({ columns, rows, batch }) => {
      const expected = plainRows(columns, rows);
      assert.deepEqual(JSON.parse(renderText("json", [batch])), expected);
      assert.deepEqual(JSON.parse(renderText("json", [batch], message)).append, expected);
      const lines = renderText("ndjson", [batch]).split("\n").slice(0, -1);
      assert.deepEqual(
        lines.map((line) => JSON.parse(line)),
        expected,
      );
      assert.deepEqual(parse(renderText("yaml", [batch])), expected);
    }),
  );
});

test("nothing of a cell reaches html, md or a terminal unescaped", () => {
  fc.assert(
    fc.property(anyTable, ({ batch, rows }) => {
      const inside = renderText("html", [batch]).replace(
        /<\/?(?:table|thead|tbody|tr|th|td)(?: class="number")?>/g,
        "",
      );
      assert.doesNotMatch(inside, /[<>]/);
      const lines = renderText("md", [batch]).split("\n");
      assert.equal(lines.length, rows.length + 3);
      for (const line of lines.slice(0, -1)) {
        const bars = line.replace(/\\./gu, "").split("|").length;
        assert.equal(bars, batch.columns.length + 2);
      }
      for (const format of ["terminal", "md"] as const) {
        assert.doesNotMatch(
          renderText(format, [batch], { width: 80 }).replaceAll("\n", ""),
          /[\p{Cc}\p{Bidi_Control}]/u,
        );
      }
    }),
  );
});

test("it does not matter how rows and text are split", () => {
  fc.assert(
    fc.property(anyTable, fc.nat(5), fc.constantFrom(...formats), fc.boolean(), ({ batch }, at, format, withText) => {
      const text = withText ? ["héllo 推进\nmore\n"] : [];
      const bytes = Buffer.from(text.join(""));
      const parts = withText ? [bytes.subarray(0, at), bytes.subarray(at)] : [];
      const whole = renderText(format, [...text, batch]);
      assert.equal(renderText(format, [...parts, batch.slice(0, at), batch.slice(at, batch.length)]), whole);
    }),
  );
});
