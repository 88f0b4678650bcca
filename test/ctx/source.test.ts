import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawPlace, Source } from "../../src/ctx/source.ts";

describe("places", () => {
  const text = "ab\n深圳x\n\n😀y";
  const places: readonly (readonly [offset: number, line: number, column: number])[] = [
    [-5, 1, 1],
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [5, 2, 3],
    [7, 3, 1],
    [8, 4, 1],
    [10, 4, 2],
    [99, 4, 3],
  ];
  for (const [offset, line, column] of places) {
    test(`offset ${offset} is ${line}:${column}`, () => {
      assert.deepEqual(new Source("s", text).place(offset), { line, column });
      assert.deepEqual(new Source("s", text, 10).place(offset), { line: line + 9, column });
    });
  }
});

describe("drawPlace", () => {
  const draw = (text: string, start: number, end: number, width?: (text: string) => number): string =>
    drawPlace({ source: new Source("s", text), span: { start, end } }, width);
  const drawings: readonly (readonly [name: string, text: string, start: number, end: number, drawn: string])[] = [
    ["a word", "dir etc", 4, 7, "s:1:5: dir etc\n           ^^^"],
    ["the end of a text", "dir", 3, 3, "s:1:4: dir\n          ^"],
    ["an empty text", "", 0, 0, "s:1:1: \n       ^"],
    ["a line of several", "a\nbcd\ne", 3, 4, "s:2:2: bcd\n        ^"],
    ["more lines than one", "ab\ncd", 1, 5, "s:1:2: ab\n        ^"],
    ["an end before the start", "abc", 2, 0, "s:1:3: abc\n         ^"],
    ["controls", "a\tb\u001b[0m", 2, 4, "s:1:3: a b·[0m\n         ^^"],
    ["a newline itself", "ab\ncd", 2, 3, "s:1:3: ab\n         ^"],
  ];
  for (const [name, text, start, end, drawn] of drawings) test(name, () => assert.equal(draw(text, start, end), drawn));

  test("wide characters move the marks", () => {
    const width = (text: string): number => [...text].length * 2;
    assert.equal(draw("深 圳", 2, 3, width).split("\n")[1], `${" ".repeat(18)}^^`);
  });
  test("a long line is cut around the culprit", () => {
    const drawn = draw(`${"a".repeat(500)}CULPRIT${"b".repeat(500)}`, 500, 507);
    const [line = "", marks = ""] = drawn.split("\n");
    assert.ok(line.length < 200);
    assert.equal(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1), "CULPRIT");
    assert.match(line, /: …a+CULPRITb+…$/);
  });
});
