import assert from "node:assert/strict";
import { test } from "node:test";
import { CtxError, drawError } from "../../../src/ctx/errors.ts";
import { constant, ready, waiting } from "../../../src/ctx/expr/code.ts";
import { compileValue, type Position, type Scope } from "../../../src/ctx/expr/compile.ts";
import { parseWhole } from "../../../src/ctx/expr/parse.ts";
import { printTree } from "../../../src/ctx/expr/print.ts";
import { Duration, Float, printValue, type Value } from "../../../src/ctx/kit/value.ts";
import { Source } from "../../../src/ctx/source.ts";

type Frame = Readonly<Record<string, Value>>;

const frame: Frame = {
  n: 7,
  f: 2.5,
  t: "12",
  word: "abc",
  nil: null,
  list: [1, 2, 3],
  map: { a: 1, b: { c: "deep" } },
  table: [{ size: 1 }, { size: 2 }],
  at: new Date(2019, 4, 10, 11, 11, 2),
  long: new Duration(9_000_000),
};

/** A scope as a script has it: names are variables, an unknown one is text where the language says so. */
const scope: Scope<Frame> = {
  text: new Set<Position>(["value", "right", "default"]),
  name: ({ name }) => (Object.hasOwn(frame, name) ? ready((from: Frame) => from[name] ?? null) : undefined),
  unknown: ({ name }, at) => new CtxError("parse_error", `unknown name "${name}"`, { at, hint: "quote it" }),
  call: ({ name }) => {
    if (name === "twice") return { waits: false, run: ([x = null]) => [x, x] };
    return name === "later" ? { waits: true, run: ([x = null]) => Promise.resolve(x) } : undefined;
  },
};

function evaluate(text: string): Value {
  const source = new Source("line", text);
  const code = compileValue(parseWhole(source), scope, { source, now: () => Date.UTC(2020, 0, 1) });
  const value = code.run(frame);
  assert.ok(!(value instanceof Promise));
  return value;
}

const results: [string, Value][] = [
  ["7 / 2", 3],
  ["-7 / 2", -3],
  ["7.0 / 2", 3.5],
  ["7 % 3", 1],
  ["-7 mod 3", -1],
  ["7.5 mod 2", 1.5],
  ["10 - 2 * 3 - 4", 0],
  ["2 * 3 * 4 + 1", 25],
  ["1.5 + 1.5", new Float(3)],
  ["0 * -1", 0],
  ["+5", 5],
  ["3 * -2", -6],
  ["0x1f + 1", 32],
  ["10kib - 10kb", 240],
  ["t + 1", 13],
  ["t * 2", 24],
  ["'1.0' + 1", new Float(2)],
  ["word + 1", "abc1"],
  ["nil + word", "abc"],
  ["'ab' + 'cd'", "abcd"],
  ["list + [4]", [1, 2, 3, 4]],
  ["list + 4", [1, 2, 3, 4]],
  ["1 + 2 == 3", true],
  ["1 < 2 + 3", true],
  ["t == 12", true],
  ["t == '12.0'", false],
  ["t == 12.0", true],
  ["word == abc", true],
  ["word != abc", false],
  ["word == init.shy", false],
  ["init.shy", "init.shy"],
  ["[abc, com.demo]", ["abc", "com.demo"]],
  ["true == 'true'", true],
  ["t > 9", true],
  ["t > '9'", true],
  ["'a' < 'b'", true],
  ["'10' < '9x'", true],
  ["'9007199254740993' > '9007199254740992'", true],
  ["nil == null", false],
  ["nil != 1", false],
  ["not nil == 1", true],
  ["nil < 1", false],
  ["nil is null", true],
  ["n is not null", true],
  ["2 in list", true],
  ["9 not in list", true],
  ["'a' in map", true],
  ["'b' in word", true],
  ["nil in list", false],
  ["n between 1 and 7", true],
  ["n between 8 and 9", false],
  ["nil between 1 and 2", false],
  ["word ~ '^a.c$'", true],
  ["word !~ '^a.c$'", false],
  ["word ~ ('^' + 'a')", true],
  ["at == '2019-05-10 11:11:02'", true],
  ["at > 2019-05-10", true],
  ["at < '2019-05-11'", true],
  ["at == 2019-05-10 11:11:02", true],
  ["at in [2019-05-10 11:11, 2019-05-10T11:11:02]", true],
  ["at + 1d > 2019-05-11", true],
  ["at - 2019-05-10 == 11h11m2s", true],
  ["1d + 2019-05-10 == 2019-05-11", true],
  ["long == '2h30m'", true],
  ["long > 2h", true],
  ["long * 2", new Duration(18_000_000)],
  ["2 * long", new Duration(18_000_000)],
  ["long / 3", new Duration(3_000_000)],
  ["-long", new Duration(-9_000_000)],
  ["long - 30m", new Duration(7_200_000)],
  ["n > 5 ? big : small", "big"],
  ["n > 9 || n == 7 && true", true],
  ["nil ?? word ?? 1", "abc"],
  ["nil ?? nil", null],
  ["nil.x.y ?? none", "none"],
  ["false && 1 / 0", false],
  ["true or 1 / 0", true],
  ["1 ?? 1 / 0", 1],
  ["true ? 1 : 1 / 0", 1],
  ["!n", false],
  ["map.b.c", "deep"],
  ["map['a']", 1],
  ["map.zzz", null],
  ["list[0]", 1],
  ["list[-1]", 3],
  ["list[9]", null],
  ["table.size", [1, 2]],
  ["table[1].size", 2],
  ["'a👍c'[1]", "👍"],
  ["{a: n, 'b c': [n]}", { a: 7, "b c": [7] }],
  ["twice(n)", [7, 7]],
  ["now() == 2020-01-01T00:00:00Z", true],
];
for (const [text, expected] of results) test(`value of ${text}`, () => assert.deepEqual(evaluate(text), expected));

