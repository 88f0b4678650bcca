// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of the language
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError, Source } from "../../../src/ctx/index.ts";
import { quoteWord } from "../../../src/modules/lex/quote.ts";
import { longestSource, scanAll } from "../../../src/modules/lex/scanner.ts";
import { bareText } from "../../../src/modules/lex/token.ts";
import { hooks, shown } from "./shown.ts";

// A leading ! marks a word that was not typed bare.
const lines: readonly (readonly [line: string, tokens: string])[] = [
  // The original's recorded words.
  ["echo hello world", "echo hello world"],
  ["echo 'hello world'", "echo !'hello world'"],
  ["echo     many     spaces", "echo many spaces"],
  ["echo 'a\"b'", "echo !'a\"b'"],
  [`echo "it is 'quoted'"`, `echo !"'it is 'quoted''"`],
  ['echo "" x', 'echo !"" x'],
  ['echo "中文 ok"', "echo !\"'中文 ok'\""],
  ["echo a # comment", "echo a <comment>"],
  ["# only a comment", "<comment>"],
  ["echo 1 -1 0 00 1.5", "echo 1 -1 0 00 1.5"],
  ["echo one\\\ntwo three", "echo one+two three"],
  ["echo $(echo $(echo deep))", "echo !$(echo !$(echo deep))"],
  // Its accidents, put right.
  ["echo a ; echo b", "echo a <;> echo b"],
  ["echo a,b", "echo a,b"],
  ["echo [a] {a,b}", "echo [a] {a,b}"],
  ["echo a=b x$v", "echo a=b !x+$v"],
  ['echo "$v"', 'echo !"$v"'],
  ["echo $(echo a\nb)", "echo !$(echo a <newline> b)"],
  // Blanks and lines.
  ["", ""],
  ["  \t ", ""],
  ["a\nb\r\nc", "a <newline> b <newline> c"],
  ["a　b\u00a0c", "a b c"],
  ["\ufeffa", "a"],
  ["a \\\n b", "a b"],
  ["a\\\r\nb", "a+b"],
  ["a \\\n# b", "a <comment>"],
  ["a#b #c", "a#b <comment>"],
  ["# c\na", "<comment> <newline> a"],
  // A backslash frees what is special, else it stays.
  ["a\\ b", "!a+' '+b"],
  ["\\% \\$x \\#", "!'%' !'$'+x !'#'"],
  ["\\d+\\.go$", "\\d+\\.go$"],
  ["\\\\\\(\\)", "!'\\()'"],
  // Quotes.
  ["'a'b\"c\"", "!'a'+b+\"'c'\""],
  ["'\\n'", "!'\\n'"],
  ['"\\n\\t\\e\\"\\\\\\$x"', '!"\'\n\t\u001b"\\$x\'"'],
  ['"\\u{4e2d}\\u{1F600}\\u{zz}\\q"', "!\"'中😀\\u{zz}\\q'\""],
  ['"a\\\nb"', "!\"'ab'\""],
  ['"a\nb"', "!\"'a\nb'\""],
  // Variables.
  ["$name世界", "!$name+世界"],
  ['"$name世界"', "!\"$name+'世界'\""],
  ["$a.txt $a. $a[0][-1].b $a[x] $a[$i] $a[01]", "!$a.txt !$a+. !$a[0][-1].b !$a+[x] !$a[$i] !$a+[01]"],
  ["$0 $12 $# $* $? $_ $in", "!$0 !$12 !$# !$* !$? !$_ !$in"],
  ["$ a$ $.x $$x $% 5$", "$ a$ $.x !$+$x $% 5$"],
  ["$x$y", "!$x+$y"],
  ["@x @runtime.user.node a@b @ @/x", "!@x !@runtime.user.node a@b @ @/x"],
  ["@types/node", "!@types+/node"],
  ["$[1 + 2] ${a} a$[b]c", "!$[1 + 2] !${a} !a+$[b]+c"],
  ['"${a} $[b] $(c d)"', "!\"${a}+' $[b] '+$(c d)\""],
  // Commands.
  ["join (git sum) on c", "join !(git sum) on c"],
  ["$(a ')' \"$(b)\")x", "!$(a !')' !\"$(b)\")+x"],
  ["a )", "a <close>"],
  // Operators are whole words, or cannot stand in words at all.
  ["dir % order size", "dir <%> order size"],
  ["100% %x a%b", "100% %x a%b"],
  ["a|b||c", "a <|> b <||> c"],
  ["a && b & a&&b a&b http://x/?a=1&b=2", "a <&&> b <&> a&&b a&b http://x/?a=1&b=2"],
  ["a ? 1 ?? 2 a? ?x", "a <?> 1 <??> 2 a? ?x"],
  ["a>b>>c<d", "a <>> b <>>> c <<> d"],
  ["a 2>f 2>&1 2> f a2>f 12>f 2x", "a <2>> f <2>&1> <2>> f a2 <>> f 12 <>> f 2x"],
  ["a 2>&1x 2>&1;b", "a <2>> &1x <2>&1> <;> b"],
  ["a >$ x >@ y >$x >@y a>$ z", "a <>$> x <>@> y <>> !$x <>> !@y a <>$> z"],
  ["remote '%' \"|\"", "remote !'%' !\"'|'\""],
  ["~nfs ~/x ~", "~nfs ~/x ~"],
  ["a;;b", "a <;> <;> b"],
];

