import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Link } from "../../../src/ctx/index.ts";
import { type FrameType, frameTypes, writeFrame } from "../../../src/modules/ssh/frame.ts";
import { Passage } from "../../../src/modules/ssh/passage.ts";
import { Refusals } from "../../../src/modules/ssh/refusals.ts";
import { Session } from "../../../src/modules/ssh/session.ts";

/** A neighbour whose link is a list of what was sent. */
function neighbour(address: string, isAbove: boolean, waiting = 0) {
  const sent: Uint8Array[] = [];
  const link: Link = {
    name: address,
    address: "",
    waiting,
    send: (bytes) => void sent.push(bytes),
    trust: () => undefined,
    close: () => undefined,
    onMessage: () => undefined,
    onClose: () => undefined,
  };
  const other = { key: "", type: "worker", epoch: "", name: "", transcript: Buffer.alloc(0) } as const;
  return { sent, session: new Session(link, other, address, isAbove, 0) };
}

/** A node com.mac with com above and com.mac.led below. */
function stage(waiting = 0) {
  const above = neighbour("com", true);
  const below = neighbour("com.mac.led", false, waiting);
  const taken: string[] = [];
  const broken: unknown[] = [];
  const gone: string[] = [];
  const passage = new Passage({
    own: () => "com.mac",
    next: (dst) => (dst.startsWith("com.mac.led") ? below : above).session,
    batch: (src) => void taken.push(src),
    route: () => undefined,
    join: () => undefined,
    gone: (isGone) => void gone.push(...addresses.filter(isGone)),
    refused: () => undefined,
    broken: (error) => void broken.push(error),
    mostFaults: () => 5,
  });
  return { above, below, taken, broken, gone, passage };
}

const addresses = ["com", "com.x", "com.x.y", "com.mac", "com.mac.led", "com.mac.led.x", "com.mac2"];
const address = fc.constantFrom("", "com", "com.mac", "com.mac.led", "com.mac.led.x", "com.mac2", "com.macx.led", "..");
const body = fc.oneof(
  fc.uint8Array(),
  fc.json().map((text) => Buffer.from(text)),
  fc.constant(Buffer.from('{"gone":"com.x"}')),
);
const type = fc.constantFrom(...Object.values(frameTypes)) as fc.Arbitrary<FrameType>;
const frame = fc.tuple(type, body, address, address).map(([kind, ...rest]) => writeFrame(kind, ...rest));

describe("S3 S4 whatever comes over a link", () => {
  const any = fc.oneof(
    frame,
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  test("ends nothing, and what is passed on from a child says that it is of its subtree", () => {
    fc.assert(
      fc.property(fc.array(any), (frames) => {
        const { above, below, taken, broken, passage } = stage();
        for (const bytes of frames) passage.take(below.session, Buffer.from(bytes));
        assert.deepEqual(broken, []);
        for (const bytes of above.sent) assert.match(sourceOf(bytes), /^com\.mac\.led(\.x)?$/);
        for (const src of taken) assert.match(src, /^com\.mac\.led(\.x)?$/);
      }),
    );
  });
  test("from above is not of this node or one below", () => {
    fc.assert(
      fc.property(fc.array(any), (frames) => {
        const { above, below, taken, broken, passage } = stage();
        for (const bytes of frames) passage.take(above.session, Buffer.from(bytes));
        assert.deepEqual(broken, []);
        for (const src of [...below.sent.map(sourceOf), ...taken]) assert.doesNotMatch(src, /^com\.mac(\.|$)/);
      }),
    );
  });
  test("is passed on as it came: the same bytes, one hop less", () => {
    const { above, below, passage } = stage();
    const bytes = writeFrame(frameTypes.batch, Buffer.from("opaque"), "com.demo", "com.mac.led", 2);
    passage.take(below.session, bytes);
    assert.equal(above.sent[0], bytes);
    assert.equal(bytes[2], 15);
  });
});

describe("S5 that a message could not be passed on is believed", () => {
  const cases: readonly (readonly [by: string, of: string, isBelieved: boolean])[] = [
    ["com.mac.led", "com.mac.led.x", true],
    ["com.mac.led", "com.mac.led", true],
    ["com.mac.led", "com.mac", false],
    ["com.mac.led", "com.x", false],
    ["com", "com.x", true],
    ["com", "com.x.y", true],
    ["com.x", "com.x.y", true],
    ["com.x", "com.mac2", false],
    ["com", "com.mac.led", false],
    ["com.x", "com.mac.led.x", false],
  ];
  for (const [by, of, isBelieved] of cases) {
    test(`${by} says so of ${of}: ${isBelieved ? "yes" : "no"}`, () => {
      const { above, below, gone, passage } = stage();
      const bytes = writeFrame(frameTypes.route, Buffer.from(JSON.stringify({ gone: of })), "com.mac", by);
      passage.take((by.startsWith("com.mac.led") ? below : above).session, bytes);
      assert.deepEqual(gone, isBelieved ? [of] : []);
    });
  }
});

test("a neighbour that does not read is sent no answers to what it goes on sending", () => {
  for (const [waiting, answers] of [
    [0, 2],
    [8 << 20, 0],
  ] as const) {
    const { below, passage } = stage(waiting);
    passage.take(below.session, writeFrame(frameTypes.ping, Buffer.alloc(0)));
    passage.take(below.session, writeFrame(frameTypes.batch, Buffer.alloc(0), "com.mac.led.no", "com.mac.led"));
    assert.equal(below.sent.length, answers);
  }
});

function sourceOf(bytes: Uint8Array): string {
  const frame = Buffer.from(bytes);
  const dstEnd = 8 + frame.readUInt16BE(4);
  return frame.toString("utf8", dstEnd, dstEnd + frame.readUInt16BE(6));
}

test("of what is refused a hundred lines a minute are written, the others counted", () => {
  const lines: string[] = [];
  let now = 1_000_000;
  const refusals = new Refusals(
    (text) => lines.push(text),
    () => now,
  );
  for (let i = 1; i <= 250; i++) refusals.write(`${i}`);
  assert.deepEqual(lines.slice(-2), ["100", "more of this minute is counted, not written"]);
  now += 60_000;
  refusals.write("next");
  assert.deepEqual(lines.slice(-2), ["150 more were refused", "next"]);
});