const failures: [string, string][] = [
  ["1 / 0", "error: division by zero\n  line:1:5: 1 / 0\n                ^"],
  ["n % 0", "division by zero"],
  ["9007199254740991 + 1", "the result is too large for an integer"],
  ["9007199254740991 * -2", "the result is too large for an integer"],
  ["'99999999999999999999' + 1", "too large for an integer"],
  ["word * 2", 'error: word is "abc", not a number\n  line:1:1: word * 2\n            ^^^^'],
  ["2 - 'x'", '"x" is not a number'],
  ["nil * 2", "nil is null, not a number"],
  ["-word", 'word is "abc", not a number'],
  ["n - long", "long is 2h30m, not a number"],
  ["long - n", "n is 7, not a duration"],
  ["at * 2", "not a number"],
  ["1 + map", "not a number or text"],
  ["long > 5", "a duration and a number have no order\n  line:1:1: long > 5\n            ^^^^^^^^"],
  ["list < 1", "a list and a number have no order"],
  ["word ~ '('", "bad regular expression"],
  ["word ~ ('(' + word)", "bad regular expression"],
  ["abc + 1", 'unknown name "abc" (quote it)'],
  ["n < abc", 'unknown name "abc"'],
  ["word.x", 'text has no part "x"'],
  ["n[0]", "integer has no items"],
  ["list[word]", '"abc" is no index'],
  ["lenn(1)", 'no function "lenn" (did you mean "len"?)'],
  ["sum()", "sum takes 1 or more arguments, but has 0"],
  ["len()", "len takes 1 argument, but has 0 (usage: len(value))"],
  ["round(1, 2, 3)", "round takes 1 to 2 arguments, but has 3"],
  ["int('x')", "error: \"x\" is no number\n  line:1:1: int('x')\n            ^^^^^^^^"],
];
for (const [text, message] of failures)
  test(`failure of ${text}`, () => {
    assert.throws(
      () => evaluate(text),
      (error) => {
        assert.ok(error instanceof CtxError, String(error));
        assert.ok(drawError(error).includes(message), drawError(error));
        return error.at !== undefined;
      },
    );
  });

test("what has to wait is waited for, in order and only where it must", async () => {
  const calls: string[] = [];
  const slow: Scope<null> = {
    text: new Set(),
    unknown: ({ name }) => new CtxError("parse_error", name),
    name: ({ name }) =>
      waiting(() => {
        calls.push(name);
        return Promise.resolve(name === "zero" ? 0 : name);
      }),
  };
  const run = (text: string): Value | Promise<Value> => compileValue(parseWhole(new Source("x", text)), slow).run(null);
  assert.equal(await run("a + b + 'c'"), "abc");
  assert.equal(await run("zero && d"), false);
  assert.equal(await run("zero || e"), true);
  assert.equal(await run("f ?? g"), "f");
  assert.equal(await run("zero ? h : i"), "i");
  assert.equal(printValue(await run("[j, {k: k}, len(l)]")), '["j",{"k":"k"},1]');
  assert.equal(await run("1 + 1"), 2);
  assert.deepEqual(calls.join(""), "abzerozeroefzeroijkl");
});

test("constants are worked out once, when compiling", () => {
  const code = compileValue(parseWhole(new Source("x", "1 + 2 * 3 == 7 and not false")), scope);
  assert.equal(code.varies, "never");
  assert.deepEqual(constant(true).run(null), code.run(frame));
  assert.equal(compileValue(parseWhole(new Source("x", "now() - 1d")), scope, { now: () => 0 }).varies, "seldom");
});

test("a sum of 100,000 terms does not reach the end of the stack", () => {
  assert.equal(evaluate(`n${" + 1".repeat(100_000)}`), 100_007);
  assert.equal(evaluate(`n == 0${" or n == 8".repeat(100_000)}`), false);
});

test("the highest tree that parses can be compiled, run and printed", () => {
  const nest = (n: number): string => `${"int(".repeat(n)}n${" * 1 + 1 == 1 and 1 or 1 ?? 1)".repeat(n)}`;
  const source = (n: number): Source => new Source("x", nest(n));
  let n = 1;
  for (let fits = true; fits; n++) {
    try {
      parseWhole(source(n + 1));
    } catch (error) {
      assert.match(String(error), /nested deeper than 500/);
      fits = false;
    }
  }
  assert.ok(n > 100);
  assert.equal(evaluate(nest(n - 1)), 1);
  assert.ok(printTree(parseWhole(source(n - 1))).length > n);
});
