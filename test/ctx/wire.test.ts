import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  along,
  Batch,
  type Columns,
  CtxError,
  catalogue,
  Duration,
  Float,
  fail,
  type Piece,
  typeNames,
  type Value,
  WireReader,
  WireWriter,
} from "../../src/ctx/index.ts";

/** What came of an answer: its pieces in order, notes and formats among them. */
interface Got {
  readonly things: unknown[];
  readonly reader: WireReader;
}

function reading(): Got {
  const things: unknown[] = [];
  const reader = new WireReader({
    write: (piece) => void things.push(piece instanceof Batch ? plain(piece) : piece),
    note: (text) => void things.push({ note: text }),
    format: (format) => things.push({ format }),
  });
  return { things, reader };
}

/** A batch as data that can be compared. */
function plain(batch: Batch) {
  const { columns, length, isAside } = batch;
  return { columns, length, isAside, cells: columns.map((_, c) => Array.from(batch.cells(c))) };
}

/** Writes an answer as bytes. */
function bytesOf(write: (out: WireWriter) => void): Buffer {
  const parts: Uint8Array[] = [];
  write(new WireWriter((bytes) => void parts.push(bytes)));
  return Buffer.concat(parts);
}

/** Cuts bytes at places that depend on a number. */
function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "t", "m", "x"));
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.string({ unit: "binary" }),
    fc.double().map((n) => new Float(n)),
    fc.double().map((ms) => new Duration(ms)),
    fc.date({ noInvalidDate: true }),
    fc.array(tie("value")),
    fc.array(fc.tuple(key, tie("value"))).map((entries): Value => Object.fromEntries(entries)),
  ),
}));
const batch = fc
  .tuple(fc.array(fc.tuple(key, fc.constantFrom(...typeNames)), { maxLength: 5 }), fc.nat(8), fc.boolean())
  .chain(([heads, length, isAside]) => {
    const columns: Columns = heads.map(([name, type]) => ({ name, type }));
    const column = fc.array(value, { minLength: length, maxLength: length });
    return fc
      .tuple(...columns.map(() => column))
      .map((cells) => new Batch(columns, length, cells as Value[][], isAside));
  });
const text = fc.string({ unit: "grapheme", minLength: 1 });
const piece: fc.Arbitrary<Piece> = fc.oneof(batch, text, fc.uint8Array({ minLength: 1 }));
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const codes = Object.keys(catalogue) as (keyof typeof catalogue)[];
const error = fc
  .tuple(fc.constantFrom(...codes), text, fc.option(text, { nil: undefined }), fc.array(text, { maxLength: 4 }))
  .map(([code, message, hint, way]) => along(new CtxError(code, message, { hint }), ...way));

