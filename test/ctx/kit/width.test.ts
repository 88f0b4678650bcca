import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cut, graphemes, visible, widthOf } from "../../../src/ctx/kit/width.ts";

const widths: readonly (readonly [string, number])[] = [
  ["", 0],
  ["plain.txt", 9],
  ["é", 1],
  ["e\u0301", 1],
  ["文件", 4],
  ["한글", 4],
  ["\u1112\u1161\u11ab", 2],
  ["ｶﾞ", 2],
  ["，", 2],
  ["→", 1],
  ["😀", 2],
  ["👍🏽", 2],
  ["👨‍👩‍👧‍👦", 2],
  ["❤", 1],
  ["❤️", 2],
  ["❤️‍🔥", 2],
  ["👁️‍🗨️", 2],
  ["🇳🇴", 2],
  ["1️⃣", 2],
  ["1", 1],
  ["a\u200bb", 2],
  ["𠀀", 2],
  ["สวัสดี", 4],
];
for (const [text, width] of widths) {
  test(`width of ${JSON.stringify(text)} is ${width}`, () => assert.equal(widthOf(text), width));
}

const cuts: readonly (readonly [string, number, string])[] = [
  ["plain", 5, "plain"],
  ["plain", 4, "pla…"],
  ["plain", 1, "…"],
  ["plain", 0, ""],
  ["文件名", 5, "文件…"],
  ["文件名", 4, "文…"],
  ["a👨‍👩‍👧b", 3, "a…"],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
];
for (const [text, width, expected] of cuts) {
  test(`cut ${text} to ${width}`, () => assert.equal(cut(text, width), expected));
}

const shown: readonly (readonly [string, string])[] = [
  ["a b", "a b"],
  ["文件", "文件"],
  ["a\nb", "a↵b"],
  ["a\tb", "a␉b"],
  ["\u001b[2J", "␛[2J"],
  ["\u009b2J", "\\u{9b}2J"],
  ["\u007f", "␡"],
  ["a\u202eb", "a\\u{202e}b"],
  ["a\u2028b", "a↵b"],
  ["\ud800x", "\ufffdx"],
  ["👨‍👩‍👧", "👨‍👩‍👧"],
];
for (const [text, expected] of shown) {
  test(`visible ${JSON.stringify(text)}`, () => assert.equal(visible(text), expected));
}

const anyText = fc.string({ unit: "binary" });

test("a cut text is never wider than asked", () => {
  fc.assert(fc.property(anyText, fc.nat(30), (text, width) => widthOf(cut(visible(text), width)) <= width));
});

test("a visible text holds no control characters, and is visible already", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const safe = visible(text);
      assert.doesNotMatch(safe, /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
      assert.equal(visible(safe), safe);
    }),
  );
});

test("a text is as wide as its characters together", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.equal(
        graphemes(text).reduce((sum, character) => sum + widthOf(character), 0),
        widthOf(text),
      );
    }),
  );
});
