import assert from "node:assert/strict";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { invite, Nodes, type TestNode } from "../../support/linked-nodes.ts";
import { makeSigner } from "../../support/nodes.ts";
import { Stranger } from "../../support/stranger.ts";

const day = 24 * 3_600_000;

test("C-04 C-42 a node with a secret joins and gets its address; both see each other", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com", { type: "server" });
  const demo = await nodes.below(com, "demo");
  await demo.is("com.demo");
  assert.deepEqual(com.below, ["com.demo:+"]);
  assert.deepEqual(
    [com, demo].map(({ peers }) => peers.peers().map(({ address, name, type }) => [address, name, type].join(" "))),
    [["com.demo demo worker"], ["com com master"]],
  );
  assert.equal(existsSync(demo.file("join")), false, "the secret is used up");
  assert.deepEqual(readdirSync(com.file("invite")), []);
  assert.equal(statSync(demo.file("node/known.json")).mode & 0o777, 0o600);
  assert.ok(com.peers.send("com.demo", Buffer.from("ping"), 0));
  await demo.until(() => demo.got.length > 0, "a message");
  assert.ok(demo.peers.send("com", Buffer.from("pong"), 0));
  await com.until(() => com.got.length > 0, "a message");
  assert.deepEqual(demo.got, [{ src: "com", dst: "com.demo", text: "ping" }]);
  assert.deepEqual(com.got, [{ src: "com.demo", dst: "com", text: "pong" }]);
  assert.deepEqual(
    [com.peers.send("com.nosuch", Buffer.alloc(1), 0), com.peers.send("mac", Buffer.alloc(1), 0)],
    [false, false],
  );
  assert.throws(() => com.peers.send("com.demo", Buffer.alloc(1_000_001), 0), /ssh.link_body allows 1000000/);
});

test("C-43 each knows the key of the other, and can prove its own to strangers of the same tree", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const a = await nodes.below(com, "a");
  const b = await nodes.below(com, "b");
  const own = a.peers.keyOf("com.a") ?? "";
  assert.equal(com.peers.keyOf("com.a"), own);
  assert.equal(a.peers.keyOf("com"), com.peers.keyOf("com"));
  assert.equal(b.peers.keyOf("com.a"), undefined);
  assert.equal(b.peers.keyFromChain("com.a", a.peers.chain()), own);
  assert.equal(b.peers.keyFromChain("com.c", a.peers.chain()), undefined, "for its own address only");
  assert.equal(b.peers.keyFromChain("com.a", a.peers.chain().slice(1)), undefined);
  assert.equal(b.peers.keyFromChain("com.a", ["x"]), undefined);
  const other = await nodes.start("com");
  const thief = await nodes.below(other, "a");
  assert.equal(
    b.peers.keyFromChain("com.a", thief.peers.chain()),
    undefined,
    "a root of the same name is another root",
  );
  const self = b.peers.keyOf("com.b");
  assert.equal(b.peers.keyFromChain("com.b", thief.peers.chain()), self);
});

test("C-40 a name in Chinese is a name", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("总部");
  const demo = await nodes.below(com, "演示");
  await demo.is("总部.演示");
});

test("S5 without a secret nobody joins, and the log says what to do", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.start("demo", { above: () => com.url });
  assert.match(
    await demo.said("no secret"),
    /no link to the node above: this node has no secret to join com with \(to join anew: bin\/boot/,
  );
  assert.deepEqual([com.below, demo.address], [[], "demo"]);
  const stranger = await Stranger.dial(t, com.url);
  const answer = await stranger.join();
  assert.deepEqual([answer["error"], answer["message"]], ["not_allowed", "the node demo is not known here"]);
  await stranger.ended();
  assert.match(stranger.reason ?? "", /^the node demo is not known here/);
  assert.deepEqual(com.below, []);
  assert.equal(com.facts.refused, 1);
});

