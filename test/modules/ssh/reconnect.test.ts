import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import { fail } from "../../../src/ctx/index.ts";
import { Dialer } from "../../../src/modules/ssh/dialer.ts";
import { frameTypes } from "../../../src/modules/ssh/frame.ts";
import { Known } from "../../../src/modules/ssh/known.ts";
import { pong } from "../../../src/modules/ssh/meeting.ts";
import { invite, Nodes, type TestNode } from "../../support/linked-nodes.ts";
import { Stranger } from "../../support/stranger.ts";
import { ManualTimers } from "../../support/timers.ts";

const isLinked = (node: TestNode): Promise<true | undefined> =>
  node.until(() => node.peers.peers().some(({ type }) => type === "master") || undefined, "a link to the node above");

for (const how of ["kindly", "killed"] as const) {
  test(`C-42 the node above ends ${how} and starts on the same port: the one below comes back`, async (t) => {
    const nodes = new Nodes(t);
    const com = await nodes.start("com");
    const demo = await nodes.below(com, "demo");
    await demo.is("com.demo");
    const { port } = com;
    await com.stop(how);
    await demo.said("the node above has gone");
    assert.deepEqual([demo.address, demo.peers.send("com", Buffer.from("x"), 0)], ["com.demo", false]);
    const com2 = await nodes.start("com", { home: com.home, port });
    await isLinked(demo);
    await com2.knows("com.demo:+");
    assert.ok(com2.peers.send("com.demo", Buffer.from("hello"), 0));
    await demo.until(() => demo.got.length === 1, "a message");
  });
}

test("C-42 the node above starts on another port: its URL is asked for before each attempt", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  let url = com.url;
  const demo = await nodes.below(com, "demo", { above: () => url });
  await com.stop("killed");
  const com2 = await nodes.start("com", { home: com.home });
  url = com2.url;
  await isLinked(demo);
  await com2.knows("com.demo:+");
});

test("C-42 the one below is killed and starts again: its old link makes room", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  com.gone.length = 0;
  // Its end is not noticed: the new link comes first.
  const demo2 = await nodes.start("demo", { home: demo.home, above: () => com.url });
  await demo2.is("com.demo");
  await com.until(() => com.gone.some((one) => one("com.demo")), "what waits for the old one waits in vain");
  await demo.said("a process with the key");
  assert.equal(com.peers.peers().length, 1);
});

test("a node that stops says so, and both know at once", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  await demo.stop();
  await com.said("com.demo has gone: the node stops");
});

test("a silent side is asked after a beat, and let go after two that it did not answer", async (t) => {
  const timers = new ManualTimers();
  const nodes = new Nodes(t);
  const com = await nodes.start("com", { timers });
  const silent = await Stranger.dial(t, com.url);
  await silent.join(invite(com.home, "demo", nodes.home()));
  const beat = async (): Promise<number | undefined> => {
    timers.pass(15_000);
    return (await silent.next())?.type;
  };
  timers.pass(15_000);
  assert.equal(await beat(), frameTypes.ping);
  silent.send(pong);
  // Messages of one link are taken in order: when this is refused, the answer has been heard.
  silent.send(Buffer.alloc(1));
  await com.until(() => com.facts.refused === 1, "a refusal");
  timers.pass(15_000);
  assert.equal(await beat(), frameTypes.ping, "it had answered");
  assert.equal(await beat(), frameTypes.ping);
  assert.equal(await beat(), undefined);
  assert.equal(silent.reason, "it does not answer");
  await com.knows("com.demo:-");
});

test("certificates are renewed at half their life, all the way down", async (t) => {
  const timers = new ManualTimers();
  const nodes = new Nodes(t);
  let now = Date.UTC(2026, 10, 21);
  const clock = { now: () => now, ticks: () => now };
  const com = await nodes.start("com", { timers, clock, limits: { beat: 1e9 } });
  const mac = await nodes.below(com, "mac", { clock });
  const led = await nodes.below(mac, "led", { clock });
  await led.is("com.mac.led");
  const demo = await nodes.below(com, "demo", { clock });
  const before = led.peers.chain();
  now += 3.5 * 24 * 3_600_000;
  timers.pass(3.5 * 24 * 3_600_000);
  await led.until(() => led.peers.chain().every((one, i) => one !== before[i]), "new certificates");
  now += 6 * 24 * 3_600_000;
  assert.equal(demo.peers.keyFromChain("com.mac.led", led.peers.chain()), led.peers.keyOf("com.mac.led"));
  assert.equal(demo.peers.keyFromChain("com.mac.led", before), undefined, "the old ones have run out");
});

