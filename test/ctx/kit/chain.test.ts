import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { deleteChain, getChain, setChain, splitChain } from "../../../src/ctx/kit/chain.ts";
import type { Value } from "../../../src/ctx/kit/value.ts";

const value: Value = { a: { b: [1, { c: 2 }, 3] }, nil: null, text: "x" };
const json = (text: string): Value => JSON.parse(text) as Value;

describe("C-13 key chains, any depth", () => {
  const gets: readonly (readonly [chain: string, got: Value | undefined])[] = [
    ["", value],
    ["a.b.0", 1],
    ["a.b.-1", 3],
    ["a.b.1.c", 2],
    ["a.b.3", undefined],
    ["a.b.-4", undefined],
    ["a.b.x", undefined],
    ["a.b.length", undefined],
    ["a.b.1e0", undefined],
    ["nil", null],
    ["nil.x", undefined],
    ["text.length", undefined],
    ["constructor", undefined],
    ["__proto__", undefined],
    ["a.__proto__", undefined],
    ["a.toString", undefined],
    ["a.b.99999999999999999999", undefined],
  ];
  for (const [chain, got] of gets)
    test(`get ${chain}`, () => assert.deepEqual(getChain(value, splitChain(chain)), got));

  const sets: readonly (readonly [before: string, chain: string, after: string])[] = [
    ["{}", "a.b.c", '{"a":{"b":{"c":9}}}'],
    ['{"a":1}', "", "9"],
    ["null", "a", '{"a":9}'],
    ["[1,2]", "0", "[9,2]"],
    ["[1,2]", "-1", "[9,1,2]"],
    ["[1,2]", "-2", "[1,2,9]"],
    ["[1,2]", "2", "[1,2,9]"],
    ["[1,2]", "-0", "[9,2]"],
    ["[1,2]", "-1.k", '[{"k":9},1,2]'],
    ["{}", "__proto__.x", '{"__proto__":{"x":9}}'],
    ["{}", "constructor.prototype.x", '{"constructor":{"prototype":{"x":9}}}'],
  ];
  for (const [before, chain, after] of sets) {
    test(`set ${chain} of ${before}`, () => {
      const given = json(before);
      const set = setChain(given, splitChain(chain), 9);
      assert.ok("value" in set);
      assert.equal(JSON.stringify(set.value), after);
      assert.equal(JSON.stringify(given), before, "what was given stays");
      assert.equal(({} as { x?: unknown }).x, undefined);
    });
  }
  const refused: readonly (readonly [before: string, chain: string, problem: string])[] = [
    ["[1]", "x", '"x" must be an index of a list'],
    ["[1]", "2", "index 2 is outside of a list of 1"],
    ["[1]", "-3", "index -3 is outside of a list of 1"],
    ['"text"', "a", '"a" goes into a value that has no parts'],
    ['{"a":7}', "a.b", '"b" goes into a value that has no parts'],
  ];
  for (const [before, chain, problem] of refused) {
    test(`set ${chain} of ${before}: ${problem}`, () =>
      assert.deepEqual(setChain(json(before), splitChain(chain), 9), { problem }));
  }

  test("a chain of more than 500 keys is refused", () => {
    const keys = (count: number): string[] => Array.from({ length: count }, () => "a");
    assert.ok("value" in setChain({}, keys(500), 9));
    assert.deepEqual(setChain({}, keys(501), 9), { problem: "a chain has at most 500 keys" });
    assert.deepEqual(setChain({}, keys(100_000), 9), { problem: "a chain has at most 500 keys" });
  });

  const deletes: readonly (readonly [before: string, chain: string, after: string | undefined])[] = [
    ['{"a":1,"b":2}', "a", '{"b":2}'],
    ['{"a":{"b":1,"c":2}}', "a.b", '{"a":{"c":2}}'],
    ["[1,2,3]", "1", "[1,3]"],
    ["[1,2,3]", "-1", "[1,2]"],
    ['[{"a":1}]', "0.a", "[{}]"],
    ['{"a":null}', "a", "{}"],
    ['{"a":1}', "b", undefined],
    ['{"a":1}', "toString", undefined],
    ["[1]", "5", undefined],
  ];
  for (const [before, chain, after] of deletes) {
    test(`delete ${chain} of ${before}`, () =>
      assert.equal(JSON.stringify(deleteChain(json(before), splitChain(chain))), after));
  }

  test("a key __proto__ is deleted like any other, and stays a key where another one goes", () => {
    const odd = json('{"__proto__":{"x":1},"a":1}');
    assert.equal(JSON.stringify(deleteChain(odd, ["a"])), '{"__proto__":{"x":1}}');
    assert.equal(JSON.stringify(deleteChain(odd, ["__proto__"])), '{"a":1}');
    assert.equal(JSON.stringify(deleteChain(odd, ["__proto__", "x"])), '{"__proto__":{},"a":1}');
  });

  test("what is set is got, whatever the keys", () => {
    const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "0", "-1", "toString"));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.string(), (keys, leaf) => {
        const set = setChain({}, keys, leaf);
        assert.ok("value" in set);
        assert.equal(getChain(set.value, keys), leaf);
        assert.equal(getChain(deleteChain(set.value, keys), keys), undefined);
      }),
    );
  });
});
