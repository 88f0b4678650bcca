import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  compareText,
  compareValues,
  Duration,
  equalValues,
  Float,
  isTrue,
  looksLikeNumber,
  printCell,
  printValue,
  toJson,
  type Value,
} from "../../../src/ctx/kit/value.ts";

const noon = new Date(2019, 4, 10, 11, 11, 2);

test("false are empty text, 0, false, off, no, null, the empty list and map, and an error", () => {
  const no: Value[] = ["", "0", "false", "off", "no", null, [], {}, "error: x", 0, new Float(0), false];
  const yes: Value[] = [" ", "1", "true", "on", "error", [0], { a: 0 }, 1, -1, 0.5, true, noon, new Duration(0)];
  assert.deepEqual(no.filter(isTrue), []);
  assert.deepEqual(
    yes.filter((value) => !isTrue(value)),
    [],
  );
});

test("what looks like a number", () => {
  const yes = ["0", "-0", "7", "-7", "7.0", "0.50", "123456789012345678901234567890"];
  const no = ["", "-", "007", "+7", "7.", ".5", "1e5", " 7", "7 ", "0x1f", "1,000", "٣"];
  assert.deepEqual(yes.filter(looksLikeNumber), yes);
  assert.deepEqual(no.filter(looksLikeNumber), []);
});

const printed: [Value, string][] = [
  [null, ""],
  ["x y", "x y"],
  [7, "7"],
  [new Float(7), "7.0"],
  [new Float(-0), "0.0"],
  [3.5, "3.5"],
  [1e-7, "0.0000001"],
  [-1.25e-9, "-0.00000000125"],
  [new Float(1e21), "1000000000000000000000.0"],
  [true, "true"],
  [noon, "2019-05-10 11:11:02"],
  [new Duration(9_000_000), "2h30m"],
  [[1, "a", null, new Float(2)], '[1,"a",null,2]'],
  [{ a: [1.5], b: new Duration(5) }, '{"a":[1.5],"b":5}'],
];
for (const [value, text] of printed) test(`prints ${text}`, () => assert.equal(printValue(value), text));

test("a cell prints as the value it is", () => {
  assert.equal(printCell("float", 7), "7.0");
  assert.equal(printCell("integer", 7), "7");
  assert.equal(printCell("size", 10_000), "10000");
  assert.equal(printCell("time", noon.getTime()), "2019-05-10 11:11:02");
  assert.equal(printCell("duration", 9_000_000), "2h30m");
  assert.equal(printCell("integer", "odd"), "odd");
  assert.equal(printCell("text", null), "");
});

test("floats print so that they look like numbers and read back the same", () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (n) => {
      const text = printValue(Number.isInteger(n) ? new Float(n) : n);
      assert.ok(looksLikeNumber(text), text);
      assert.equal(Number(text), n + 0);
    }),
  );
});

test("JSON has times with their zone, durations in milliseconds, floats plain", () => {
  assert.match(String(toJson("time", noon.getTime())), /^2019-05-10T11:11:02(Z|[+-]\d\d:\d\d)$/);
  assert.deepEqual(toJson("any", [new Duration(5), new Float(7), null]), [5, 7, null]);
  assert.deepEqual(toJson("float", 7), 7);
  const odd = JSON.parse('{"__proto__": 1}') as Value;
  assert.equal(JSON.stringify(toJson("map", odd)), '{"__proto__":1}');
});

test("text is put in order by code point", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const [x, y] = [[...a], [...b]].map((all) => all.map((character) => character.codePointAt(0) ?? 0));
      let expected = (x?.length ?? 0) - (y?.length ?? 0);
      for (let i = Math.min(x?.length ?? 0, y?.length ?? 0) - 1; i >= 0; i--)
        if (x?.[i] !== y?.[i]) expected = (x?.[i] ?? 0) - (y?.[i] ?? 0);
      assert.equal(Math.sign(compareText(a, b)), Math.sign(expected));
    }),
  );
  assert.ok(compareText("\u{ff5e}", "\u{1f600}") < 0);
});

test("values of all kinds have one order", () => {
  const inOrder: Value[] = [
    false,
    true,
    -1,
    0.5,
    new Float(7),
    8,
    new Duration(1),
    noon,
    "",
    "10",
    "9",
    "é",
    [1],
    [1, 2],
    [2],
    {},
  ];
  const mixed = [...inOrder].reverse().sort(compareValues);
  assert.deepEqual(mixed, inOrder);
  assert.equal(compareValues(null, 1) > 0, true);
});

test("equal values", () => {
  assert.ok(equalValues([1, { a: noon }], [new Float(1), { a: new Date(noon) }]));
  assert.ok(equalValues(null, null));
  assert.ok(!equalValues("1", 1));
  assert.ok(!equalValues({ a: 1 }, { b: 1 }));
  assert.ok(!equalValues({}, []));
  assert.ok(!equalValues(new Duration(1), 1));
});