for (const [line, tokens] of lines) test(`C-20 scan: ${JSON.stringify(line)}`, () => assert.equal(shown(line), tokens));

test("tokens and parts know their places", () => {
  const text = 'dir  x"a$b.c" # end\n';
  const places = scanAll(new Source("test", text), hooks).map((token) => [token.kind, token.start, token.end]);
  assert.deepEqual(places, [
    ["word", 0, 3],
    ["word", 5, 13],
    ["comment", 14, 19],
    ["newline", 19, 20],
    ["end", 20, 20],
  ]);
  const [, word] = scanAll(new Source("test", text), hooks);
  assert.deepEqual(word?.kind === "word" && word.parts[1], {
    kind: "text",
    start: 6,
    end: 13,
    parts: [
      { kind: "raw", text: "a", start: 7, end: 8 },
      { kind: "variable", name: "b", steps: [{ kind: "key", name: "c", start: 10, end: 12 }], start: 8, end: 12 },
    ],
  });
});

const errors: readonly (readonly [text: string, message: string, place: string, partial: boolean])[] = [
  ["a 'b", `unclosed "'"`, "1:3", true],
  ['a\nb "c', `unclosed '"'`, "2:3", true],
  ["a $(b", 'unclosed "$("', "1:3", true],
  ['"$(b"', "unclosed '\"'", "1:5", true],
  ["a (b", 'unclosed "("', "1:3", true],
  ["a $[b", 'unclosed "$["', "1:3", true],
  ['"${b', 'unclosed "${"', "1:2", true],
  ["a \\", 'nothing follows "\\"', "1:3", true],
  ["a b(c)", '"(" stands inside a word', "1:4", false],
  ["a (b)c", '"(" stands inside a word', "1:3", false],
  ["a ${b]}", 'unexpected "]" in an expression', "1:6", false],
];

for (const [text, message, place, partial] of errors) {
  test(`C-27 scan error: ${JSON.stringify(text)}`, () => {
    const error = errorOf(() => scanAll(new Source("test", text), hooks));
    const at = error.at?.source.place(error.at.span.start);
    assert.deepEqual([error.message, `${at?.line}:${at?.column}`, error.partial], [message, place, partial]);
  });
}

test("without hooks, what only they can read is refused", () => {
  assert.equal(errorOf(() => scanAll(new Source("test", "a $(b)"))).message, "$(command) is not available here");
  assert.equal(errorOf(() => scanAll(new Source("test", "a ${b}"))).message, "${expression} is not available here");
});

test("a source over 16 MB is refused", () => {
  assert.equal(errorOf(() => scanAll(new Source("big", "x".repeat(longestSource + 1)))).code, "too_large");
  assert.equal(scanAll(new Source("big", "x".repeat(longestSource))).length, 2);
});

/** Text made of what the scanner cares about. */
const troubled = fc.string({
  unit: fc.constantFrom(..."ab2 \t\n\\'\"$()[]{}<>|&;%?@#~.*=-中😀", "\r\n", "$(", "${", "$[", "x.y", "\u3000"),
  maxLength: 40,
});

test("any text scans to tokens that cover it, or to a located error", () => {
  fc.assert(
    fc.property(troubled, (text) => {
      const source = new Source("test", text);
      let at = 0;
      try {
        for (const token of scanAll(source, hooks)) {
          assert.match(text.slice(at, token.start), /^(?:[ \t\r\u3000]|\\\r?\n)*$/u);
          assert.ok(token.end > token.start || token.kind === "end");
          if (token.kind === "word") assertCovered(text, token);
          at = token.end;
        }
        assert.equal(at, text.length);
      } catch (error) {
        assert.ok(error instanceof CtxError, String(error));
        const { start = -1, end = -1 } = error.at?.span ?? {};
        assert.ok(start >= 0 && start <= end && end <= text.length);
      }
    }),
    { numRuns: 3000 },
  );
});

function assertCovered(
  text: string,
  word: { start: number; end: number; parts: readonly { start: number; end: number }[] },
) {
  let at = word.start;
  for (const part of word.parts) {
    assert.match(text.slice(at, part.start), /^(?:\\\r?\n)*$/);
    at = part.end;
  }
  assert.equal(at, word.end);
}

test("any text survives being quoted and scanned", () => {
  fc.assert(
    fc.property(fc.oneof(troubled, fc.string({ unit: "binary" })), (text) => {
      const [word, end] = scanAll(new Source("test", quoteWord(text)), hooks);
      assert.equal(end?.kind, "end");
      assert.ok(word?.kind === "word");
      assert.ok(word.parts.length <= 1);
      const [part] = word.parts;
      const inner = part?.kind === "text" ? part.parts[0] : part;
      assert.equal(inner !== undefined && "text" in inner ? inner.text : "", text);
      if (word.bare) assert.equal(bareText(word), text);
    }),
    { numRuns: 3000 },
  );
});

function errorOf(run: () => unknown): CtxError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof CtxError, String(error));
    return error;
  }
  return assert.fail("no error");
}