test("S5 a wrong secret, a used one and one of yesterday are none", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const home = nodes.home();
  invite(com.home, "demo", nodes.home());
  const wrong = await (await Stranger.dial(t, com.url)).join("0".repeat(32));
  assert.match(String(wrong["message"]), /is not known here, and its secret is not the right one, used up or too old/);
  assert.deepEqual(readdirSync(com.file("invite")), ["demo"], "the invitation stays for the right one");

  const secret = invite(com.home, "demo", home);
  const right = await (await Stranger.dial(t, com.url)).join(secret);
  assert.equal(right["address"], "com.demo");
  const used = await (await Stranger.dial(t, com.url)).join(secret);
  assert.match(String(used["message"]), /is known here with another key, and its secret is not/);

  const late = await (await Stranger.dial(t, com.url, { name: "late" })).join(
    invite(com.home, "late", home, day + 60_000),
  );
  assert.match(String(late["message"]), /too old/);
  const other = await (await Stranger.dial(t, com.url, { name: "b" })).join(invite(com.home, "a", home));
  assert.match(String(other["message"]), /the node b is not known here/, "a secret is for one name");
});

test("S5 an invitation that other people can read is not used", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const secret = invite(com.home, "demo", nodes.home());
  chmodSync(com.file("invite/demo"), 0o644);
  const answer = await (await Stranger.dial(t, com.url)).join(secret);
  assert.match(String(answer["message"]), /is not known here, and its secret is not the right one/);
  assert.ok(!JSON.stringify(answer).includes(com.home), "no path of this machine is told");
  await com.said("other people can read it");
  assert.deepEqual(com.below, []);
});

test("S5 names that would leave the folder of invitations are none", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const secret = invite(com.home, "x", nodes.home());
  for (const name of ["..", "../x", "a.b", "", "x/../x"]) {
    const stranger = await Stranger.dial(t, com.url, { name });
    await assert.rejects(
      stranger
        .join(secret)
        .then((answer) => (answer["error"] === undefined ? answer : Promise.reject(new Error("refused")))),
      /refused|the link ended/,
      name,
    );
  }
  assert.deepEqual(com.below, []);
});

test("S5 guessing secrets ends after so many attempts; who is known still comes in", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com", { limits: { tries: 2 } });
  const known = makeSigner();
  await (await Stranger.dial(t, com.url, { name: "known", signer: known })).join(
    invite(com.home, "known", nodes.home()),
  );
  const secret = invite(com.home, "demo", nodes.home());
  for (let i = 0; i < 2; i++) await (await Stranger.dial(t, com.url)).join("1".repeat(32));
  const answer = await (await Stranger.dial(t, com.url)).join(secret);
  assert.match(String(answer["message"]), /too many attempts to join \(ssh.link_tries a minute\)/);
  const back = await (await Stranger.dial(t, com.url, { name: "known", signer: known })).join();
  assert.equal(back["address"], "com.known");
});

test("S10 a known name with its key comes back without a secret, after a restart of both too", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  await demo.stop();
  await com.knows("com.demo:-");
  await com.stop();
  const com2 = await nodes.start("com", { home: com.home });
  assert.deepEqual(com2.below, ["com.demo:-"], "it is known before it comes");
  const demo2 = await nodes.start("demo", { home: demo.home, above: () => com2.url });
  assert.equal(demo2.address, "com.demo", "it has its address before it is linked");
  await demo2.is("com.demo");
  await com2.knows("com.demo:+");
});

test("S5 S10 C-42 another key for a known name is refused; with a fresh secret it gets the next free name", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  const thief = makeSigner();
  const refused = await (await Stranger.dial(t, com.url, { signer: thief })).join();
  assert.match(String(refused["message"]), /the node demo is known here with another key/);
  assert.ok(com.logs.some((line) => line.includes("known here with another key")));
  await com.knows("com.demo:+");

  const second = await nodes.below(com, "demo");
  await second.is("com.demo_1");
  const third = await nodes.below(com, "demo");
  await third.is("com.demo_2");
  assert.equal(com.peers.keyOf("com.demo"), demo.peers.keyOf("com.demo"), "the old key is never replaced");
  await com.knows("com.demo:+", "com.demo_1:+", "com.demo_2:+");

  await second.stop();
  const again = await nodes.start("demo", { home: second.home, above: () => com.url });
  await again.is("com.demo_1");
  assert.ok(com.peers.send("com.demo_1", Buffer.from("hello"), 0));
  await again.until(() => again.got.length > 0, "a message");
});

