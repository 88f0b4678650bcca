/** Nodes below nodes: addresses, what is known of whom, the way of messages, and those who lie about it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeCertificate } from "../../../src/modules/ssh/certificate.ts";
import { frameTypes, writeFrame } from "../../../src/modules/ssh/frame.ts";
import { jsonFrame } from "../../../src/modules/ssh/meeting.ts";
import { invite, Nodes, type TestNode } from "../../support/linked-nodes.ts";
import { makeSigner } from "../../support/nodes.ts";
import { Stranger } from "../../support/stranger.ts";

/** com, com.mac, com.mac.led, com.demo */
async function tree(nodes: Nodes) {
  const com = await nodes.start("com", { type: "server" });
  const mac = await nodes.below(com, "mac", { type: "server" });
  const led = await nodes.below(mac, "led");
  const demo = await nodes.below(com, "demo");
  await led.is("com.mac.led");
  await com.knows("com.demo:+", "com.mac:+", "com.mac.led:+");
  return { com, mac, led, demo };
}

async function arrives(from: TestNode, to: TestNode): Promise<void> {
  const text = `from ${from.address} to ${to.address}`;
  assert.ok(from.peers.send(to.address, Buffer.from(text), 0), text);
  await to.until(
    () => to.got.some((one) => one.text === text && one.src === from.address && one.dst === to.address),
    text,
  );
}

test("C-41 C-42 three levels: everybody reaches everybody, up, down and across", async (t) => {
  const all = Object.values(await tree(new Nodes(t)));
  for (const from of all) for (const to of all) if (from !== to) await arrives(from, to);
  for (const node of all) assert.equal(node.facts.refused, 0);
});

test("C-41 every node knows all nodes below it with key and kind, and none elsewhere", async (t) => {
  const { com, mac, led, demo } = await tree(new Nodes(t));
  assert.deepEqual([mac.below, led.below, demo.below], [["com.mac.led:+"], [], []]);
  assert.equal(com.peers.keyOf("com.mac.led"), led.peers.keyOf("com.mac.led"));
  assert.equal(led.peers.keyOf("com"), com.peers.keyOf("com"));
  assert.equal(led.peers.keyFromChain("com.demo", demo.peers.chain()), demo.peers.keyOf("com.demo"));
  assert.deepEqual(
    com.peers
      .below()
      .map(({ address, type }) => [address, type])
      .sort(),
    [
      ["com.demo", "worker"],
      ["com.mac", "server"],
      ["com.mac.led", "worker"],
    ],
  );
  assert.deepEqual(
    ["com", "com.mac", "com.mac.led", "com.mac.led.x", "com.demo", "com.macx"].map((one) => mac.peers.place(one)),
    ["above", "self", "below", "below", "elsewhere", "elsewhere"],
  );
});

test("C-41 who goes is offline for all above it, with all below it; who comes back is online again", async (t) => {
  const nodes = new Nodes(t);
  const { com, mac, led } = await tree(nodes);
  const isGone = async (node: TestNode, address: string): Promise<void> => {
    await node.until(() => node.gone.some((one) => one(address)), `${address} gone`);
    node.gone.length = 0;
  };
  com.gone.length = 0;
  await led.stop();
  await com.knows("com.demo:+", "com.mac:+", "com.mac.led:-");
  await isGone(com, "com.mac.led");
  const led2 = await nodes.start("led", { home: led.home, above: () => mac.url });
  await led2.is("com.mac.led");
  await com.knows("com.demo:+", "com.mac:+", "com.mac.led:+");

  led2.gone.length = 0;
  await mac.stop("killed");
  await com.knows("com.demo:+", "com.mac:-", "com.mac.led:-");
  await isGone(com, "com.mac.led");
  await led2.until(() => led2.gone.some((one) => one("com.demo") && !one("com.mac.led.x")), "all but those below gone");
  assert.equal(com.peers.send("com.mac.led", Buffer.from("x"), 0), false);
});

test("C-42 a node that joins another takes all below it along", async (t) => {
  const nodes = new Nodes(t);
  const home = nodes.home();
  let url = "http://127.0.0.1:1";
  const mac = await nodes.start("mac", { home, above: () => url });
  const led = await nodes.below(mac, "led");
  const lamp = await nodes.below(led, "lamp");
  await lamp.is("mac.led.lamp");
  await mac.knows("mac.led:+", "mac.led.lamp:+");
  const com = await nodes.start("com");
  invite(com.home, "mac", home);
  url = com.url;
  await lamp.is("com.mac.led.lamp");
  await com.knows("com.mac:+", "com.mac.led:+", "com.mac.led.lamp:+");
  await mac.knows("com.mac.led:+", "com.mac.led.lamp:+");
  await arrives(com, lamp);
  await arrives(lamp, com);
  assert.equal(lamp.peers.chain().length, 4);
  assert.deepEqual(
    [com, mac, led, lamp].map(({ facts }) => facts.refused),
    [0, 0, 0, 0],
  );
});

