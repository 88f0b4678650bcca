import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Signer } from "../../../src/ctx/index.ts";
import { type Certificate, makeCertificate, readCertificate, readChain } from "../../../src/modules/ssh/certificate.ts";
import { makeSigner } from "../../support/nodes.ts";

const [root, com, led, thief] = [makeSigner(), makeSigner(), makeSigner(), makeSigner()];
const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 21);
const { verify } = root;

function about(sub: string, key: string, iss: string, more: Partial<Certificate> = {}): Certificate {
  return { sub, key, iss, type: "worker", iat: now, exp: now + day, ...more };
}
function chain(by: Partial<Record<"one" | "two" | "three", Signer>> = {}, more: Partial<Certificate> = {}): string[] {
  return [
    makeCertificate(about("mac", root.key, "mac"), by.one ?? root),
    makeCertificate(about("mac.com", com.key, "mac"), by.two ?? root),
    makeCertificate(about("mac.com.led", led.key, "mac.com", more), by.three ?? com),
  ];
}

test("C-43 a chain proves an address and its key, from the root down", () => {
  const read = readChain(chain(), { verify, now });
  assert.deepEqual(
    read.map(({ sub, key }) => [sub, key]),
    [
      ["mac", root.key],
      ["mac.com", com.key],
      ["mac.com.led", led.key],
    ],
  );
});

describe("C-43 S10 what does not hold is refused", () => {
  const [one = "", two = "", three = ""] = chain();
  const altered = (text: string, change: Partial<Record<keyof Certificate | "v", unknown>>): string => {
    const [json = "", signature = ""] = text.split(".");
    const content = { ...(JSON.parse(Buffer.from(json, "base64url").toString()) as object), ...change };
    return `${Buffer.from(JSON.stringify(content)).toString("base64url")}.${signature}`;
  };
  const rows: readonly (readonly [what: string, chain: readonly string[], says: RegExp])[] = [
    ["no certificate", [], /1 to 16 certificates/],
    ["too many", Array(17).fill(one), /1 to 16 certificates/],
    ["a root signed by another", chain({ one: thief }), /signature/],
    ["a middle signed by another", chain({ two: thief }), /signature/],
    ["a last one signed by another", chain({ three: thief }), /signature/],
    ["a last one signed by the root, which is not directly above", chain({ three: root }), /signature/],
    ["without its root", [two, three], /is by mac, not by mac.com/],
    ["without its middle", [one, three], /is by mac.com, not by mac/],
    ["the root twice", [one, one, two], /stands in a wrong place/],
    ["another address", [one, two, altered(three, { sub: "mac.com.boss" })], /signature/],
    ["another key", [one, two, altered(three, { key: thief.key })], /signature/],
    ["another type", [one, two, altered(three, { type: "server" })], /signature/],
    ["a later end", [one, two, altered(three, { exp: now + 99 * day })], /signature/],
    ["a kind of node there is not", [one, two, altered(three, { type: "root" })], /no right "type"/],
    ["a time that is text", [one, two, altered(three, { exp: "soon" })], /no right "exp"/],
    ["another version", [one, two, altered(three, { v: 2 })], /another version/],
    ["a sibling's subtree", chain({}, { sub: "mac.com2.led" }), /not directly above/],
    ["a name that only begins alike (S4)", chain({}, { sub: "mac.com2" }), /not directly above/],
    ["two levels at once", chain({}, { sub: "mac.com.a.b" }), /not directly above/],
    ["one that has run out", chain({}, { iat: now - 9 * day, exp: now - 2 * day }), /does not hold at this time/],
    ["one of tomorrow", chain({}, { iat: now + day }), /does not hold at this time/],
    ["three parts", [one, two, `${three}.x`], /two parts/],
    ["garbage", [one, two, "garbage"], /no JSON object/],
    ["nothing", [one, two, ""], /no JSON object/],
    ["one as long as a message", [one, two, "x".repeat(5000)], /longer than 4000/],
  ];
  for (const [what, given, says] of rows) {
    test(what, () => assert.throws(() => readChain(given, { verify, now }), says));
  }
  test("the longest chain fits in front of a message", () => {
    const long = (level: number): string => Array(level).fill("长".repeat(20)).join(".");
    const longest = Array.from({ length: 16 }, (_, i) =>
      makeCertificate(about(long(i + 1), root.key, long(Math.max(1, i))), root),
    );
    assert.equal(readChain(longest, { verify, now }).length, 16);
    assert.ok(longest.join("\n").length < 1 << 16);
  });
  test("a signature of something else that the key has signed", () => {
    const [json = ""] = three.split(".");
    const bare = com.sign(Buffer.from(json, "base64url")).toString("base64url");
    assert.throws(() => readChain([one, two, `${json}.${bare}`], { verify, now }), /signature/);
  });
});

test("of a node that is offline a certificate that has run out is good enough", () => {
  const old = makeCertificate(about("mac.com", com.key, "mac", { exp: now - 9 * day, iat: now - 16 * day }), root);
  assert.equal(readCertificate(old, "mac", root.key, { verify }).sub, "mac.com");
  assert.throws(() => readCertificate(old, "mac", root.key, { verify, now }), /does not hold/);
});
