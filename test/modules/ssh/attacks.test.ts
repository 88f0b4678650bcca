/** What happens to messages that were recorded, altered, redirected or made up. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { defineCommand, defineContext } from "../../../src/ctx/index.ts";
import { type Head, seal } from "../../../src/modules/ssh/envelope.ts";
import { Freshness } from "../../../src/modules/ssh/freshness.ts";
import { modules } from "../../../src/modules.ts";
import { Air, makeSigner, type Sent, type TestNode } from "../../support/nodes.ts";

let air: Air;
let com: TestNode;
let demo: TestNode;
let other: TestNode;
/** How often a command that changes something has run, on any node. */
let runs: number;

beforeEach(async () => {
  runs = 0;
  const shop = defineContext({
    name: "shop",
    help: { en: "Commands for tests" },
    commands: [
      defineCommand({
        name: "change",
        help: { en: "Change something" },
        run() {
          runs++;
          return "changed\n";
        },
      }),
    ],
  });
  air = new Air();
  com = await air.add("com", [...modules, shop]);
  demo = await air.add("com.demo", [...modules, shop]);
  other = await air.add("com.other", [...modules, shop]);
});
afterEach(() => air.stop());

/** Calls `shop.change` on demo as it should be, and gives the frame that asked. */
async function recorded(): Promise<Sent> {
  assert.equal(await com.test.show("remote demo shop.change"), "changed\n");
  assert.equal(runs, 1);
  const [first] = air.sent;
  assert.ok(first !== undefined);
  return { ...first, body: Buffer.from(first.body) };
}
/** Lets everything that was sent arrive. */
async function arrived(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a node has written into a log. */
function logOf({ test: { home } }: TestNode, level: string): string {
  const file = join(home, `var/log/${level}.log`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

const now = Date.now;
function headTo(dst: string, more: Partial<Head> = {}): Head {
  const item = { id: "1", args: ["shop.change"], user: "root", lang: "en", trace: "" };
  const iat = now();
  return { v: 1, src: "com", dst, iat, exp: iat + 10_000, epoch: "made-up", seq: 0, items: [item], ...more };
}

describe("S3 a recorded message", () => {
  test("sent again does nothing", async () => {
    const frame = await recorded();
    demo.hear(frame);
    await arrived();
    assert.equal(runs, 1);
    assert.match(demo.refusals.join(), /a message of com has come before/);
  });
  test("sent to another node does nothing, whatever its header says", async () => {
    const frame = await recorded();
    other.hear(frame);
    other.hear({ ...frame, dst: "com.other" });
    await arrived();
    assert.equal(runs, 1);
    assert.match(other.refusals.join(), /was sent to com.demo, not to com.other/);
    assert.match(other.refusals.join(), /com did not send it to com.other/);
  });
  test("said to come from another node does nothing", async () => {
    const frame = await recorded();
    demo.hear({ ...frame, src: "com.other" });
    await arrived();
    assert.equal(runs, 1);
    assert.match(demo.refusals.join(), /com.other/);
  });
  test("sent again to a node that was started anew does nothing", async () => {
    const frame = await recorded();
    await arrived();
    const started = now() + 1;
    const fresh = new Freshness(() => started);
    const { length } = frame.body;
    assert.ok(length > 0);
    assert.throws(() => fresh.check(headTo("com.demo", { iat: started - 1, exp: started + 1000 }), "com.demo", "key"), {
      message: /older than the start/,
    });
  });
});

describe("S3 an altered message does nothing: each byte of it is signed", () => {
  test("every byte", async () => {
    const frame = await recorded();
    for (let at = 0; at < frame.body.length; at++) {
      const body = Buffer.from(frame.body);
      body[at] = (body[at] ?? 0) ^ 1;
      demo.hear({ ...frame, body });
    }
    await arrived();
    assert.equal(runs, 1);
    assert.equal(demo.refusals.length, frame.body.length);
  });
  test("cut short, or with something behind it", async () => {
    const frame = await recorded();
    for (const length of [0, 10, 64, 66, 70, 100, frame.body.length - 1]) {
      demo.hear({ ...frame, body: frame.body.subarray(0, length) });
    }
    demo.hear({ ...frame, body: Buffer.concat([frame.body, Buffer.from("x")]) });
    await arrived();
    assert.equal(runs, 1);
    assert.equal(demo.refusals.length, 8);
  });
});

describe("C-43 a message that is well signed", () => {
  const cases: readonly (readonly [what: string, head: () => Head, refusal: RegExp])[] = [
    ["but expired", () => headTo("com.demo", { iat: now() - 5000, exp: now() - 1000 }), /older than the start|expired/],
    ["but from the future", () => headTo("com.demo", { iat: now() + 60_000, exp: now() + 70_000 }), /from the future/],
    ["but good for ever", () => headTo("com.demo", { exp: now() + 3_600_000 }), /good for too long/],
    ["but for another node", () => headTo("com.other"), /did not send it to/],
    ["but of another version", () => headTo("com.demo", { v: 2 }), /another version/],
    ["but with a sender of another name", () => headTo("com.demo", { src: "com.other" }), /did not send it/],
    ["but without items", () => headTo("com.demo", { items: null as never }), /has a head that is none/],
    ["but with half a number", () => headTo("com.demo", { seq: 0.5 }), /has a head that is none/],
  ];
  for (const [what, head, refusal] of cases) {
    test(what, async () => {
      demo.hear({ src: "com", dst: "com.demo", body: seal(head(), [], [], com.signer).body });
      await arrived();
      assert.equal(runs, 0);
      assert.match(demo.refusals.join(), refusal);
    });
  }
  test("and fits is run", async () => {
    demo.hear({ src: "com", dst: "com.demo", body: seal(headTo("com.demo"), [], [], com.signer).body });
    await arrived();
    assert.equal(runs, 1);
    assert.deepEqual(demo.refusals, []);
  });
  test("S5 but by another key for a known name is not", async () => {
    const stranger = makeSigner();
    demo.hear({ src: "com", dst: "com.demo", body: seal(headTo("com.demo"), [], [], stranger).body });
    const claimed = seal(headTo("com.demo"), [], [`com ${stranger.key}`], stranger).body;
    demo.hear({ src: "com", dst: "com.demo", body: claimed });
    await arrived();
    assert.equal(runs, 0);
    assert.match(demo.refusals.join(), /the signature of com does not fit/);
  });
  test("S4 from a neighbour or from below is answered with a refusal", async () => {
    const told: string[] = [];
    air.pass = (one) => {
      told.push(`${one.src} to ${one.dst}`);
      return [one];
    };
    const items = headTo("com.demo").items;
    const body = seal(headTo("com.demo", { src: "com.other", items }), [], other.chain(), other.signer).body;
    demo.hear({ src: "com.other", dst: "com.demo", body });
    com.hear({
      src: "com.other",
      dst: "com",
      body: seal(headTo("com", { src: "com.other" }), [], [], other.signer).body,
    });
    await arrived();
    assert.equal(runs, 0);
    assert.deepEqual(told.sort(), ["com to com.other", "com.demo to com.other"]);
  });
});

describe("an answer", () => {
  /** Lets demo answer, and changes what it says on its way. */
  const answerOnce = async (change: (one: Sent) => Sent[]) => {
    air.pass = (one) => (one.src === "com.demo" ? change(one) : [one]);
    return await com.test.show("remote demo shop.change");
  };
  test("that comes twice is taken once", async () => {
    assert.equal(await answerOnce((one) => [one, { ...one, body: Buffer.from(one.body) }]), "changed\n");
    await arrived();
    assert.match(com.refusals.join(), /has come before/);
  });
  test("of another node to the same question is refused", async () => {
    air.pass = (one) => {
      if (one.src !== "com.demo") return [one];
      const reply = { re: "0-1", rh: "made up", n: 0, fin: true as const };
      const head = headTo("com", { src: "com.other", items: [reply] });
      return [{ src: "com.other", dst: "com", body: seal(head, [], [], other.signer).body }, one];
    };
    assert.equal(await com.test.show("remote demo shop.change"), "changed\n");
    assert.match(com.refusals.join(), /com.other: an answer to a call that was not made/);
  });
  test("to another question is refused: it names the hash of what was asked", async () => {
    air.pass = (one) => {
      if (one.src !== "com.demo") return [one];
      const reply = { re: "0-1", rh: "of another batch", n: 0, fin: true as const };
      const forged = seal(headTo("com", { src: "com.demo", epoch: "x", items: [reply] }), [], [], demo.signer).body;
      return [{ ...one, body: forged }, one];
    };
    assert.equal(await com.test.show("remote demo shop.change"), "changed\n");
    assert.match(com.refusals.join(), /com.demo: an answer to a call that was not made/);
  });
  test("that never comes because the node is gone: nobody knows whether it ran", async () => {
    air.pass = (one) => {
      if (one.src !== "com.demo") return [one];
      setImmediate(() => com.lose("com.demo"));
      return [];
    };
    assert.match(await com.test.show("remote demo shop.change"), /node com.demo is offline \(.* is not known\)/);
  });
});

describe("S1 S2 the words of a call cannot say who calls", () => {
  test("whatever stands in a request", async () => {
    const item = {
      id: "7",
      args: ["shop.change"],
      user: "shy",
      lang: "en",
      trace: "",
      via: "terminal",
      who: { via: "terminal" },
      post: "root",
      node: "com",
    };
    const head = headTo("com", { src: "com.demo", items: [item] });
    com.hear({ src: "com.demo", dst: "com", body: seal(head, [], [], demo.signer).body });
    await arrived();
    assert.equal(runs, 0);
  });
  test("no input pollutes a prototype", async () => {
    const input = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    const item = { id: "8", args: ["shop.change"], input, user: "", lang: "en", trace: "" };
    demo.hear({
      src: "com",
      dst: "com.demo",
      body: seal(headTo("com.demo", { items: [item] }), [], [], com.signer).body,
    });
    await arrived();
    assert.equal(runs, 0);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
  test("garbage for words is an error, not a crash", async () => {
    const garbage: unknown[] = [null, 7, {}, [], [null], [{ text: 7 }], ["shop.change", { text: {} }], "shop.change"];
    for (const [at, args] of garbage.entries()) {
      const item = { id: `g${at}`, args: args as never, user: 7 as never, lang: {} as never, trace: null as never };
      const head = headTo("com.demo", { epoch: `g${at}`.slice(0, 2), seq: at, items: [item] });
      demo.hear({ src: "com", dst: "com.demo", body: seal(head, [], [], com.signer).body });
    }
    await arrived();
    assert.equal(runs, 0);
  });
  test("texts that are none, and a name without end, reach no log", async () => {
    const odd = { toString: 1 };
    const items = [{ credit: odd, more: 1 }, { cancel: odd }, { id: "o", args: [{ text: odd }] }] as never;
    com.hear({
      src: "com.demo",
      dst: "com",
      body: seal(headTo("com", { src: "com.demo", items }), [], [], demo.signer).body,
    });
    const long = { id: "u", args: ["shop.change"], user: "u".repeat(100_000), lang: "en", trace: "" };
    demo.hear({
      src: "com",
      dst: "com.demo",
      body: seal(headTo("com.demo", { items: [long] }), [], [], com.signer).body,
    });
    await arrived();
    assert.equal(com.refusals.length, 2);
    assert.equal(runs, 1);
    assert.doesNotMatch(logOf(demo, "bench") + logOf(demo, "error"), /u{65}/);
    assert.equal(logOf(com, "error"), "");
  });
});

test("calls that nobody may make are written into the log a hundred times a minute, not more", async () => {
  const item = { args: ["shop.change"], user: "", lang: "en", trace: "" };
  for (let seq = 0; seq < 3; seq++) {
    const items = Array.from({ length: 100 }, (_, i) => ({ ...item, id: `${seq}-${i}` }));
    const head = headTo("com", { src: "com.demo", seq, items });
    com.hear({ src: "com.demo", dst: "com", body: seal(head, [], [], demo.signer).body });
  }
  await arrived();
  assert.equal(runs, 0);
  assert.equal(logOf(com, "right").trim().split("\n").length, 100);
});

test("S3 keys without end do not fill the memory, and shut nobody out who is right above or below", () => {
  let time = 1_000_000;
  const freshness = new Freshness(() => time);
  const from = (src: string, key: string): void =>
    freshness.check({ ...headTo("com.demo", { src, iat: time, exp: time + 30_000 }), items: [] }, "com.demo", key);
  for (let i = 0; i < 10_000; i++) from("com.other.x", `k${i}`);
  assert.throws(() => from("com.other.x", "one more"), /one node too many/);
  assert.throws(() => from("com.other.x", "k0"), /has come before/);
  from("com", "above");
  from("com.demo.x", "below");
  time += 60_000;
  from("com.other.x", "one more");
});