test("C-41 a message that cannot be passed on is told to who sent it", async (t) => {
  const { led, demo, com } = await tree(new Nodes(t));
  led.gone.length = 0;
  assert.ok(led.peers.send("com.nosuch", Buffer.from("x"), 0));
  await led.until(() => led.gone.some((one) => one("com.nosuch") && !one("com.demo")), "com.nosuch gone");
  led.gone.length = 0;
  await demo.stop();
  await com.knows("com.demo:-", "com.mac:+", "com.mac.led:+");
  assert.ok(led.peers.send("com.demo", Buffer.from("x"), 0));
  await led.until(() => led.gone.some((one) => one("com.demo")), "com.demo gone");
});

test("S5 who is not on the way cannot say that another is not there", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const mac = await nodes.below(com, "mac");
  const demo = await nodes.below(com, "demo");
  const liar = await liarBelow(t, nodes, com, "liar");
  demo.gone.length = 0;
  for (const gone of ["com.mac", "com", "com.demo", "com.demo.x"]) {
    liar.send(jsonFrame(frameTypes.route, { gone }, "com.demo", "com.liar"));
  }
  await demo.until(() => demo.facts.refused === 4, "four refusals");
  liar.send(jsonFrame(frameTypes.route, { gone: "com.liar.x" }, "com.demo", "com.liar"));
  await demo.until(() => demo.gone.some((one) => one("com.liar.x")), "what it may say");
  assert.ok(!demo.gone.some((one) => one("com.mac") || one("com")));
  await arrives(demo, mac);
});

test("a frame makes sixteen hops and no more", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  const liar = await Stranger.dial(t, com.url, { name: "x" });
  await liar.join(invite(com.home, "x", nodes.home()));
  const frame = writeFrame(frameTypes.batch, Buffer.from("last hop"), "com.demo", "com.x");
  frame[2] = 1;
  liar.send(frame);
  const answer = await liar.next();
  assert.deepEqual([answer?.type, answer?.body.toString()], [frameTypes.route, '{"gone":"com.demo"}']);
  frame[2] = 2;
  liar.send(frame);
  await demo.until(() => demo.got.length === 1, "the message");
});

/** A node below com that has its secret and its key, and lies from then on. */
async function liarBelow(t: Parameters<typeof Stranger.dial>[0], nodes: Nodes, com: TestNode, name = "demo") {
  const signer = makeSigner();
  const liar = await Stranger.dial(t, com.url, { name, signer });
  const answer = await liar.join(invite(com.home, name, nodes.home()));
  assert.equal(answer["address"], `com.${name}`);
  return liar;
}

describe("S3 S4 a child speaks for itself and those below it, and for nobody else", () => {
  const sources = [
    "com",
    "com.demo2",
    "com.mac",
    "com.mac.led",
    "com.dem",
    "co",
    "mac",
    "",
    "com.demo2.x",
    "com..demo",
  ];
  for (const src of sources) {
    test(`as "${src}"`, async (t) => {
      const nodes = new Nodes(t);
      const com = await nodes.start("com");
      const mac = await nodes.below(com, "mac");
      const liar = await liarBelow(t, nodes, com);
      liar.send(writeFrame(frameTypes.batch, Buffer.from("forged"), "com.mac", src));
      liar.send(writeFrame(frameTypes.batch, Buffer.from("forged"), "com", src));
      liar.send(writeFrame(frameTypes.batch, Buffer.from("true"), "com.mac", "com.demo"));
      await mac.until(() => mac.got.length > 0, "the true one");
      assert.deepEqual(
        mac.got.map(({ text }) => text),
        ["true"],
      );
      assert.deepEqual([com.got, com.facts.refused], [[], 2]);
      for (let i = 0; i < 3; i++) liar.send(writeFrame(frameTypes.batch, Buffer.from("forged"), "com", src));
      await liar.ended();
      assert.equal(liar.reason, "too many messages that do not fit");
      await com.knows("com.demo:-", "com.mac:+");
    });
  }
});

