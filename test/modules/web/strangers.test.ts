/** Pages of others in the owner's browser, and requests that are made to confuse. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Ask, form, json, jsonOf, logIn, makeWatch, openNode } from "../../support/web.ts";

describe("pages of others in the owner's browser", () => {
  const elsewhere: readonly (readonly [what: string, headers: (port: number) => Ask["headers"], status: number])[] = [
    ["a name that was made to lead here (DNS rebinding)", () => ({ host: "evil.example" }), 403],
    ["such a name with our port", (port) => ({ host: `evil.example:${port}` }), 403],
    ["a name that begins like ours", (port) => ({ host: `127.0.0.1.evil.example:${port}` }), 403],
    ["another port", (port) => ({ host: `127.0.0.1:${port === 1 ? 2 : port - 1}` }), 403],
    ["an address of all", (port) => ({ host: `0.0.0.0:${port}` }), 403],
    ["another origin", () => ({ origin: "http://evil.example" }), 403],
    ["no origin at all (null)", () => ({ origin: "null" }), 403],
    ["our origin with https", (port) => ({ origin: `https://127.0.0.1:${port}` }), 403],
    ["another of our names", (port) => ({ origin: `http://localhost:${port}` }), 403],
    ["our origin with another port", () => ({ origin: "http://127.0.0.1:1" }), 403],
    ["another site", () => ({ "sec-fetch-site": "cross-site" }), 403],
    ["another port of this machine", () => ({ "sec-fetch-site": "same-site" }), 403],
    ["a link on another site", () => ({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }), 403],
    ["our own page", (port) => ({ origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" }), 200],
    ["an address that was typed", () => ({ "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }), 200],
    ["our other name", (port) => ({ host: `LocalHost:${port}` }), 200],
    ["our name in IPv6", (port) => ({ host: `[::1]:${port}` }), 200],
  ];
  for (const [what, headers, status] of elsewhere) {
    test(what, async (t) => {
      const watch = makeWatch();
      const node = await openNode(t, { more: [watch.context] });
      for (const [path, method] of [
        ["/watch/whoami", "GET"],
        ["/watch/act", "POST"],
      ] as const) {
        const got = await node.ask(path, { method, headers: headers(node.port) ?? {} });
        assert.equal(got.status, status, `${method} with a token`);
        assert.equal(got.headers["access-control-allow-origin"], undefined);
      }
      assert.equal(watch.callers.length, status === 200 ? 2 : 0);
    });
  }
  test("a write with a cookie must tell its origin; a token need not", async (t) => {
    const watch = makeWatch();
    const node = await openNode(t, { more: [watch.context] });
    const cookie = await logIn(node);
    const act = async (headers: Ask["headers"]): Promise<number> =>
      (await node.ask("/watch/act", { method: "POST", bare: true, headers: { cookie, ...headers } })).status;
    assert.deepEqual([await act({}), await act({ origin: "http://evil.example" })], [403, 403]);
    assert.equal(watch.callers.length, 0);
    assert.equal(await act({ origin: node.url }), 200);
    assert.equal((await node.ask("/watch/act", { method: "POST" })).status, 200);
  });
  test("nobody else can have the owner logged in, or ask for more than the page", async (t) => {
    const node = await openNode(t);
    const origin = "http://evil.example";
    const wrong = await node.ask("/login", { ...json({ token: node.token }), bare: true, headers: { origin } });
    assert.equal(wrong.status, 403);
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    assert.equal((await node.ask("/", { bare: true, headers: link })).status, 302);
    assert.equal((await node.ask("/librarys/a.js", { bare: true, headers: link })).status, 403);
    const preflight = await node.ask("/watch/act", { method: "OPTIONS", headers: { origin } });
    assert.equal(preflight.status, 403);
  });
  test("a refusal of a name comes before everything else", async (t) => {
    const node = await openNode(t);
    for (const path of ["/healthz", "/", "/code", "/librarys/a.js", "/login", "/nosuch"]) {
      assert.equal((await node.ask(path, { bare: true, headers: { host: "evil.example" } })).status, 403, path);
    }
    assert.match(await node.raw("GET /healthz HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 403/);
  });
});

describe("keys that mean something to JavaScript", () => {
  test("prototype pollution: such a key is unknown, and changes nothing", async (t) => {
    const watch = makeWatch();
    const node = await openNode(t, { more: [watch.context] });
    const bodies = [
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"any":{"__proto__":{"polluted":1}}}',
      '{"toString":1}',
      '{"hasOwnProperty":1}',
      '{"args":{"__proto__":["x"]}}',
    ];
    for (const body of bodies) assert.equal((await node.ask("/watch/whoami", { ...json(0), body })).status, 400, body);
    for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty", "__proto__[polluted]", "valueOf"]) {
      assert.equal((await node.ask(`/watch/whoami?${key}=1`)).status, 400, key);
      assert.equal((await node.ask("/watch/whoami", form(`${key}=1`))).status, 400, key);
      assert.equal((await node.ask(`/${key}`)).status, 404, key);
      assert.equal((await node.ask("/watch/whoami", { headers: { accept: key } })).status, 406, key);
    }
    const login = await node.ask("/login", { ...json(0), body: '{"__proto__":{"token":"x"}}', bare: true });
    assert.equal(login.status, 400);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.deepEqual(watch.callers, []);
  });
  test("S9 a request with two names is one of nobody", async (t) => {
    const node = await openNode(t);
    for (const other of ["evil.example", `127.0.0.1:${node.port}`]) {
      const host = `Host: 127.0.0.1:${node.port}\r\nhOST: ${other}\r\n`;
      assert.match(await node.raw(`GET /healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`), /^HTTP\/1\.1 400/);
    }
  });
  test("CRLF in values stays in the body", async (t) => {
    const node = await openNode(t);
    const evil = "a%0d%0aSet-Cookie:%20x=1";
    for (const path of [`/cli/echo?words=${evil}`, `/nfs/dir?path=${evil}`, `/${evil}`, `/code?x=${evil}`]) {
      const got = await node.ask(path);
      assert.equal(got.headers["set-cookie"], undefined, path);
    }
    const raw = await node.raw(
      `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${node.port}\r\nConnection: close\r\nX: a\rb\r\n\r\n`,
    );
    assert.match(raw, /^HTTP\/1\.1 400/);
  });
});

test("static files: no way out of their folder, and no hidden ones", async (t) => {
  const node = await openNode(t);
  const librarys = join(node.home, "usr/librarys");
  mkdirSync(join(librarys, ".git"), { recursive: true });
  mkdirSync(join(node.home, "usr/secret"));
  for (const file of [".env", ".git/config", "fine.js"]) writeFileSync(join(librarys, file), "inside");
  writeFileSync(join(node.home, "usr/secret/x"), "outside");
  symlinkSync(librarys, join(node.home, "usr/link"));
  symlinkSync("../secret/x", join(librarys, "out.js"));
  symlinkSync("../secret", join(librarys, "out"));
  symlinkSync("fine.js", join(librarys, "in.js"));
  for (const path of [
    "/librarys/../secret/x",
    "/librarys/%2e%2e/secret/x",
    "/librarys/..%2fsecret%2fx",
    "/librarys/%2e%2e%2fsecret/x",
    "/librarys/..%5csecret%5cx",
    "/librarys/fine.js/../../secret/x",
    "/librarys//../secret/x",
    "/librarys/%00",
    "/librarys/fine.js%00.html",
    `/librarys/${join(node.home, "usr/secret/x")}`,
    "/librarys/.env",
    "/librarys/.git/config",
    "/librarys/%2egit/config",
    "/librarys/",
    "/librarys/%zz",
    "/code/../secret/x",
    "/code/secret/x",
    "/librarys/out.js",
    "/librarys/out/x",
    "/librarys//out/x",
    "/librarys/o%75t/x",
  ]) {
    const got = await node.ask(path);
    assert.ok(got.status >= 400 && got.status < 500, `${path} ${got.status}`);
    assert.doesNotMatch(got.text, /inside|outside/, path);
  }
  assert.equal((await node.ask("/librarys/fine.js?v=1", { bare: true })).text, "inside");
  assert.equal((await node.ask("/librarys/in.js", { bare: true })).text, "inside");
  assert.equal(jsonOf(await node.ask("/librarys/nosuch.js", { bare: true }))["status"], 404);
});
