/** Limits of the door, its ports, its end, and connections that become another protocol's. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { defineCommand, type Upgrade, upgrades } from "../../../src/ctx/index.ts";
import { makeTestTree } from "../../../src/ctx/testing.ts";
import web from "../../../src/modules/web/index.ts";
import { errorOf } from "../../support/probe.ts";
import { json, jsonOf, type OpenNode, openNode } from "../../support/web.ts";

function setting(node: OpenNode, name: string, value: number): void {
  const slot = node.tree.context("web")?.configs.get(name);
  assert.ok(slot !== undefined);
  node.tree.setConf(slot, value);
}

describe("C-50 limits", () => {
  test("a body that is too long is not read", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/cli/echo", json({ words: ["x".repeat(1 << 20)] }));
    assert.equal(got.status, 413);
    assert.match(String(jsonOf(got)["title"]), /longer than the 1048576 bytes of web\.body_limit/);
    const chunked = `POST /cli/echo HTTP/1.1\r\nHost: 127.0.0.1:${node.port}\r\nAuthorization: Bearer ${node.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    const chunk = `${(1 << 17).toString(16)}\r\n${"x".repeat(1 << 17)}\r\n`;
    assert.match(await node.raw(chunked + chunk.repeat(9)), /^HTTP\/1\.1 413/);
  });
  test("headers, addresses and queries that are too long", async (t) => {
    const node = await openNode(t);
    assert.equal((await node.ask("/healthz", { headers: { "x-long": "x".repeat(20_000) } })).status, 431);
    assert.equal((await node.ask(`/cli/echo?words=${"x".repeat(9000)}`)).status, 414);
    const many = await node.ask(`/cli/echo?${"a&".repeat(1001)}`);
    assert.equal(many.status, 413);
    assert.match(many.text, /the 1000 values of web\.most_keys/);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const body = "words=a&".repeat(1001);
    assert.equal((await node.ask("/cli/echo", { method: "POST", headers: form, body })).status, 413);
    setting(node, "most_keys", 2000);
    assert.equal((await node.ask("/cli/echo", { method: "POST", headers: form, body })).status, 200);
  });
  test("what is nested too deep, or is no HTTP", async (t) => {
    const node = await openNode(t);
    const deep = `{"words":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    assert.equal((await node.ask("/cli/echo", { ...json(0), body: deep })).status, 400);
    for (const bytes of ["nonsense\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
      assert.match(await node.raw(bytes), /^HTTP\/1\.1 400 parse_error\r\n[\s\S]*"status":400/);
    }
    assert.equal((await node.ask("/healthz")).status, 200);
  });
  test("more commands at once than may run are told to come back", async (t) => {
    const node = await openNode(t);
    setting(node, "most_running", 2);
    const going = [1, 2].map(() => connect(node.port, "127.0.0.1"));
    t.after(() => going.map((socket) => socket.destroy()));
    const head = [`Host: 127.0.0.1:${node.port}`, `Authorization: Bearer ${node.token}`, "Content-Length: 0"];
    for (const socket of going) socket.write(`POST /probe/wait HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n`);
    const running = async (): Promise<unknown> => (await node.call("web.serve")).rows[0]?.["running"];
    while ((await running()) !== 2) await new Promise((resolve) => setImmediate(resolve));
    const got = await node.ask("/cli/echo?words=a");
    assert.deepEqual([got.status, got.headers["retry-after"]], [503, "1"]);
    assert.match(got.text, /the 2 commands of web\.most_running/);
    assert.equal((await node.ask("/healthz")).status, 200);
    for (const socket of going) socket.destroy();
    while ((await running()) !== 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await node.ask("/cli/echo?words=a")).status, 200);
  });
});

describe("C-50 where it listens", () => {
  const env = { PATH: "", USER: "ada" };
  test("only a service opens a door", async (t) => {
    for (const mode of ["shell", "one-shot", "test"] as const) {
      const stage = await makeTestTree([web], { host: { mode, env: { ...env, web_port: "nonsense" } } });
      t.after(() => stage.stop());
      assert.equal((await stage.call("web.serve")).rows[0]?.["status"], "stop");
    }
  });
  test("a port that is taken, or is none, is said", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const start = (web_port: string) =>
      errorOf(() => makeTestTree([web], { host: { mode: "service", env: { ...env, web_port } } }));
    const error = await start(`:${port}`);
    assert.deepEqual([error.code, error.message], ["already_exists", `listener "127.0.0.1:${port}" is already there`]);
    assert.match(error.hint ?? "", new RegExp(`web_port=${port + 1} bin/boot.sh`));
    for (const wrong of ["x", "-1", "65536", "1.5", "80 "]) {
      assert.equal((await start(wrong)).code, "bad_argument", wrong);
    }
    taken.close();
    await once(taken, "close");
    const stage = await makeTestTree([web], { host: { mode: "service", env: { ...env, web_port: `:${port}` } } });
    assert.equal((await stage.call("web.serve")).rows[0]?.["port"], port);
    await stage.stop();
  });
  test("a worker takes any free port", async (t) => {
    const stage = await makeTestTree([web], {
      host: { mode: "service", env: { ...env, web_port: ":1", ctx_box: "http://127.0.0.1:9094" } },
    });
    t.after(() => stage.stop());
    assert.ok(Number((await stage.call("web.serve")).rows[0]?.["port"]) > 1024);
  });
});

describe("the end", () => {
  test("answers that are on their way come to their end, then nothing is left", async (t) => {
    let go = (): void => undefined;
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = defineCommand({
      name: "slow",
      help: "Wait",
      effect: "read",
      run: () =>
        new Promise<string>((resolve) => {
          go = () => resolve("done");
          begun();
        }),
    });
    const node = await openNode(t, { more: [{ name: "late", help: "Late", commands: [slow] }] });
    const idle = connect(node.port, "127.0.0.1");
    await once(idle, "connect");
    const answering = node.ask("/late/slow");
    await isBegun;
    const stopping = node.tree.life.stop();
    go();
    const got = await answering;
    assert.deepEqual([got.status, jsonOf(got)["result"]], [200, "done"]);
    await Promise.all([stopping, once(idle, "close")]);
    const [error] = (await once(connect(node.port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
    assert.equal(node.tree.context("web")?.status, "stop");
  });
});

describe("C-43 connections that become another protocol's", () => {
  const ask = (node: OpenNode, path: string, headers: readonly string[] = []): string =>
    [
      `GET ${path} HTTP/1.1`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      ...(headers.some((one) => one.startsWith("Host")) ? [] : [`Host: 127.0.0.1:${node.port}`]),
      ...headers,
      "\r\n",
    ].join("\r\n");

  test("go to whoever wants those of their path", async (t) => {
    const node = await openNode(t);
    const taken: Upgrade[] = [];
    const end = node.tree.use(upgrades)("/try", (upgrade) => {
      taken.push(upgrade);
      upgrade.socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\nhello");
    });
    assert.match(await node.raw(ask(node, "/try?x=1")), /^HTTP\/1\.1 101 [\s\S]*hello$/);
    assert.equal(taken[0]?.request.url, "/try?x=1");
    assert.equal((await errorOf(() => node.tree.use(upgrades)("/try", () => undefined))).code, "already_exists");
    end();
    assert.match(await node.raw(ask(node, "/try")), /^HTTP\/1\.1 404 not_found\r\n/);
    assert.equal(taken.length, 1);
  });
  test("are refused on other paths, under other names, and from pages of others", async (t) => {
    const node = await openNode(t);
    let taken = 0;
    node.tree.use(upgrades)("/try", ({ socket }) => {
      taken++;
      socket.destroy();
    });
    for (const [path, header, status] of [
      ["/nosuch", "X: 1", 404],
      ["/__proto__", "X: 1", 404],
      ["/try", "Host: evil.example", 403],
      ["/try", "Origin: http://evil.example", 403],
      ["/try", "Origin: null", 403],
    ] as const) {
      assert.match(await node.raw(ask(node, path, [header])), new RegExp(`^HTTP/1\\.1 ${status} `), header);
    }
    assert.equal(taken, 0);
  });
  test("a taker that fails, and a stranger who goes, break nothing", async (t) => {
    const node = await openNode(t);
    node.tree.use(upgrades)("/bad", () => {
      throw new TypeError("a secret of the house");
    });
    const got = await node.raw(ask(node, "/bad"));
    assert.match(got, /^HTTP\/1\.1 500 /);
    assert.doesNotMatch(got, /secret/);
    let held: Socket | undefined;
    node.tree.use(upgrades)("/hold", ({ socket }) => {
      held = socket as Socket;
    });
    const socket = connect(node.port, "127.0.0.1");
    socket.write(ask(node, "/hold"));
    while (held === undefined) await new Promise((resolve) => setImmediate(resolve));
    const gone = new Promise((resolve) => held?.once("close", resolve));
    socket.resetAndDestroy();
    await gone;
    assert.equal((await node.ask("/healthz")).status, 200);
  });
  test("are closed with the node", async (t) => {
    const node = await openNode(t);
    let taken = (): void => undefined;
    const isTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    node.tree.use(upgrades)("/hold", () => taken());
    const [early, late] = [connect(node.port, "127.0.0.1"), connect(node.port, "127.0.0.1")];
    early.write(ask(node, "/hold"));
    await Promise.all([isTaken, once(late, "connect")]);
    const closed = [early, late].map((socket) => once(socket.on("error", () => undefined).resume(), "close"));
    const stopping = node.tree.life.stop();
    late.write(ask(node, "/hold"));
    await Promise.all([...closed, stopping]);
  });
});