describe("X-05 an answer as bytes", () => {
  test("any pieces come out as they went in, wherever the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(piece), fc.option(error), text, lengths, (pieces, failed, note, sizes) => {
        const bytes = bytesOf((out) => {
          for (const one of pieces) void out.write(one);
          void out.note(note);
          void out.close(failed ?? undefined);
        });
        const { things, reader } = reading();
        for (const part of cut(bytes, sizes)) assert.equal(reader.push(part), undefined);
        assert.deepEqual(things, [...pieces.map((one) => (one instanceof Batch ? plain(one) : one)), { note }]);
        assert.ok(reader.ended);
        assert.deepEqual(reader.error?.toJSON(), failed?.toJSON());
      }),
    );
  });

  test("columns are said once as long as a table goes on, also beside a text", () => {
    const columns: Columns = [{ name: "a", type: "integer" }];
    const sent = [
      Batch.head(columns),
      new Batch(columns, 1, [[1]]),
      new Batch(columns, 1, [[2]], true),
      new Batch([...columns], 1, [[3]]),
    ];
    const { things, reader } = reading();
    const bytes = bytesOf((out) => {
      for (const one of sent) void out.write(one);
    });
    void reader.push(bytes);
    assert.deepEqual(things, sent.map(plain));
    assert.equal(bytes.toString("latin1").split('[["a","integer"]]').length - 1, 2);
    const tables = (things as { columns: Columns }[]).map((one) => one.columns);
    assert.ok(tables[0] === tables[1] && tables[1] === tables[2] && tables[2] !== tables[3]);
  });

  test("a time that is none stays none", () => {
    const { things, reader } = reading();
    const columns: Columns = [{ name: "a", type: "any" }];
    void reader.push(bytesOf((out) => void out.write(new Batch(columns, 1, [[new Date(Number.NaN)]]))));
    const [{ cells }] = things as [{ cells: Value[][] }];
    assert.equal(String(cells[0]?.[0]), "Invalid Date");
  });

  test("a text, bytes and a table that are too long for a frame come in parts", () => {
    const long = "x茶😀".repeat(1 << 20);
    const { things, reader } = reading();
    const columns: Columns = [{ name: "a", type: "text" }];
    const wide = "y".repeat(1 << 20);
    const rows = Array.from({ length: 9 }, (_, i) => `${i}${wide}`);
    const bytes = bytesOf((out) => {
      void out.write(long);
      void out.write(Buffer.alloc(9 << 20, 7));
      void out.write(new Batch(columns, rows.length, [rows]));
      void out.write(new Batch([], 1 << 17, []));
      void out.close();
    });
    void reader.push(bytes);
    assert.ok(reader.ended);
    const texts = things.filter((one) => typeof one === "string");
    assert.ok(texts.length > 1 && texts.join("") === long);
    const parts = things.filter((one) => one instanceof Uint8Array);
    assert.ok(parts.length > 1 && Buffer.concat(parts).equals(Buffer.alloc(9 << 20, 7)));
    const batches = things.filter((one) => typeof one === "object" && "cells" in Object(one)) as ReturnType<
      typeof plain
    >[];
    assert.deepEqual(
      batches.flatMap(({ cells }) => cells[0] ?? []),
      rows,
    );
    assert.equal(
      batches.filter(({ cells }) => cells.length === 0).reduce((sum, { length }) => sum + length, 0),
      1 << 17,
    );
  });

  test("a row or value that is too much for any reader is refused by the writer", () => {
    let deep: Value = [];
    for (let i = 0; i < 1000; i++) deep = [deep];
    for (const cell of ["y".repeat(17 << 20), deep]) {
      const columns: Columns = [{ name: "a", type: "any" }];
      assert.throws(
        () => bytesOf((out) => void out.write(new Batch(columns, 1, [[cell]]))),
        (thrown: CtxError) => thrown.code === "too_large",
      );
    }
  });

  test("a target that is behind stops the reading, and the rest waits its turn", async () => {
    const bytes = bytesOf((out) => {
      for (let i = 0; i < 5; i++) void out.write(`${i}`);
      void out.close();
    });
    const taken: unknown[] = [];
    let busy = 0;
    const reader = new WireReader({
      write: async (one) => {
        assert.equal(busy++, 0);
        await new Promise((resolve) => setImmediate(resolve));
        busy--;
        taken.push(one);
      },
      note: () => undefined,
      format: () => undefined,
    });
    const waits = [...cut(bytes, [7])].map((part) => reader.push(part));
    assert.ok(waits.some((wait) => wait instanceof Promise));
    assert.deepEqual(taken, []);
    await Promise.all(waits);
    assert.deepEqual(taken, ["0", "1", "2", "3", "4"]);
    assert.ok(reader.ended);
  });

  test("X-05 notes wait for a target that is behind as rows do, on both sides", async () => {
    let go: (() => void) | undefined;
    const noted: string[] = [];
    const reader = new WireReader({
      write: () => undefined,
      note: (text) => {
        noted.push(text);
        return new Promise((resolve) => {
          go = resolve;
        });
      },
      format: () => undefined,
    });
    const out = new WireWriter((bytes) => reader.push(bytes));
    const first = out.note("one");
    assert.ok(first instanceof Promise && out.note("two") instanceof Promise);
    assert.deepEqual(noted, ["one"]);
    go?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(noted, ["one", "two"]);
  });

  test("notes and errors of elsewhere cannot draw on the screen", () => {
    const { things, reader } = reading();
    const evil = "\x1b[2J\x1b]0;t\x07";
    void reader.push(bytesOf((out) => void out.note(`a\n\tb${evil}`)));
    const said = { message: evil, hint: evil, where: evil, trail: [evil] };
    void reader.push(frameOf("E", JSON.stringify({ code: "failed", ...said })));
    assert.deepEqual(things, [{ note: "a\n\tb␛[2J␛]0;t␇" }]);
    const { message, hint, where, trail } = reader.error ?? {};
    const shown = "␛[2J␛]0;t␇";
    assert.deepEqual([message, hint, where, trail], [shown, shown, shown, [shown]]);
  });

  test("an error of the target comes to whoever pushes", async () => {
    const bytes = bytesOf((out) => void out.write("a"));
    const stop = fail("cancelled", {});
    const target = { note: () => undefined, format: () => undefined };
    const throws = new WireReader({ ...target, write: () => assert.fail(stop) });
    assert.throws(() => throws.push(bytes), stop);
    const rejects = new WireReader({ ...target, write: () => Promise.reject(stop) });
    await assert.rejects(async () => rejects.push(bytes), stop);
  });
});

