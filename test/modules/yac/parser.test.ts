import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Source } from "../../../src/ctx/index.ts";
import type { ExpressionHook } from "../../../src/modules/yac/hooks.ts";
import { isPartial, type Parsed, parseScript } from "../../../src/modules/yac/parser.ts";
import { printScript } from "../../../src/modules/yac/printer.ts";
import { expression } from "./expression.ts";
import { sketch } from "./sketch.ts";

const parse = (text: string): Parsed => parseScript(new Source("test", text), { expression });

const trees: readonly (readonly [text: string, tree: string])[] = [
  ["", ""],
  ["# nothing\n\n;;\n", ""],
  ["dir etc", "(call dir etc)"],
  ["echo a; echo b\necho c # d", "(call echo a)\n(call echo b)\n(call echo c)"],
  ["dir etc % order size limit 3", "(pipe (call dir etc) (operators order size limit 3))"],
  ["dir % filename % limit 2", "(pipe (call dir) (operators filename) (operators limit 2))"],
  ["a | b | c", "(pipe (call a) (call b) (call c))"],
  ["dir |\n # the program\n sort -r", "(pipe (call dir) (call sort -r))"],
  ["dir %\n order size\npwd", "(pipe (call dir) (operators order size))\n(call pwd)"],
  ["a && b || c && d", "(&& (|| (&& (call a) (call b)) (call c)) (call d))"],
  ["a % limit 1 && b | c", "(&& (pipe (call a) (operators limit 1)) (pipe (call b) (call c)))"],
  ["$t % order size", "(pipe (call $t) (operators order size))"],
  ["$t > t.csv", "(call $t (> t.csv))"],
  // Contexts.
  ["~nfs", "(call ~nfs)"],
  ["~nfs dir etc", "(call ~nfs dir etc)"],
  ["dir ~nfs", "(call dir ~nfs)"],
  ["a && ~nfs b | ~web.code c; ~ssh", "(&& (call a) (pipe (call ~nfs b) (call ~web.code c)))\n(call ~ssh)"],
  ["~/bin/x a", "(call ~/bin/x a)"],
  ["'~nfs' a", "(call '~nfs' a)"],
  ["a % ~x", "(pipe (call a) (operators ~x))"],
  ["echo $(~nfs pwd)", "(call echo $(~nfs pwd))"],
  // Words are kept as they are.
  ["echo x$a 'b c' \"d $e\" @f $[1 + 2] $g.h[0]", "(call echo x$a 'b c' \"d $e\" @f $[1 + 2] $g.h[0])"],
  ["dir % join (git sum) on c", "(pipe (call dir) (operators join (git sum) on c))"],
  ['echo "$(a; b | c)"', '(call echo "$(a; b | c)")'],
  ["echo $()", "(call echo $())"],
  // Expressions.
  ["dir % where size > 3 limit 5", "(pipe (call dir) (operators where {size > 3} limit 5))"],
  ["dir % where size > 3 > big.csv", "(pipe (call dir) (operators where {size > 3} (> big.csv)))"],
  [
    "dir % where a == b && c < 2 % limit 1",
    "(pipe (call dir) (operators where {a == b && c < 2}) (operators limit 1))",
  ],
  ["dir % filename where a == (b) order where", "(pipe (call dir) (operators filename where {a == (b)} order where))"],
  ["dir % group where where a == 1", "(pipe (call dir) (operators group where where {a == 1}))"],
  ["dir % group a sum where where b", "(pipe (call dir) (operators group a sum where where {b}))"],
  ["dir % sum where", "(pipe (call dir) (operators sum where))"],
  ["dir % set age age + 1 select set", "(pipe (call dir) (operators set age {age + 1} select set))"],
  ["dir % 'where' a", "(pipe (call dir) (operators 'where' a))"],
  ["dir | where size > 3", "(pipe (call dir) (call where {size > 3}))"],
  ["dir | set a b * 2 | c", "(pipe (call dir) (call set a {b * 2}) (call c))"],
  ["echo where set", "(call echo where set)"],
  ["dir % where a == $(b | c) limit 1", "(pipe (call dir) (operators where {a == $(b | c)} limit 1))"],
  // Around a command.
  ["a > f >> g < h 2> i 2>&1", "(call a (> f) (>> g) (< h) (2> i) (2>&1))"],
  ["pwd >$ p; dir >@ f filename", "(call pwd (>$ p))\n(call dir (>@ f filename))"],
  ["a >$x", "(call a (> $x))"],
  ["echo a ? 1 b", "(call echo a b (? {1}))"],
  ["echo a ? $f == 1 ?? 2 && b", "(&& (call echo a (? {$f == 1}) (?? {2})) (call b))"],
  ["a | b % c > f", "(pipe (call a) (call b) (operators c (> f)))"],
  ["a > f ? 1 | b", "(pipe (call a (? {1}) (> f)) (call b))"],
];