test("S5 nobody gets the name, the address or the messages of another with a secret of their own", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  const thief = await Stranger.dial(t, com.url);
  const answer = await thief.join(invite(com.home, "demo", nodes.home()));
  assert.equal(answer["address"], "com.demo_1");
  assert.ok(com.peers.send("com.demo", Buffer.from("for demo"), 0));
  await demo.until(() => demo.got.length > 0, "a message");
  assert.deepEqual(thief.got, []);
});

test("S5 S10 a node above with another key is not obeyed, unless it proves a new secret", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  let url = com.url;
  const demo = await nodes.below(com, "demo", { above: () => url });
  await demo.is("com.demo");
  const rogue = await nodes.start("com");
  mkdirSync(dirname(rogue.file("node/known.json")), { recursive: true });
  // It knows the name and the key, and would let it in.
  const known = readFileSync(com.file("node/known.json"), "utf8");
  await rogue.stop();
  copyFileSync(com.file("node/known.json"), rogue.file("node/known.json"));
  assert.match(known, /"name": "demo"/);
  const rogue2 = await nodes.start("com", { home: rogue.home });
  url = rogue2.url;
  await com.stop();
  assert.match(await demo.said("has another key"), /com has another key than the node above had: it may be a stranger/);
  assert.deepEqual([demo.address, demo.peers.peers(), rogue2.below], ["com.demo", [], ["com.demo:-"]]);

  invite(rogue2.home, "demo", demo.home);
  rmSync(rogue2.file("invite/demo"));
  await demo.said("does not know the secret of this node");
  assert.deepEqual(demo.peers.peers(), [], "it lets the node in, but does not prove the secret");

  invite(rogue2.home, "demo", demo.home);
  await demo.is("com.demo");
});

test("a node is not above itself: alone, in pairs, or further down", async (t) => {
  const nodes = new Nodes(t);
  const urls = new Map<string, string>();
  const above = (name: string) => () => urls.get(name) ?? "http://127.0.0.1:1";
  const [homeA, homeB, homeC] = [nodes.home(), nodes.home(), nodes.home()];
  invite(homeA, "a", homeA);
  const a = await nodes.start("a", { home: homeA, above: above("a") });
  urls.set("a", a.url);
  await a.said("a would be above itself");
  urls.delete("a");

  invite(homeA, "b", homeB);
  const b = await nodes.start("b", { home: homeB, above: () => a.url });
  await b.is("a.b");
  invite(homeB, "c", homeC);
  const c = await nodes.start("c", { home: homeC, above: () => b.url });
  await c.is("a.b.c");
  await a.knows("a.b:+", "a.b.c:+");
  for (const below of [b, c]) {
    a.logs.length = 0;
    below.logs.length = 0;
    invite(below.home, "a", homeA);
    urls.set("a", below.url);
    await a.said("would be above itself");
    urls.delete("a");
  }
  assert.deepEqual([a.address, b.address, c.address], ["a", "a.b", "a.b.c"]);
});

test("two nodes that dial each other at the same moment do not both get their way", async (t) => {
  const nodes = new Nodes(t);
  const [homeA, homeB] = [nodes.home(), nodes.home()];
  const urls = { a: "http://127.0.0.1:1", b: "http://127.0.0.1:1" };
  invite(homeA, "b", homeB);
  const a = await nodes.start("a", { home: homeA, above: () => urls.b });
  const b = await nodes.start("b", { home: homeB, above: () => urls.a });
  invite(homeB, "a", homeA);
  urls.a = a.url;
  urls.b = b.url;
  await Promise.race([a.said("would be above itself"), b.said("would be above itself")]);
  const hasAbove = (node: TestNode): boolean => node.peers.peers().some(({ type }) => type === "master");
  await a.until(() => !(hasAbove(a) && hasAbove(b)), "the end of the circle");
});
