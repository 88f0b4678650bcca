import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CtxError } from "../../src/ctx/errors.ts";
import { Duration, Float } from "../../src/ctx/kit/value.ts";
import * as kinds from "../../src/ctx/param.ts";

const {
  boolean,
  choice,
  duration,
  flag,
  float,
  integer,
  isSecret,
  json,
  list,
  Mismatch,
  secret,
  size,
  text,
  time,
  tuple,
} = kinds;
const one = integer("One", { min: 1, max: 9 });
const sample = {
  text: text("Text"),
  secret: secret("Secret"),
  integer: one,
  float: float("Float", { max: 10 }),
  boolean: boolean("Boolean"),
  flag: flag("Flag"),
  choice: choice(["red", "green"], "Choice"),
  path: kinds.path("Path"),
  address: kinds.address("Address"),
  duration: duration("Duration"),
  time: time("Time"),
  size: size("Size"),
  json: json("JSON"),
  expression: kinds.expression("Expression"),
  command: kinds.command("Command"),
  list: list(one),
  tuple: tuple([one, choice(["a", "b"], "Letter")], "Tuple"),
} as const;
type Name = keyof typeof sample;

describe("C-16 typed options, read from words", () => {
  const reads: readonly (readonly [kind: Name, words: readonly string[], value: unknown])[] = [
    ["text", [""], ""],
    ["integer", ["7"], 7],
    ["integer", ["007"], 7],
    ["float", ["-.5"], -0.5],
    ["float", ["1e1"], 10],
    ["boolean", ["ON"], true],
    ["boolean", ["no"], false],
    ["boolean", [""], false],
    ["choice", ["red"], "red"],
    ["duration", ["1500"], 1500],
    ["duration", ["2h30m"], 9_000_000],
    ["time", ["1557457862000"], new Date(1557457862000)],
    ["size", ["10kb"], 10_000],
    ["size", ["10kib"], 10_240],
    ["json", ['{"a":1}'], { a: 1 }],
    ["json", ["no json"], "no json"],
    ["list", ["1", "2"], [1, 2]],
    ["tuple", ["1", "b"], [1, "b"]],
    ["command", ["dir", "--x"], ["dir", "--x"]],
  ];
  for (const [kind, words, value] of reads) {
    test(`${kind} ${words.join(" ")}`, () => assert.deepEqual(sample[kind].read(words), value));
  }

  const refuses: readonly (readonly [kind: Name, words: readonly string[], problem: string])[] = [
    ["integer", ["x"], 'must be a whole number, but is "x"'],
    ["integer", ["1.0"], 'must be a whole number, but is "1.0"'],
    ["integer", [""], 'must be a whole number, but is ""'],
    ["integer", ["0"], 'must be a whole number from 1, but is "0"'],
    ["integer", ["10"], 'must be a whole number up to 9, but is "10"'],
    ["integer", ["9007199254740993"], 'must be a whole number, but is "9007199254740992"'],
    ["float", ["1e999"], 'must be a number, but is "Infinity"'],
    ["float", ["Infinity"], 'must be a number, but is "Infinity"'],
    ["boolean", ["maybe"], 'must be true or false, but is "maybe"'],
    ["choice", ["blue"], 'must be red, green, but is "blue"'],
    ["choice", ["constructor"], 'must be red, green, but is "constructor"'],
    ["duration", ["soon"], 'must be a duration such as 500ms, 10s, 2h30m, but is "soon"'],
    ["time", ["99999999999999999999"], 'must be a time such as 2019-05-10 11:11:02, but is "99999999999999999999"'],
    ["time", ["yesterdayish"], 'must be a time such as 2019-05-10 11:11:02, but is "yesterdayish"'],
    ["size", ["big"], 'must be a size such as 512, 10kb, 4mib, but is "big"'],
    ["size", ["99999999999999999999"], 'must be a size such as 512, 10kb, 4mib, but is "100000000000000000000"'],
    ["list", ["1", "x"], 'must be a whole number, but is "x"'],
    ["tuple", ["1"], 'must be a, b, but is ""'],
  ];
  for (const [kind, words, problem] of refuses) {
    test(`${kind} ${words.join(" ")}: ${problem}`, () =>
      assert.throws(
        () => sample[kind].read(words),
        (error) => error instanceof Mismatch && error.message === problem,
      ));
  }

  test("a typed value beside the word is taken as it is", () => {
    const word = (value: Duration | Date) => [{ text: "shown", bare: false, value }];
    assert.equal(sample.duration.read(word(new Duration(5))), 5);
    assert.deepEqual(sample.time.read(word(new Date(5))), new Date(5));
    assert.deepEqual(sample.json.read([{ text: "7.0", bare: false, value: new Float(7) }]), new Float(7));
  });

  test("a long culprit is cut", () => {
    assert.throws(
      () => sample.choice.read(["x".repeat(1000)]),
      ({ message }: Error) => message.length < 100,
    );
  });
});