for (const [text, tree] of trees) {
  test(`C-20 C-23 C-24 parse: ${JSON.stringify(text)}`, () => {
    const { script, errors } = parse(text);
    assert.deepEqual(
      errors.map((error) => error.message),
      [],
    );
    assert.equal(sketch(script), tree);
  });
}

const errors: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["| a", ['1:1 a command cannot begin with "|"']],
  ["% a", ['1:1 a command cannot begin with "%"']],
  ["> f", ['1:1 a command cannot begin with ">"']],
  ["(a)", ['1:1 a command cannot begin with "(" (write $(…))']],
  ["a | | b", ['1:3 nothing follows "|"']],
  ["a % ; b", ['1:3 nothing follows "%"']],
  ["a |", ['1:3 nothing follows "|" …']],
  ["a %\n# c\n", ['1:3 nothing follows "%" …']],
  ["a && ", ['1:3 nothing follows "&&" …']],
  ["a ||\n", ['1:3 nothing follows "||" …']],
  ["a >", ['1:3 ">" needs a file']],
  ["a > | b", ['1:3 ">" needs a file']],
  ["a >$", ['1:3 ">$" needs the name of a variable']],
  ["a > f b", ['1:7 "b" stands after a redirection (write it before ">")']],
  ["a >$ x y z", ['1:10 "z" stands after a redirection (write it before ">$")']],
  ["a & b", ['1:3 background runs ("&") are not available yet']],
  ["a ) b", ['1:3 ")" without "("']],
  [") b; c |", ['1:1 ")" without "("', '1:8 nothing follows "|" …']],
  ["if 1\necho yes\nend", ['1:1 "if" comes with the script language', '3:1 "end" comes with the script language']],
  ["echo if; 'if' 1", []],
  ["FOO=1 a", ['1:1 "FOO=1" is no command (write let FOO = …, or let env.FOO = …)']],
  ["a 'b\nc", [`1:3 unclosed "'" …`]],
  ["a $(b 'c", [`1:7 unclosed "'" …`]],
  ["a $(b | c", ['1:3 unclosed "$(" …']],
  ["a $(| b) x; | c", ['1:5 a command cannot begin with "|"', '1:13 a command cannot begin with "|"']],
  [
    "a b(c) (; | d\n| e",
    ['1:4 "(" stands inside a word', '1:11 a command cannot begin with "|"', '2:1 a command cannot begin with "|"'],
  ],
  ["a % where", ["1:10 a value is missing …"]],
  ["a % where == 1; b |", ["1:10 a value is missing", '1:19 nothing follows "|" …']],
  ["a $[1 2]", ['1:7 unexpected "2" in an expression ("]" ends what "$[" began)']],
  ["a $[1 +", ["1:8 a value is missing …"]],
  ["a > f > ", ['1:7 ">" needs a file']],
];

for (const [text, expected] of errors) {
  test(`C-27 parse error: ${JSON.stringify(text)}`, () => {
    const found = parse(text).errors.map((error) => {
      const at = error.at?.source.place(error.at.span.start);
      const hint = error.hint === undefined || error.message.includes("stands inside") ? "" : ` (${error.hint})`;
      return `${at?.line}:${at?.column} ${error.message}${hint}${error.partial ? " …" : ""}`;
    });
    assert.deepEqual(found, expected);
  });
}

test("C-27 a text is partial when more of it would repair all that is wrong", () => {
  const partial = ["a |", "a 'b", "a $(b", "a \\", "a $[1 +", "a; b && # c"];
  const whole = ["", "a", "a | | b", "| a; b |", "if 1"];
  assert.deepEqual(
    partial.filter((text) => !isPartial(parse(text))),
    [],
  );
  assert.deepEqual(
    whole.filter((text) => isPartial(parse(text))),
    [],
  );
});