describe("the wait before the next attempt", () => {
  /** Runs a dialer that meets these ends one after the other; gives its waits. */
  async function waits(ends: readonly (Error | undefined)[], random: number): Promise<[number[], string[]]> {
    const asked: number[] = [];
    const said: string[] = [];
    const left = [...ends];
    const dialer = new Dialer({
      dial: async () => {
        if (left.length === 1) dialer.stop();
        const end = left.shift();
        if (end !== undefined) throw end;
      },
      failed: ({ message }) => void said.push(message.split("\n")[0] ?? ""),
      timers: {
        every: () => () => undefined,
        after(ms, work) {
          asked.push(ms);
          queueMicrotask(work);
          return () => undefined;
        },
      },
      random: () => random,
      limits: { retryMin: 200, retryMax: 30_000 },
    });
    await dialer.run();
    return [asked, said];
  }
  const offline = fail("failed", { problem: "connection refused" });
  const refused = fail("not_allowed", { problem: "another key" });
  const rows: readonly (readonly [string, (Error | undefined)[], number, number[], string[]])[] = [
    ["shortest", [offline, offline, offline, undefined], 0, [200, 200, 200], ["connection refused"]],
    ["longest", Array(7).fill(offline), 1, [600, 1800, 5400, 16_200, 30_000, 30_000], ["connection refused"]],
    ["short again after a link", [offline, offline, undefined, undefined], 1, [600, 1800, 600], ["connection refused"]],
    ["slow after a refusal", [refused, refused, undefined], 0, [30_000, 30_000], ["another key"]],
    [
      "said anew when it is another",
      [offline, refused, offline, undefined],
      0,
      [200, 30_000, 200],
      ["connection refused", "another key", "connection refused"],
    ],
    ["a fault of ours is tried again too", [new TypeError("x"), undefined], 0, [200], ["TypeError: x"]],
  ];
  for (const [what, ends, random, expected, says] of rows) {
    test(what, async () => assert.deepEqual(await waits(ends, random), [expected, says]));
  }
});

test("a name that cannot be struck off in the file is kept", (t) => {
  const run = `${new Nodes(t).home()}/var/run`;
  const known = new Known(run);
  known.bind({ name: "demo", asked: "demo", key: "A".repeat(43), type: "worker", since: 1 });
  rmSync(`${run}/node`, { recursive: true });
  writeFileSync(`${run}/node`, "");
  assert.throws(() => known.forget("demo"));
  assert.equal(known.named("demo")?.name, "demo");
});

describe("a damaged known.json is said, and stays as it is", () => {
  const above = { key: "A".repeat(43), chain: ["x"] };
  const node = { name: "demo", asked: "demo", key: "A".repeat(43), type: "worker", since: 1 };
  const texts: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ["empty", "", /is damaged: it is no JSON object/],
    ["cut off", '{"v":1,"below":[', /is damaged: it is no JSON object/],
    ["a list", "[]", /is damaged: it is no JSON object/],
    ["another version", '{"v":2,"below":[]}', /is damaged: it is of another version/],
    ["no nodes", '{"v":1}', /is damaged: it has no right "below"/],
    ["a key that is none", JSON.stringify({ v: 1, below: [{ ...node, key: "x" }] }), /a node below has no right "key"/],
    [
      "a name that is none",
      JSON.stringify({ v: 1, below: [{ ...node, name: "../x" }] }),
      /a node below has no right "name"/,
    ],
    ["a kind that is none", JSON.stringify({ v: 1, below: [{ ...node, type: "master" }] }), /no right "type"/],
    ["nothing above", JSON.stringify({ v: 1, below: [], above: { ...above, key: 1 } }), /above has no right "key"/],
  ];
  for (const [what, text, says] of texts) {
    test(what, async (t) => {
      const nodes = new Nodes(t);
      const home = nodes.home();
      const file = `${home}/var/run/node/known.json`;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: 0o600 });
      await assert.rejects(nodes.start("com", { home }), (error: { message: string; hint?: string }) => {
        assert.match(error.message, says);
        assert.match(error.hint ?? "", /put it right, or move it away/);
        return true;
      });
      assert.equal(readFileSync(file, "utf8"), text);
    });
  }
});