describe("S4 S5 a child tells of nodes below it, certified by those directly above them, and of no others", () => {
  const com2 = makeSigner();
  const iat = Date.now();
  const exp = iat + 3_600_000;
  const about = (sub: string, iss: string) => ({ sub, iss, key: com2.key, type: "worker", iat, exp }) as const;
  type Case = readonly [what: string, address: string, sub: string, iss: string, byItself: boolean];
  const cases: readonly Case[] = [
    ["itself", "com.demo", "com.demo", "com", true],
    ["its parent", "com", "com", "com", true],
    ["a sibling", "com.mac", "com.mac", "com", true],
    ["a node below a sibling", "com.mac.x", "com.mac.x", "com.mac", true],
    ["a name that begins alike", "com.demo2", "com.demo2", "com", true],
    ["one below with another's certificate", "com.demo.x", "com.demo.y", "com.demo", true],
    ["one below that somebody else certified", "com.demo.x", "com.demo.x", "com.demo", false],
    ["one two levels below, certified by itself", "com.demo.x.y", "com.demo.x.y", "com.demo", true],
    ["one below a node nobody told of", "com.demo.x.y", "com.demo.x.y", "com.demo.x", true],
  ];
  for (const [what, address, sub, iss, byItself] of cases) {
    test(what, async (t) => {
      const nodes = new Nodes(t);
      const com = await nodes.start("com");
      const mac = await nodes.below(com, "mac");
      const macKey = mac.peers.keyOf("com.mac");
      const liar = await liarBelow(t, nodes, com);
      const cert = makeCertificate(about(sub, iss), byItself ? liar.signer : com2);
      const node = { address, cert, epoch: "0".repeat(16), online: true, since: iat };
      liar.send(jsonFrame(frameTypes.route, { nodes: [node], first: true, last: true }, "", "com.demo"));
      await com.until(() => com.facts.refused === 1, "a refusal");
      await com.knows("com.demo:+", "com.mac:+");
      assert.equal(com.peers.keyOf("com.mac"), macKey);
    });
  }
  test("what is true is believed", async (t) => {
    const nodes = new Nodes(t);
    const com = await nodes.start("com");
    const child = await liarBelow(t, nodes, com);
    const cert = makeCertificate(about("com.demo.x", "com.demo"), child.signer);
    const node = { address: "com.demo.x", cert, epoch: "0".repeat(16), online: true, since: iat };
    child.send(jsonFrame(frameTypes.route, { nodes: [node], first: true, last: true }, "", "com.demo"));
    await com.knows("com.demo:+", "com.demo.x:+");
    child.send(jsonFrame(frameTypes.route, { nodes: [{ ...node, epoch: "1".repeat(16) }] }, "", "com.demo"));
    await com.until(() => com.gone.some((one) => one("com.demo.x") && !one("com.demo")), "another start of com.demo.x");
    child.send(jsonFrame(frameTypes.route, { nodes: [{ gone: "com.mac" }] }, "", "com.demo"));
    await com.until(() => com.facts.refused === 1, "a refusal");
    child.send(jsonFrame(frameTypes.route, { nodes: [], first: true, last: true }, "", "com.demo"));
    await com.knows("com.demo:+");
  });
  test("not more than there may be", async (t) => {
    const nodes = new Nodes(t);
    const com = await nodes.start("com", { limits: { nodes: 3 } });
    const child = await liarBelow(t, nodes, com);
    const node = (name: string) => {
      const cert = makeCertificate(about(`com.demo.${name}`, "com.demo"), child.signer);
      return { address: `com.demo.${name}`, cert, epoch: "0".repeat(16), online: true, since: iat };
    };
    child.send(jsonFrame(frameTypes.route, { nodes: ["a", "b", "c"].map(node) }, "", "com.demo"));
    await com.said("more than 3 nodes below this one (ssh.link_nodes)");
    await com.knows("com.demo:+", "com.demo.a:+", "com.demo.b:+");
  });
});

test("S5 a message from above that says it is of this node or of one below is dropped", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const mac = await nodes.below(com, "mac");
  const led = await nodes.below(mac, "led");
  await led.is("com.mac.led");
  const [above] = com.accepted;
  for (const src of ["com.mac", "com.mac.led"]) {
    above?.send(writeFrame(frameTypes.batch, Buffer.from("forged"), "com.mac.led", src));
  }
  await mac.until(() => mac.facts.refused === 2, "two refusals");
  await arrives(com, led);
  assert.equal(led.got.length, 1);
});