describe("C-16 typed options, checked as they come by JSON", () => {
  const checks: readonly (readonly [kind: Name, given: unknown, value: unknown])[] = [
    ["text", 7, "7"],
    ["secret", "x", "x"],
    ["secret", 7, "7"],
    ["integer", 7, 7],
    ["float", new Float(7), 7],
    ["boolean", "yes", true],
    ["flag", false, false],
    ["duration", "10s", 10_000],
    ["time", 5, new Date(5)],
    ["time", "1970-01-01T00:00:00Z", new Date(0)],
    ["size", "1kb", 1000],
    ["list", 7, [7]],
    ["list", [1, 2], [1, 2]],
    ["tuple", [1, "a"], [1, "a"]],
    ["command", ["dir"], ["dir"]],
  ];
  for (const [kind, given, value] of checks) {
    test(`${kind} ${JSON.stringify(given)}`, () => assert.deepEqual(sample[kind].check(given), value));
  }

  const refuses: readonly (readonly [kind: Name, given: unknown])[] = [
    ["text", null],
    ["text", ["a"]],
    ["text", { toString: "x" }],
    ["secret", null],
    ["integer", "7"],
    ["integer", 1.5],
    ["float", "7"],
    ["float", Number.NaN],
    ["boolean", null],
    ["boolean", {}],
    ["choice", "blue"],
    ["choice", ["red"]],
    ["duration", true],
    ["time", new Date(Number.NaN)],
    ["time", 1e300],
    ["time", null],
    ["size", 1.5],
    ["list", ["x"]],
    ["tuple", [1]],
    ["tuple", "1a"],
    ["command", "dir"],
    ["command", [1]],
  ];
  for (const [kind, given] of refuses) {
    test(`${kind} refuses ${JSON.stringify(given) ?? String(given)}`, () =>
      assert.throws(() => sample[kind].check(given), Mismatch));
  }

  test("a secret that does not fit is not repeated", () => {
    assert.throws(() => sample.secret.check(["hunter2"]), { message: "must be text" });
  });
});

describe("kinds", () => {
  test("whatever is read or checked gives a value or a Mismatch", () => {
    const names = Object.keys(sample) as Name[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.string(), { maxLength: 3 }),
        fc.jsonValue(),
        (name, words, value) => {
          for (const act of [() => sample[name].read(words), () => sample[name].check(value)]) {
            try {
              act();
            } catch (error) {
              assert.ok(error instanceof Mismatch || error instanceof CtxError, String(error));
            }
          }
        },
      ),
    );
  });
  test("what holds a secret is one", () => {
    assert.equal(isSecret(sample.secret), true);
    assert.equal(isSecret(list(sample.secret)), true);
    assert.equal(isSecret(tuple([sample.text, sample.secret], "Pair")), true);
    assert.equal(isSecret(sample.list), false);
  });
  test("required: neither optional, nor with a default, nor without words", () => {
    assert.equal(text("x").required, true);
    assert.equal(text("x", { optional: true }).required, false);
    assert.equal(text("x", { default: "" }).required, false);
    assert.equal(flag("x").required, false);
    assert.equal(list(one).required, false);
    assert.equal(list(one, { required: true }).required, true);
  });
});
