import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cell, Type } from "../../../src/ctx/kit/value.ts";
import { readFormat } from "../../../src/ctx/table/printf.ts";

const written: [string, Type, Cell, string][] = [
  ["%s", "text", "a", "a"],
  ["<%s>", "integer", 7, "<7>"],
  ["%-4s|", "text", "é", "é   |"],
  ["%4s|", "text", "中", "   中|"],
  ["%.2s", "text", "abc", "ab"],
  ["%d", "integer", -7, "-7"],
  ["%5d", "integer", 42, "   42"],
  ["%05d", "integer", -42, "-0042"],
  ["%+d", "integer", 42, "+42"],
  ["%d", "text", "42", "42"],
  ["%d", "float", 3.9, "3"],
  ["%x", "integer", 255, "ff"],
  ["%f", "float", 1.5, "1.500000"],
  ["%5.2f", "float", 1.005, " 1.00"],
  ["%.0f", "integer", 12, "12"],
  ["%d %%", "integer", 12, "12 %"],
  ["100%% %s", "text", "x", "100% x"],
  ["%s", "float", 7, "7.0"],
  ["%s", "boolean", true, "true"],
];
for (const [format, type, cell, text] of written) {
  test(`format ${format} of ${String(cell)} is ${text}`, () => assert.equal(readFormat(format)(type, cell), text));
}

const refused: [string, string][] = [
  ["", 'format: a format must have one of %s %d %f %x, but "" has none'],
  ["%s %s", 'format: a format must have one of %s %d %f %x, but "%s %s" has 2'],
  ["%", 'format: unknown verb "%" in "%"'],
  ["%5", 'format: unknown verb "%5" in "%5"'],
  ["%q", 'format: unknown verb "%q" in "%q"'],
];
for (const [format, message] of refused) {
  test(`format "${format}" is refused`, () => assert.throws(() => readFormat(format), { message }));
}
