import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAddress, isBelow, isInside, isLabel, parentOf, placeOf, wayTo } from "../../../src/modules/ssh/route.ts";

describe("S4 addresses are compared by whole labels", () => {
  const rows: readonly (readonly [address: string, top: string, inside: boolean, below: boolean])[] = [
    ["com.demo", "com.demo", true, false],
    ["com.demo.sub", "com.demo", true, true],
    ["com.demo2", "com.demo", false, false],
    ["com.demo", "com.demo2", false, false],
    ["com.demo", "com.dem", false, false],
    ["com.demo", "co", false, false],
    ["com.demo", "com", true, true],
    ["xcom.demo", "com", false, false],
    ["中.文", "中", true, true],
    ["中文", "中", false, false],
  ];
  for (const [address, top, inside, below] of rows) {
    test(`${address} in ${top}`, () => {
      assert.deepEqual([isInside(address, top), isBelow(address, top)], [inside, below]);
    });
  }
});

describe("C-41 the way to an address", () => {
  const rows: readonly (readonly [address: string, own: string, above: boolean, way: string])[] = [
    ["com", "com", false, "self"],
    ["com.demo", "com", false, "child demo"],
    ["com.demo.sub.x", "com", false, "child demo"],
    ["com.demo2", "com", false, "none"],
    ["com.toString", "com", false, "none"],
    ["com.__proto__", "com", true, "none"],
    ["mac", "com", false, "none"],
    ["mac", "com", true, "up"],
    ["com", "com.demo", true, "up"],
    ["com.demo2", "com.demo", true, "up"],
    ["com.demo.demo", "com.demo", true, "child demo"],
    ["com.demo.nosuch", "com.demo", true, "none"],
    ["", "com", true, "up"],
  ];
  for (const [address, own, above, expected] of rows) {
    test(`${address} from ${own}${above ? ", which has one above" : ""}`, () => {
      const way = wayTo(address, own, (name) => name === "demo", above);
      assert.equal(way.to === "child" ? `child ${way.name}` : way.to, expected);
    });
  }
});

test("the place of an address is above, below, here or elsewhere", () => {
  const places = ["com", "com.a", "com.a.b", "com.a.b.c", "com.ab", "co", "com.a.bb"].map((one) =>
    placeOf(one, "com.a.b"),
  );
  assert.deepEqual(places, ["above", "above", "self", "below", "elsewhere", "elsewhere", "elsewhere"]);
});

describe("what is a name, and what an address", () => {
  const names: readonly (readonly [string, boolean])[] = [
    ["demo", true],
    ["demo_1", true],
    ["d-1", true],
    ["中文", true],
    ["constructor", true],
    ["", false],
    ["a.b", false],
    ["..", false],
    ["a/b", false],
    ["a b", false],
    ["a\n", false],
    ["*", false],
    ["%", false],
    ["a\0", false],
    ["x".repeat(256), false],
  ];
  for (const [name, is] of names) test(JSON.stringify(name.slice(0, 20)), () => assert.equal(isLabel(name), is));
  test("addresses", () => {
    assert.ok(isAddress("com.mac.led"));
    for (const no of ["", ".", "com.", ".com", "com..led", Array(17).fill("a").join(".")])
      assert.ok(!isAddress(no), no);
    assert.deepEqual([parentOf("com.mac.led"), parentOf("com")], ["com.mac", ""]);
  });
});
