import assert from "node:assert/strict";
import { test } from "node:test";
import { CtxError, drawError } from "../../../src/ctx/errors.ts";
import { type ParseOptions, parseExpression, parseWhole } from "../../../src/ctx/expr/parse.ts";
import { printTree } from "../../../src/ctx/expr/print.ts";
import { Source } from "../../../src/ctx/source.ts";

const source = (text: string): Source => new Source("line", text);
const printed = (text: string, options?: ParseOptions): string => printTree(parseWhole(source(text), options));

function failure(run: () => unknown): CtxError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof CtxError, String(error));
    return error;
  }
  throw new Error("nothing failed");
}

// What it prints shows how it was read: brackets stand only where they are needed.
const readings: [string, string][] = [
  ["10 - 2 * 3 - 4", "10 - 2 * 3 - 4"],
  ["10 - (2 * 3) - 4", "10 - 2 * 3 - 4"],
  ["10 - (2 - 3)", "10 - (2 - 3)"],
  ["(1 + 2) * 3", "(1 + 2) * 3"],
  ["7 % 3", "7 mod 3"],
  ["a && b || c", "a and b or c"],
  ["a and (b or c)", "a and (b or c)"],
  ["not a == b", "not a == b"],
  ["!a == b", "(not a) == b"],
  ["!(a == b)", "not a == b"],
  ["not a and b", "not a and b"],
  ["-a.b[1]", "-a.b[1]"],
  ["- -1", "--1"],
  ["a ? b : c ? d : e", "a ? b : c ? d : e"],
  ["(a ? b : c) ? d : e", "(a ? b : c) ? d : e"],
  ["a ?? b || c", "a ?? b or c"],
  ["(a ?? b) || c", "(a ?? b) or c"],
  ["a == b ? 1 : 2", "a == b ? 1 : 2"],
  ["(a == b) == c", "(a == b) == c"],
  ["x between 1 and 2 + 3 and y", "x between 1 and 2 + 3 and y"],
  ["x not between 1 and 2", "not x between 1 and 2"],
  ["x in [1, 2,]", "x in [1, 2]"],
  ["x not in y", "not x in y"],
  ["x is null", "x is null"],
  ["x is not null and y", "not x is null and y"],
  ["1 + 2 == 3", "1 + 2 == 3"],
  ["[1, [2], {}]", "[1, [2], {}]"],
  ["{a: 1, 'b c': 2, \"d\": 3, 4: 5}", "{a: 1, 'b c': 2, d: 3, 4: 5}"],
  ["lower(x)[0].y", "lower(x)[0].y"],
  ["a.b.c(1)", "a.b.c(1)"],
  ["init.shy", "init.shy"],
  ["`Unit Price` > 3", "`Unit Price` > 3"],
  ["`a``b`", "`a``b`"],
  ["0x1f", "31"],
  ["10kb", "10000"],
  ["10KiB", "10240"],
  ["1.50", "1.5"],
  ["7.0", "7.0"],
  ["2h30m", "2h30m"],
  ["90m", "1h30m"],
  ["2019-05-10T11:11:02Z", "2019-05-10T11:11:02.000Z"],
  ["'it''s'", "'it'"],
  ['"it\'s $ 5"', '"it\'s \\$ 5"'],
  ['"\\n\\t\\e\\"\\\\\\$\\u{4e16}\\x"', "'\n\t\u001b\"\\$世\\x'"],
  ["名字 == 张三", "名字 == 张三"],
  ["(1 +\n 2 # two\n)", "1 + 2"],
  ["1 + \\\n 2", "1 + 2"],
];
for (const [text, expected] of readings)
  test(`reads ${text}`, () => assert.equal(printTree(parseExpression(source(text)).tree), expected));

const stops: [string, string][] = [
  ["size > 100 > big.csv", "> big.csv"],
  ["size > 100 < in.csv", "< in.csv"],
  ["size > 100 >> big.csv", ">> big.csv"],
  ["size > 100 2> big.csv", "2> big.csv"],
  ["size is not null > f", "> f"],
  ["not a in b > f", "> f"],
  ["a between 1 and 2 > f", "> f"],
  ["size >> f", ">> f"],
  ["size > 3 limit 5", "limit 5"],
  ["size > 3 % order size", "% order size"],
  ["size > 3 | sort", "| sort"],
  ["size > 3; dir", "; dir"],
  ["size > 3 & dir", "& dir"],
  ["size > 3\ndir", "\ndir"],
  ["size > 3 # note", "# note"],
  ["a && b || c d", "d"],
  ["(7 % 4) > 2 > f", "> f"],
  ["a not b", "not b"],
];
for (const [text, rest] of stops)
  test(`stops before ${rest.trim()} in: ${text.replace("\n", "⏎")}`, () => {
    const { end } = parseExpression(source(text), 0, { stage: true });
    assert.equal(text.slice(end).replace(/^ +/, ""), rest);
  });

test("a condition of a command takes one value, sum or comparison", () => {
  const rest = (text: string): string =>
    text.slice(parseExpression(source(text), 0, { stage: true, short: true }).end).trim();
  assert.equal(rest("a + 1 == 2 ?? b"), "?? b");
  assert.equal(rest("a && b"), "&& b");
  assert.equal(rest("a % limit 3"), "% limit 3");
});

