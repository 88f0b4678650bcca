/** The page reads answers with a reader of its own: it must give what the node wrote, however the bytes are cut. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import fc from "fast-check";
import { Batch, type Columns, Duration, Float, fail, type Value, WireWriter } from "../../src/ctx/index.ts";
import { library } from "../support/library.ts";

type Piece = Readonly<Record<string, unknown>>;
interface Wire {
  readonly WireReader: new (take: (piece: Piece) => void) => { push(chunk: Uint8Array): void; readonly ended: boolean };
}
let wire: Wire;
before(async () => {
  wire = await library<Wire>("wire.js");
});

const columns: Columns = [
  { name: "time", type: "time" },
  { name: "名字", type: "text" },
  { name: "any", type: "any" },
];
const values: readonly Value[] = [
  1,
  null,
  "x",
  new Float(7),
  new Duration(9),
  new Date(5),
  [1, new Date(5)],
  { a: [1] },
];

function written(): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer = new WireWriter((bytes) => void chunks.push(bytes));
  void writer.write("文字");
  void writer.write(new Batch(columns, 2, [[1, 2], ["<b>", "推进"], values.slice(0, 2)]).aside());
  void writer.write(new Batch(columns, 6, [[1, 2, 3, 4, 5, 6], [..."abcdef"], values.slice(2)]));
  void writer.note("careful");
  void writer.write(new TextEncoder().encode("字节"));
  void writer.close(fail("not_found", { what: "file", name: "x" }));
  return Buffer.concat(chunks);
}

/** What came, with pieces of text put together: bytes of one text may come in several. */
function read(chunks: readonly Uint8Array[]): unknown[] {
  const pieces: Piece[] = [];
  const reader = new wire.WireReader((piece) => pieces.push(piece));
  for (const chunk of chunks) reader.push(chunk);
  assert.ok(reader.ended);
  return JSON.parse(JSON.stringify(pieces)) as unknown[];
}

describe("X-05 the page's reader", () => {
  test("gives text, tables, notes and the error", () => {
    const [text, head, rows, more, note, bytes, end] = read([written()]) as Piece[];
    assert.deepEqual(text, { kind: "text", text: "文字" });
    assert.deepEqual(head, { kind: "head", columns });
    assert.deepEqual(rows?.["batch"], {
      length: 2,
      cells: [
        [1, 2],
        ["<b>", "推进"],
        [1, null],
      ],
    });
    assert.equal(rows?.["aside"], true);
    const [, , any] = (more?.["batch"] as { cells: unknown[][] } | undefined)?.cells ?? [];
    assert.deepEqual(
      any,
      JSON.parse(JSON.stringify(["x", { n: 7 }, { ms: 9 }, new Date(5), [1, new Date(5)], { a: [1] }])),
    );
    assert.deepEqual(note, { kind: "note", text: "careful" });
    assert.deepEqual(bytes, { kind: "text", text: "字节" });
    assert.deepEqual(end, { kind: "end", error: { code: "not_found", message: 'no file "x"' } });
  });

  test("however the bytes are cut", () => {
    const whole = written();
    const pieces = read([whole]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: whole.length })), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        assert.deepEqual(read(places.slice(1).map((end, i) => whole.slice(places[i], end))), pieces);
      }),
    );
  });
});
