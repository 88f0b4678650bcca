import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import type { Link } from "../../../src/ctx/index.ts";
import { OpenLinks } from "../../../src/modules/tcp/link.ts";

const limits = { message: 100_000, stranger: 4096, waiting: 2, dial: 5000 };
const { signal } = new AbortController();

/** Two ends of a link, on a real connection. */
async function pair(t: { after(work: () => unknown): void }) {
  const counts: number[] = [];
  const links = new OpenLinks(limits, (count) => counts.push(count));
  const server = createServer((_request, response) => void response.writeHead(404).end());
  const taken = new Promise<Link>((resolve) => {
    server.on("upgrade", (request, socket, head) => links.accept({ request, socket, head }, resolve));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    await links.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [here, there] = await Promise.all([links.dial(url, signal), taken]);
  return { links, here, there, url, counts };
}
const ended = (link: Link): Promise<string> => new Promise((resolve) => link.onClose(resolve));
const message = (link: Link): Promise<Buffer> => new Promise((resolve) => link.onMessage(resolve));

test("C-42 a link carries bytes both ways, and its end with a reason, once", async (t) => {
  const { here, there, counts } = await pair(t);
  const got = [message(here), message(there)];
  here.send(Buffer.from("up"));
  there.send(Buffer.from("down"));
  assert.deepEqual((await Promise.all(got)).map(String), ["down", "up"]);
  assert.match(`${here.name} ${there.name}`, /^tcp\.link[12] tcp\.link[12]$/);
  assert.match(there.address, /127\.0\.0\.1/);
  const ends = [ended(here), ended(there)];
  here.close("enough");
  here.close("again");
  here.send(Buffer.from("late"));
  assert.deepEqual(await Promise.all(ends), ["enough", "enough"]);
  assert.equal(await ended(here), "enough", "who asks later is told too");
  assert.deepEqual(counts, [1, 2, 1, 0]);
});

test("messages that come before somebody takes them wait", async (t) => {
  const { here, there } = await pair(t);
  for (const text of ["a", "b", "c"]) here.send(Buffer.from(text));
  await new Promise((resolve) => setImmediate(resolve));
  const got: string[] = [];
  await new Promise<void>((resolve) => {
    there.onMessage((bytes) => got.push(String(bytes)) === 3 && resolve());
  });
  assert.deepEqual(got, ["a", "b", "c"]);
});

test("C-43 longer messages come in when the other side is trusted, not before, and not without end", async (t) => {
  const { here, there } = await pair(t);
  there.onMessage(() => undefined);
  there.trust();
  const taken = message(there);
  here.send(Buffer.alloc(100_000));
  assert.equal((await taken).length, 100_000);
  here.onMessage(() => undefined);
  const end = ended(there);
  there.send(Buffer.alloc(4097));
  assert.equal(await end, "a message was too long");
});

test("a long reason is cut between characters", async (t) => {
  const { here, there } = await pair(t);
  there.onMessage(() => undefined);
  const end = ended(there);
  here.close("中".repeat(100));
  assert.equal(await end, "中".repeat(41));
});

describe("S21 only nodes of this machine are dialled", () => {
  const rows: readonly (readonly [url: string, code: string, says: RegExp])[] = [
    ["http://192.168.0.1:9094", "unsupported", /192.168.0.1 is not this machine/],
    ["http://example.com", "unsupported", /example.com is not this machine/],
    ["http://127.0.0.1.example.com", "unsupported", /is not this machine/],
    ["http://localhost.example.com", "unsupported", /is not this machine/],
    ["http://0.0.0.0:1", "unsupported", /0.0.0.0 is not this machine/],
    ["https://127.0.0.1:1", "unsupported", /links begin with http:\/\/, not with https:\/\//],
    ["file:///etc/passwd", "unsupported", /links begin with http/],
    ["localhost", "failed", /"localhost" is no URL of a node/],
    ["", "failed", /"" is no URL of a node/],
    ["http://127.0.0.1:1", "failed", /connection refused: "127.0.0.1:1"/],
    ["http://localhost:1", "failed", /connection refused: "127.0.0.1:1"/],
    ["http://[::1]:1", "failed", /connection refused|cannot be reached|not available|EADDRNOTAVAIL/],
  ];
  for (const [url, code, says] of rows) {
    test(url, async () => {
      await assert.rejects(new OpenLinks(limits).dial(url, signal), (error: { code: string; message: string }) => {
        assert.match(error.message, says);
        assert.equal(error.code, code);
        return true;
      });
    });
  }
});

test("C-43 who is refused at the door and does not leave keeps no connection", async (t) => {
  const links = new OpenLinks(limits);
  const server = createServer().on("upgrade", (request, socket, head) => {
    links.accept({ request, socket, head }, () => assert.fail("no link"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const stays = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  t.after(() => stays.destroy());
  const [taken] = (await once(server, "connection")) as [Socket];
  const closed = once(taken, "close");
  stays.resume().write("GET /ctx HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await closed;
});

test("a door that takes no links, one that says nothing, and a call that is stopped, are errors", async (t) => {
  const server = createServer((_request, response) => void response.end());
  const silent = createServer();
  silent.on("upgrade", () => undefined);
  const urls = [];
  for (const one of [server, silent]) {
    one.listen(0, "127.0.0.1");
    await once(one, "listening");
    t.after(() => {
      one.close();
      one.closeAllConnections();
    });
    urls.push(`http://127.0.0.1:${(one.address() as AddressInfo).port}`);
  }
  const [plain = "", still = ""] = urls;
  await assert.rejects(new OpenLinks(limits).dial(plain, signal), {
    code: "failed",
    message: `${plain} answers a link with 200`,
  });
  const stop = new AbortController();
  const dialled = new OpenLinks(limits).dial(still, stop.signal);
  const asked = once(silent, "upgrade");
  asked.then(() => stop.abort());
  await assert.rejects(dialled, { code: "cancelled" });
  const [, socket] = await asked;
  socket.destroy();
  await assert.rejects(new OpenLinks(limits).dial(still, AbortSignal.abort()), { name: "AbortError" });
});