const errors: [string, string, partial?: boolean][] = [
  ["007", 'error: "007" is no number (write 7, or quote it)\n  line:1:1: 007\n            ^^^'],
  ["1 + 1.2.3", 'error: "1.2.3" is no number (quote it if it is text)\n  line:1:5: 1 + 1.2.3\n                ^^^^^'],
  ["9007199254740992", '"9007199254740992" is too large for an integer'],
  ["2019-02-30", '"2019-02-30" is no time'],
  ["1 +", 'a value is missing after "+"', true],
  ["(1", 'unclosed "("', true],
  ["[1,", 'unclosed "["', true],
  ["{a: 1", 'unclosed "{"', true],
  ["f(1", 'unclosed "("', true],
  ["'abc", `unclosed "'"`, true],
  ['"abc', 'unclosed """', true],
  ["`abc", 'unclosed "`"', true],
  ["a ? b", '":" is missing after "?"', true],
  ["a between 1", '"and" is missing after "between"', true],
  ["(1 2)", '")" is missing before "2"'],
  ["", "a value is missing"],
  ["a < b < c", '"<" cannot follow a comparison'],
  ["a = b", 'one "=" compares nothing (write "==")'],
  ["a == not b", '"not" binds too loosely here'],
  ["a is 5", '"is" wants null'],
  ["a b", '"b" does not go on the expression'],
  ["* 3", '"*" is no value'],
  ["and", '"and" is no value'],
  ["$x + 1", '"$x" is for scripts only'],
  ["@x", '"@x" is for scripts only'],
  ["$(dir)", '"$(" is for scripts only'],
  ["?(dir)", '"?(" is for scripts only'],
  ['"a $x"', '"$x" is for scripts only'],
  ["'f'(1)", "only a function by its name can be called"],
];
for (const [text, message, partial = false] of errors)
  test(`error in ${text}`, () => {
    const error = failure(() => parseWhole(source(text)));
    assert.equal(error.code, "parse_error");
    assert.ok(drawError(error).includes(message), drawError(error));
    assert.equal(error.partial, partial);
    assert.ok(error.at !== undefined);
  });

test("nesting ends at 500, and never the stack", () => {
  const nest = (open: string, close: string, n: number): string => `${open.repeat(n)}1${close.repeat(n)}`;
  for (const [open, close] of [
    ["(", ")"],
    ["[", "]"],
    ["f(", ")"],
    ["-", ""],
    ["not ", ""],
    ["{a:", "}"],
    ["1?", ":1"],
  ] as const) {
    const text = (n: number): string => nest(open, close, n);
    assert.ok(printed(text(499)).length > 0, open);
    assert.match(failure(() => printed(text(501))).message, /nested deeper than 500/);
    assert.match(failure(() => printed(text(10_000))).message, /nested deeper than 500/);
    assert.match(failure(() => printed(open.repeat(10_000))).message, /nested deeper than 500/);
  }
  assert.match(failure(() => printed("(a*1+1==1 and 1 or 1 ?? ".repeat(10_000))).message, /nested deeper/);
  assert.match(failure(() => printed(`a${".b".repeat(10_000)}`)).message, /nested deeper/);
  assert.equal(printed(`1${" + 1".repeat(20_000)}`).length, 80_001);
});

test("the hook reads what is the script's, and data never reaches it", () => {
  const host: ParseOptions["host"] = (from, offset, within, depth) => {
    const text = /^\$[a-z]+/.exec(from.text.slice(offset))?.[0];
    if (text === undefined) return undefined;
    const end = offset + text.length;
    return { node: { kind: "host", span: { start: offset, end }, text, host: `${within} ${depth}` }, end };
  };
  assert.equal(printed('$a.b + "x$#y$c\\u{64}"', { host }), '$a.b + "x\\$#y$c\\u{64}"');
  assert.deepEqual(parseWhole(source("$a"), { host }), {
    kind: "host",
    span: { start: 0, end: 2 },
    text: "$a",
    host: "value 1",
  });
  assert.match(failure(() => printed("$1", { host })).message, /"\$1" is no value/);
  assert.match(failure(() => printed("$a", { host, data: true })).message, /"\$a" is for scripts only/);
});

test("every piece that is taken is told, with its place", () => {
  const text = "lower(a) == 'x' and `b` > 10kb or not true";
  const seen: string[] = [];
  parseWhole(source(text), { seen: (kind, span) => seen.push(`${kind} ${text.slice(span.start, span.end)}`) });
  assert.deepEqual(seen, [
    "function lower",
    "bracket (",
    "name a",
    "bracket )",
    "operator ==",
    "text 'x'",
    "operator and",
    "column `b`",
    "operator >",
    "number 10kb",
    "operator or",
    "operator not",
    "word true",
  ]);
});

test("megabytes of one thing are read or refused, and never reach the end of the stack", () => {
  const much = 2_000_000;
  const read = ["( ", "(#\n", "1 \\\n", "a", "世", "1", "1.1", "1h", "'", '"\\n', "`", "1+", "[1,", "f(", "-"];
  for (const piece of read) {
    const tail = piece.slice(1) || piece;
    try {
      parseExpression(source(piece + tail.repeat(much / tail.length)));
    } catch (error) {
      assert.ok(error instanceof CtxError, `${piece}: ${error}`);
      assert.ok(error.message.length < 100, piece);
    }
  }
});
