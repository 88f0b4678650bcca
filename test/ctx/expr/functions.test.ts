import assert from "node:assert/strict";
import { test } from "node:test";
import { CtxError } from "../../../src/ctx/errors.ts";
import { functions } from "../../../src/ctx/expr/functions.ts";
import { parseWhole } from "../../../src/ctx/expr/parse.ts";
import { compileRow } from "../../../src/ctx/expr/row.ts";
import { printValue, type Value } from "../../../src/ctx/kit/value.ts";
import { Source } from "../../../src/ctx/source.ts";
import { Batch } from "../../../src/ctx/table/batch.ts";

const now = new Date(2020, 0, 2, 3, 4, 5).getTime();

function evaluate(text: string): Value {
  const source = new Source("line", text);
  return compileRow(parseWhole(source), [], { source, now: () => now })(Batch.head([]), 0);
}

const results: [string, string][] = [
  ["len('世界👍')", "3"],
  ["len([1, 2])", "2"],
  ["len({a: 1})", "1"],
  ["len(null)", "0"],
  ["lower('ÀB')", "àb"],
  ["upper('straße')", "STRASSE"],
  ["trim(' \u3000x ')", "x"],
  ["split('a b  c')", '["a","b","c"]'],
  ["split('a,b,,c', ',')", '["a","b","","c"]'],
  ["split('世界', '')", '["世","界"]'],
  ["split('  ')", "[]"],
  ["join([1, 'a', 2.0])", "1 a 2.0"],
  ["join([1, 2], '-')", "1-2"],
  ["replace('a.b.c', '.', '$&')", "a$&b$&c"],
  ["int('12')", "12"],
  ["int(-7.9)", "-7"],
  ["int('007')", "7"],
  ["int('1e3')", "1000"],
  ["int('0x1f')", "31"],
  ["int(true)", "1"],
  ["int(2s)", "2000"],
  ["float('7')", "7.0"],
  ["float(null)", ""],
  ["str(7.0) + 'x'", "7.0x"],
  ["type(1)", "integer"],
  ["type(1.0)", "float"],
  ["type(null)", "null"],
  ["type(2019-05-10)", "time"],
  ["type([])", "list"],
  ["keys({a: 1, b: 2})", '["a","b"]'],
  ["values({a: 1, b: 2})", "[1,2]"],
  ["min([3, '1', 2])", "1"],
  ["max(3, null, 5)", "5"],
  ["min([])", ""],
  ["max('b', 'a')", "b"],
  ["max(2019-05-10, 2020-05-10)", "2020-05-10 00:00:00"],
  ["sum([1, 2.5, null])", "3.5"],
  ["sum([])", "0"],
  ["sum([1h, 30m])", "1h30m"],
  ["round(2.5)", "3"],
  ["round(-2.5)", "-3"],
  ["round(1.005, 2)", "1.01"],
  ["round(1.999, 2)", "2.0"],
  ["round(1234, -2)", "1200"],
  ["round(7, 2)", "7"],
  ["abs(-3)", "3"],
  ["abs('-3.5')", "3.5"],
  ["abs(-2h)", "2h"],
  ["now()", "2020-01-02 03:04:05"],
  ["time('2019-05-10 11:11:02')", "2019-05-10 11:11:02"],
  ["date('2019-05-10 11:11:02')", "2019-05-10 00:00:00"],
  ["date()", "2020-01-02 00:00:00"],
  ["range(3)", "[0,1,2]"],
  ["range(2, 5)", "[2,3,4]"],
  ["range(5, 0, -2)", "[5,3,1]"],
  ["sort(['10', '9', 1])", '[1,"9","10"]'],
  ["sort(['b', null, 'a'])", '["a","b",null]'],
  ["uniq([1, '1', 1.0, 'a', 'a'])", '[1,"1","a"]'],
  ["reverse([1, 2])", "[2,1]"],
  ["reverse('a👍')", "👍a"],
  ["first([1, 2, 3])", "1"],
  ["first([1, 2, 3], 2)", "[1,2]"],
  ["last([1, 2, 3], 2)", "[2,3]"],
  ["last('abc')", "c"],
  ["first([])", ""],
  ["contains('abc', 'b')", "true"],
  ["contains([1, 2], 2)", "true"],
  ["contains(null, 2)", "false"],
  ["starts('abc', 'ab')", "true"],
  ["ends('abc', 'bc')", "true"],
  ["matches('abc', '^a')", "true"],
  ["json('[1, {\"a\": null}]')[1]", '{"a":null}'],
  ["json({a: 1})", '{"a":1}'],
  ["all([1, 'on'])", "true"],
  ["all(1, 'off')", "false"],
  ["any([0, 1])", "true"],
  ["any([])", "false"],
];
for (const [text, expected] of results)
  test(`value of ${text}`, () => assert.equal(printValue(evaluate(text)), expected));

const failures: [string, RegExp][] = [
  ["int('x')", /"x" is no number/],
  ["keys(1)", /a map is wanted, but this is integer/],
  ["join('x')", /a list is wanted, but this is "x"/],
  ["range(10000000)", /at most 1000000 items/],
  ["range(0, 1, 0)", /must not be 0/],
  ["time('soon')", /"soon" is no time/],
  ["json('{')", /the text is no JSON/],
  ["sum(['x'])", /a number is wanted/],
  ["matches('a', '(')", /bad regular expression/],
  ["round(1.5, 'x')", /an integer is wanted/],
  ["int('9007199254740993')", /too large/],
];
for (const [text, message] of failures)
  test(`failure of ${text}`, () => {
    assert.throws(
      () => evaluate(text),
      (error) => error instanceof CtxError && message.test(error.message) && error.at !== undefined,
    );
  });

test("every function has a usage line that begins with its name, and a sentence", () => {
  for (const [name, { usage, help }] of functions) {
    assert.ok(usage.startsWith(`${name}(`));
    assert.match(help, /^[A-Z].*[^.]$/);
  }
});
