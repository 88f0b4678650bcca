/** Answers that take their time: they come as they are made, no faster than they are read, and stop when nobody reads. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { type Context, defineCommand, integer, type Message } from "../../../src/ctx/index.ts";
import { jsonOf, openNode } from "../../support/web.ts";

/** A command that gives a row each time it is told to, and says when it was stopped. */
function makeTap() {
  const calls: { more: (n: number) => void; m: Message }[] = [];
  let opened: () => void = () => undefined;
  let stopped: () => void = () => undefined;
  const isStopped = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const drip = defineCommand({
    name: "drip",
    help: "Give rows when told to",
    effect: "read",
    columns: { n: integer("Number") },
    async *run(m) {
      m.note("begins");
      const waiting: number[] = [];
      let wake = (): void => undefined;
      m.signal.addEventListener("abort", () => {
        stopped();
        wake();
      });
      calls.push({
        m: m as unknown as Message,
        more: (n) => {
          waiting.push(n);
          wake();
        },
      });
      opened();
      while (!m.signal.aborted) {
        for (const n of waiting.splice(0)) {
          if (n < 0) return;
          yield { n };
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  });
  const context: Context = { name: "tap", help: "A tap", commands: [drip] };
  const begun = (): Promise<void> =>
    new Promise((resolve) => {
      opened = resolve;
    });
  return { context, calls, begun, isStopped };
}

describe("X-05 streams by HTTP", () => {
  for (const [accept, first, last] of [
    ["application/x-ndjson", '{"n":7}\n', '{"n":8}\n'],
    ["text/event-stream", 'event: note\ndata: "begins"\n\n', 'event: row\ndata: {"n":8}\n\nevent: end\ndata: {}\n\n'],
  ] as const) {
    test(`C-50 ${accept}: rows come before the end`, async (t) => {
      const tap = makeTap();
      const node = await openNode(t, { more: [tap.context] });
      const begun = tap.begun();
      const answering = node.open("/tap/drip", { headers: { accept } });
      await begun;
      const [call] = tap.calls;
      call?.more(7);
      const answer = await answering;
      answer.setEncoding("utf8");
      let text = "";
      answer.on("data", (part: string) => {
        text += part;
      });
      while (!text.includes('{"n":7}')) await once(answer, "data");
      assert.ok(text.startsWith(first), text);
      call?.more(8);
      call?.more(-1);
      await once(answer, "end");
      assert.ok(text.endsWith(last), text);
    });
  }

  for (const accept of [
    "application/json",
    "text/plain",
    "application/x-ndjson",
    "text/event-stream",
    "application/x-ctx",
  ]) {
    test(`C-50 who leaves stops the command: ${accept}`, async (t) => {
      const tap = makeTap();
      const node = await openNode(t, { more: [tap.context] });
      const begun = tap.begun();
      const socket = connect(node.port, "127.0.0.1");
      const head = ["GET /tap/drip HTTP/1.1", `host: 127.0.0.1:${node.port}`, `accept: ${accept}`];
      socket.write(`${[...head, `authorization: Bearer ${node.token}`].join("\r\n")}\r\n\r\n`);
      await begun;
      tap.calls[0]?.more(1);
      socket.destroy();
      await tap.isStopped;
      assert.equal(tap.calls[0]?.m.signal.aborted, true);
      const { rows } = await node.call("web.serve");
      assert.equal(rows[0]?.["answered"], 1);
    });
  }

  test("a slow reader slows the command down, and the memory stays", async (t) => {
    const node = await openNode(t);
    const wanted = 3_000_000;
    const answer = await node.open(`/probe/rows?count=${wanted}`, { headers: { accept: "application/x-ndjson" } });
    await once(answer, "readable");
    // What the command gives now only fills the buffers on the way; then it waits.
    let before = -1;
    while (before !== node.seen.given) {
      before = node.seen.given;
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(before > 0 && before < wanted / 2, `${before} rows were made for nobody`);
    answer.destroy();
    while (!node.seen.ended) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(node.seen.given < wanted);
  });

  test("a long answer of a form that is held back streams, too", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/probe/rows?count=100000");
    assert.deepEqual([got.headers["content-length"], got.headers["transfer-encoding"]], [undefined, "chunked"]);
    assert.equal((jsonOf(got)["append"] as unknown[]).length, 100_000);
    const short = await node.ask("/probe/rows?count=10");
    assert.equal(short.headers["content-length"], String(Buffer.byteLength(short.text)));
  });
});
