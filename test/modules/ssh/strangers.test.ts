/** What somebody who is not known gets: a refusal, and nothing else. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { frameTypes, readFrame, writeFrame } from "../../../src/modules/ssh/frame.ts";
import { Handshake } from "../../../src/modules/ssh/handshake.ts";
import { jsonFrame, ping } from "../../../src/modules/ssh/meeting.ts";
import { invite, Nodes } from "../../support/linked-nodes.ts";
import { makeSigner } from "../../support/nodes.ts";
import { Stranger } from "../../support/stranger.ts";
import { ManualTimers } from "../../support/timers.ts";

const empty = Buffer.alloc(0);
const names = Object.entries(frameTypes);

describe("C-43 before the other side is known only HELLO, AUTH, JOIN in this order, and PING, are answered", () => {
  for (const [name, type] of names) {
    for (const [what, body] of [
      ["empty", empty],
      ["JSON", Buffer.from("{}")],
      ["bytes", Buffer.alloc(64)],
    ] as const) {
      test(`${name} at first, ${what}`, async (t) => {
        const com = await new Nodes(t).start("com");
        const stranger = await Stranger.dial(t, com.url);
        stranger.send(writeFrame(type, body, "com", "com.demo"));
        if (type === frameTypes.ping) {
          assert.equal((await stranger.next())?.type, frameTypes.pong);
          return;
        }
        assert.deepEqual(await stranger.ended(), []);
        assert.equal(com.facts.refused, 1);
      });
    }
    test(`${name} after HELLO`, async (t) => {
      const com = await new Nodes(t).start("com");
      const stranger = await Stranger.dial(t, com.url);
      for (const frame of stranger.handshake.begin()) stranger.send(frame);
      assert.equal((await stranger.next())?.type, frameTypes.hello);
      stranger.send(writeFrame(type, Buffer.from("{}"), "com", "com.demo"));
      if (type === frameTypes.ping) assert.equal((await stranger.next())?.type, frameTypes.pong);
      else assert.deepEqual(await stranger.ended(), []);
    });
    if (type === frameTypes.join) continue;
    test(`${name} after AUTH`, async (t) => {
      const com = await new Nodes(t).start("com");
      const stranger = await Stranger.dial(t, com.url);
      await stranger.meet();
      stranger.send(writeFrame(type, Buffer.from("{}"), "com", "com.demo"));
      if (type === frameTypes.ping) assert.equal((await stranger.next())?.type, frameTypes.pong);
      else assert.deepEqual(await stranger.ended(), []);
      assert.deepEqual([com.below, com.got], [[], []]);
    });
  }
});

describe("C-43 messages that are none", () => {
  const rows: readonly (readonly [what: string, message: Buffer | string, reason: string])[] = [
    ["text", "hello", "only bytes are spoken here"],
    ["nothing", empty, "a frame is too short"],
    ["7 bytes", Buffer.alloc(7), "a frame is too short"],
    ["an unknown type", Buffer.from([99, 0, 0, 0, 0, 0, 0, 0]), "a frame is of the unknown type 99"],
    ["addresses that end too late", Buffer.from([1, 0, 16, 0, 255, 255, 0, 0]), "a frame ends within its addresses"],
    ["a list for a HELLO", jsonFrame(frameTypes.hello, []), "a HELLO is no JSON object"],
    ["no version in common", jsonFrame(frameTypes.hello, { v: [2] }), "the two nodes speak no common version"],
    ["no nonce", jsonFrame(frameTypes.hello, { v: [1] }), 'a HELLO has no right "nonce"'],
  ];
  for (const [what, message, reason] of rows) {
    test(what, async (t) => {
      const com = await new Nodes(t).start("com");
      const stranger = await Stranger.dial(t, com.url);
      stranger.send(message);
      assert.deepEqual(await stranger.ended(), []);
      assert.equal(stranger.reason, reason);
    });
  }
  const hello = { v: [1], name: "demo", type: "worker", epoch: "0".repeat(16), key: makeSigner().key };
  const bytes = Buffer.alloc(32, 1).toString("base64url");
  const bad: readonly (readonly [field: string, value: unknown])[] = [
    ["name", "a..b"],
    ["name", 1],
    ["name", { toString: "x" }],
    ["type", "master"],
    ["type", "root"],
    ["key", `${hello.key}=`],
    ["key", "short"],
    ["epoch", "now"],
    ["nonce", bytes.slice(2)],
    ["eph", "é"],
  ];
  for (const [field, value] of bad) {
    test(`a HELLO whose ${field} is ${JSON.stringify(value)}`, async (t) => {
      const com = await new Nodes(t).start("com");
      const stranger = await Stranger.dial(t, com.url);
      stranger.send(jsonFrame(frameTypes.hello, { ...hello, nonce: bytes, eph: bytes, [field]: value }));
      assert.deepEqual(await stranger.ended(), []);
      assert.equal(stranger.reason, `a HELLO has no right "${field}"`);
    });
  }
});

test("C-43 HELLO, and JOIN, come once", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const twice = await Stranger.dial(t, com.url);
  for (const frame of [...twice.handshake.begin(), ...twice.handshake.begin()]) twice.send(frame);
  assert.deepEqual(
    (await twice.ended()).map(({ type }) => type),
    [frameTypes.hello],
  );

  const joined = await Stranger.dial(t, com.url);
  const answer = await joined.join(invite(com.home, "demo", nodes.home()));
  assert.equal(answer["address"], "com.demo");
  for (let i = 0; i < 5; i++) joined.send(jsonFrame(frameTypes.join, { address: "com" }));
  assert.deepEqual(await joined.ended(), []);
  assert.deepEqual([com.facts.refused, com.address], [6, "com"]);
});

test("C-43 an AUTH of another session, or of the other side, is none (splice, replay, reflection)", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const signer = makeSigner();
  const first = await Stranger.dial(t, com.url, { signer });
  for (const frame of first.handshake.begin()) first.send(frame);
  const hello = await first.next();
  assert.ok(hello !== undefined);
  const [auth = empty] = first.handshake.take(hello);

  const second = await Stranger.dial(t, com.url, { signer });
  for (const frame of first.handshake.begin()) second.send(frame);
  assert.equal((await second.next())?.type, frameTypes.hello);
  second.send(auth);
  assert.deepEqual(await second.ended(), []);
  assert.equal(second.reason, "the signature of demo does not fit the message");

  // What the dialler signed, sent back to it.
  const dialler = new Handshake("dial", { name: "a", type: "worker", epoch: "0".repeat(16), signer });
  const other = new Handshake("accept", { name: "b", type: "worker", epoch: "1".repeat(16), signer });
  const [asked = empty] = dialler.begin();
  const [answered = empty] = other.take(readFrame(asked));
  const [signed = empty] = dialler.take(readFrame(answered));
  assert.throws(() => dialler.take(readFrame(signed)), /the signature of b does not fit/);
  const [back = empty] = other.take(readFrame(signed));
  assert.deepEqual(dialler.take(readFrame(back)), []);
  assert.deepEqual(dialler.proven?.transcript, other.proven?.transcript);
});

test("C-43 a key that is not the sender's is of no use", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const demo = await nodes.below(com, "demo");
  const thief = { ...makeSigner(), key: demo.peers.keyOf("com.demo") ?? "" };
  const stranger = await Stranger.dial(t, com.url, { signer: thief });
  for (const frame of stranger.handshake.begin()) stranger.send(frame);
  const hello = await stranger.next();
  assert.ok(hello !== undefined);
  for (const frame of stranger.handshake.take(hello)) stranger.send(frame);
  assert.deepEqual(await stranger.ended(), []);
  assert.deepEqual(com.below, ["com.demo:+"]);
});

test("C-43 PING is answered ten times, not more", async (t) => {
  const com = await new Nodes(t).start("com");
  const stranger = await Stranger.dial(t, com.url);
  for (let i = 0; i < 11; i++) stranger.send(ping);
  assert.equal((await stranger.ended()).length, 10);
});

test("C-43 a first message longer than 4 KiB ends the link; once the other side is known, 1 MiB may come", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const stranger = await Stranger.dial(t, com.url);
  stranger.send(writeFrame(frameTypes.ping, Buffer.alloc(4096)));
  assert.deepEqual(await stranger.ended(), []);

  const demo = await nodes.below(com, "demo");
  const long = Buffer.alloc(1_000_000, "x");
  assert.ok(demo.peers.send("com", long, 0));
  await com.until(() => com.got[0]?.text.length === long.length, "a long message up");
  assert.ok(com.peers.send("com.demo", long, 0));
  await demo.until(() => demo.got[0]?.text.length === long.length, "a long message down");

  const known = await Stranger.dial(t, com.url, { name: "known" });
  await known.join(invite(com.home, "known", nodes.home()));
  known.send(writeFrame(frameTypes.ping, Buffer.alloc(1_048_576)));
  assert.deepEqual(await known.ended(), [], "and not more");
});

test("C-43 who says nothing for five seconds is let go", async (t) => {
  const timers = new ManualTimers();
  const com = await new Nodes(t).start("com", { timers });
  const silent = await Stranger.dial(t, com.url);
  silent.send(ping);
  await silent.next();
  const half = await Stranger.dial(t, com.url);
  await half.meet();
  timers.pass(4999);
  silent.send(ping);
  assert.equal((await silent.next())?.type, frameTypes.pong, "not yet");
  timers.pass(1);
  for (const one of [silent, half]) {
    assert.deepEqual(await one.ended(), []);
    assert.equal(one.reason, "not known within 5000 ms (ssh.link_meet)");
  }
});

/** Asks for an upgrade by hand; gives the status and a header of the answer. */
async function upgrade(url: string, headers: Record<string, string>): Promise<readonly [number | undefined, string]> {
  const key = { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13" };
  const asked = request(`${url}/ctx`, { headers: { Connection: "Upgrade", Upgrade: "websocket", ...key, ...headers } });
  asked.end();
  const answered = once(asked, "response");
  const upgraded = once(asked, "upgrade");
  const [answer, socket] = await Promise.race([answered, upgraded]);
  socket?.destroy();
  answer.resume();
  return [answer.statusCode, String(answer.headers["retry-after"] ?? "")];
}

test("C-43 pages, and other protocols, are refused at the door", async (t) => {
  const com = await new Nodes(t).start("com");
  const spoken = { "Sec-WebSocket-Protocol": "ctx.v1" };
  assert.deepEqual(await upgrade(com.url, { ...spoken, Origin: com.url }), [403, ""]);
  assert.deepEqual(await upgrade(com.url, { ...spoken, Origin: "null" }), [403, ""]);
  assert.deepEqual(await upgrade(com.url, {}), [400, ""]);
  assert.deepEqual(await upgrade(com.url, { "Sec-WebSocket-Protocol": "ctx.v2, chat" }), [400, ""]);
  assert.deepEqual(await upgrade(com.url, { ...spoken, "Sec-WebSocket-Key": "short" }), [400, ""]);
  assert.deepEqual(await upgrade(com.url, { "Sec-WebSocket-Protocol": "chat, ctx.v1" }), [101, ""]);
});

test("C-43 of one address 64 links may wait to be known; one that is known makes room", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com");
  const waiting = await Promise.all(Array.from({ length: 64 }, () => Stranger.dial(t, com.url)));
  assert.deepEqual(await upgrade(com.url, { "Sec-WebSocket-Protocol": "ctx.v1" }), [503, "5"]);
  const refused = new WebSocket(`${com.url.replace("http", "ws")}/ctx`, "ctx.v1");
  const [error] = (await once(refused, "error")) as [Error];
  assert.match(error.message, /503/);
  const [first, second] = waiting;
  assert.equal((await first?.join(invite(com.home, "demo", nodes.home())))?.["address"], "com.demo");
  await Stranger.dial(t, com.url);
  second?.send("text");
  await second?.ended();
  await Stranger.dial(t, com.url);
  assert.deepEqual(await upgrade(com.url, { "Sec-WebSocket-Protocol": "ctx.v1" }), [503, "5"]);
});

test("what is read is a frame, whatever the bytes", () => {
  const frame = readFrame(writeFrame(frameTypes.batch, Buffer.from("body"), "com.中", "com", 2));
  assert.deepEqual(
    [frame.type, frame.dst, frame.src, frame.prio, frame.ttl, frame.body.toString()],
    [frameTypes.batch, "com.中", "com", 2, 16, "body"],
  );
});