test("every node knows its place", () => {
  const text = " a b % c > d ;";
  const [chain] = parse(text).script.statements;
  const slice = (node: { start: number; end: number } | undefined) => text.slice(node?.start, node?.end);
  const [first, second] = chain?.first.stages ?? [];
  assert.deepEqual([chain, chain?.first, first, second, second?.redirections[0]].map(slice), [
    "a b % c > d",
    "a b % c > d",
    "a b",
    "c > d",
    "> d",
  ]);
});

test("without an expression hook, expressions are refused and the rest is read", () => {
  const { errors } = parseScript(new Source("test", "a % where b\nc $[1]\nd"));
  assert.deepEqual(
    errors.map((error) => error.message),
    ["an expression is not available here", "an expression is not available here"],
  );
});

test("500 nested commands are read, more are refused", () => {
  const nest = (depth: number, open: string, close: string): Parsed =>
    parse(`a ${open.repeat(depth)}b${close.repeat(depth)}`);
  assert.deepEqual(nest(500, "$(x ", ")").errors, []);
  assert.deepEqual(nest(250, '"$(x $[$(y ', ')])"').errors.length, 1);
  for (const [open, close] of [
    ["$(x ", ")"],
    ["$(x (y ", "))"],
    ['"$(x ', ')"'],
  ] as const) {
    const [error, ...more] = nest(20_000, open, close).errors;
    assert.match(error?.message ?? "", /^nested deeper than 500$/);
    assert.deepEqual(more.length, 0);
  }
});

test("what stands in a wrong command is read once, however deep", () => {
  for (const [open, close] of [
    ["((x ? 1 )y ", ")"],
    ["$(a ? 1 b( $(", "))"],
  ] as const) {
    let asked = 0;
    const counting: ExpressionHook = (...request) => {
      asked++;
      return expression(...request);
    };
    const text = `a ${open.repeat(40)}b${close.repeat(40)}`;
    const { errors } = parseScript(new Source("test", text), { expression: counting });
    assert.ok(errors.length > 0);
    assert.ok(asked <= 40, `${asked} times: ${text}`);
  }
});

const prints: readonly (readonly [text: string, printed: string])[] = [
  ["  a   b;c", "a b\nc\n"],
  ["a|b&&c||d", "a | b&&c || d\n"],
  ["a>f 2>&1 >>g", "a > f 2>&1 >> g\n"],
  ["a\\ b \\% 'c'\"d\"", "a' 'b '%' 'c'\"d\"\n"],
  ["a (b;c) $( d )", "a (b; c) $(d)\n"],
  ['"\\d\\\\n\\$x $y \\q"', '"\\d\\\\n\\$x $y \\q"\n'],
  ["a ? x>1 ?? $b % c", "a ? x>1 ?? $b % c\n"],
];

for (const [text, printed] of prints) {
  test(`print: ${JSON.stringify(text)}`, () => assert.equal(printScript(parse(text).script), printed));
}

/** Lines made of what the parser cares about. */
const line = fc
  .array(
    fc.oneof(
      fc.constantFrom("dir", "~nfs", "where", "set", "group", "a == b", "size > 3", "$x", "'q r'", '"t $y"', "if", "2"),
      fc.constantFrom("|", "%", "&&", "||", ";", "\n", ">", ">>", "2>", "2>&1", ">$", "<", "?", "??", "&", "# c\n"),
      fc.constantFrom("$(", "(", ")", "$[", "]", '"', "'", "\\", "\\\n", " ", " ", "$", "@", "{", ".b", "[0]", "中"),
    ),
    { maxLength: 14 },
  )
  .chain((pieces) => fc.constantFrom("", " ").map((blank) => pieces.join(blank)));

test("any text gives a tree or located errors, and printing is stable", () => {
  fc.assert(
    fc.property(line, (text) => {
      const parsed = parse(text);
      for (const { at } of parsed.errors) {
        assert.ok(at !== undefined && at.span.start <= at.span.end && at.span.end <= text.length);
      }
      if (parsed.errors.length > 0) return;
      const printed = printScript(parsed.script);
      const again = parse(printed);
      assert.deepEqual(again.errors, []);
      assert.equal(printScript(again.script), printed);
      assert.equal(sketch(again.script), sketch(parsed.script));
    }),
    { numRuns: 5000 },
  );
});