function frameOf(kind: string, payload: string | Buffer, length = Buffer.byteLength(payload)): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, "latin1");
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, Buffer.from(payload)]);
}

describe("bytes that are no answer", () => {
  const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const head = frameOf("H", '[["a","text"]]');
  const rows = (json: string): Buffer => Buffer.concat([head, frameOf("R", json)]);
  const cases: readonly (readonly [what: string, bytes: Buffer, said: RegExp])[] = [
    ["a frame of an unknown kind", frameOf("Q", "x"), /unknown kind/],
    ["a length that is too much", frameOf("T", "", 0xffff_ffff), /too long/],
    ["no JSON in a head", frameOf("H", "[[["), /no JSON/],
    ["a head that is no list", frameOf("H", '{"a":1}'), /unknown head/],
    ["a head of nothing", frameOf("H", "null"), /unknown head/],
    ["a column of an unknown type", frameOf("H", '[["a","constructor"]]'), /unknown column/],
    ["a column without a name", frameOf("H", '[[null,"text"]]'), /unknown column/],
    ["too many columns", frameOf("H", JSON.stringify(Array(10_001).fill(["a", "text"]))), /unknown head/],
    ["rows before their head", frameOf("R", '{"n":0,"c":[]}'), /without their table/],
    ["rows that are no object", rows("null"), /do not fit/],
    ["rows of another table", rows('{"n":1,"c":[[1],[2]]}'), /do not fit/],
    ["fewer cells than rows", rows('{"n":2,"c":[[1]]}'), /do not fit/],
    ["less than no rows", rows('{"n":-1,"c":[[]]}'), /do not fit/],
    ["half a row", rows('{"n":0.5,"c":[[1]]}'), /do not fit/],
    ["rows without an end", rows('{"n":1e300,"c":[[1]]}'), /do not fit/],
    ["a value of an unknown kind", rows('{"n":1,"c":[[{"q":1}]]}'), /unknown value/],
    ["a value of two kinds", rows('{"n":1,"c":[[{"t":1,"d":1}]]}'), /unknown value/],
    ["a value of no kind", rows('{"n":1,"c":[[{}]]}'), /unknown value/],
    ["a prototype for a value", rows('{"n":1,"c":[[{"__proto__":{"t":1}}]]}'), /unknown value/],
    ["a time that is none", rows('{"n":1,"c":[[{"t":"now"}]]}'), /unknown number/],
    ["a float that is none", rows('{"n":1,"c":[[{"f":{"valueOf":1}}]]}'), /unknown number/],
    ["a map that is none", rows('{"n":1,"c":[[{"m":{}}]]}'), /unknown map/],
    ["a key that is none", rows('{"n":1,"c":[[{"m":[[1,2]]}]]}'), /unknown key/],
    ["nesting without an end", rows(`{"n":1,"c":[[${nested}]]}`), /nested too deep|no JSON/],
    ["a format that is none", frameOf("F", "constructor"), /unknown format/],
    ["something after the end", Buffer.concat([frameOf("E", ""), frameOf("T", "x")]), /after its end/],
    ["a byte after the end", Buffer.concat([frameOf("E", ""), Buffer.alloc(5)]), /after its end/],
    ["an error that is no JSON", frameOf("E", "{"), /no JSON/],
  ];
  for (const [what, bytes, said] of cases) {
    test(`${what} is refused`, () => {
      for (const sizes of [[bytes.length], [1000, 3]]) {
        const { reader } = reading();
        assert.throws(
          () => {
            for (const part of cut(bytes, sizes)) void reader.push(part);
          },
          (thrown: unknown) => thrown instanceof CtxError && thrown.code === "failed" && said.test(thrown.message),
        );
      }
    });
  }

  const errors: readonly (readonly [given: string, code: string, message: string])[] = [
    ["null", "failed", "the call failed"],
    ["7", "failed", "the call failed"],
    ['{"code":"constructor","message":{}}', "failed", "the call failed"],
    ['{"code":"__proto__","message":"m"}', "failed", "m"],
    ['{"code":"not_found","message":"m","exit":1e9,"trail":"x","hint":[]}', "not_found", "m"],
    ['{"code":"not_found","message":"m","trail":[{"toString":1},null,"com"]}', "not_found", "m"],
  ];
  for (const [given, code, message] of errors) {
    test(`an error ${given} is ${code}: ${message}`, () => {
      const { reader } = reading();
      void reader.push(frameOf("E", given));
      const { error } = reader;
      assert.ok(error !== undefined);
      assert.deepEqual([error.code, error.message], [code, message]);
      assert.ok(error.trail.every((stop) => stop === "com"));
      assert.ok(error.exit > 0 && error.exit < 256);
    });
  }

  test("nothing that comes ends in anything but an error of ours, and no prototype is touched", () => {
    const kind = fc.constantFrom(..."TBHRAFNE");
    const json = fc.oneof(fc.json(), fc.constant('{"n":1,"c":[[{"m":[["__proto__",{"m":[["polluted",1]]}]]}]]}'));
    const frame = fc.tuple(kind, json).map(([one, payload]) => frameOf(one, payload));
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const bytes = fc.array(fc.oneof(frame, frame, fc.constant(head), random)).map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(bytes, lengths, (all, sizes) => {
        const { reader } = reading();
        try {
          for (const part of cut(all, sizes)) void reader.push(part);
        } catch (thrown) {
          assert.ok(thrown instanceof CtxError, String(thrown));
        }
        assert.equal(Object(reader.error ?? {})["polluted"], undefined);
        assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      }),
    );
  });

  test("a key named __proto__ is a key like any other", () => {
    const { things, reader } = reading();
    void reader.push(rows('{"n":1,"c":[[{"m":[["__proto__",{"m":[["a",1]]}]]}]]}'));
    const [{ cells }] = things as [{ cells: Value[][] }];
    const [[map]] = cells as [[object]];
    assert.deepEqual(Object.keys(map), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(map), Object.prototype);
  });

  test("a long frame that comes byte by byte is put together once", () => {
    const { things, reader } = reading();
    const bytes = frameOf("T", "x".repeat(1 << 20));
    for (const part of cut(bytes, [1])) void reader.push(part);
    assert.equal((things[0] as string).length, 1 << 20);
  });
});
