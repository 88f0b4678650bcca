/** Attacks on the door, by the ids of design/original.md 11.1, and those that browsers make possible. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Clock, defineCommand, systemClock, text, type Who } from "../../../src/ctx/index.ts";
import { type Ask, form, type Got, json, jsonOf, type OpenNode, openNode } from "../../support/web.ts";

/** A command that keeps who called it, and one that must never run. */
function makeWatch() {
  const callers: Who[] = [];
  const whoami = defineCommand({
    name: "whoami",
    help: "Say who calls",
    effect: "read",
    args: { any: text("Any", { default: "" }) },
    run: ({ who }) => {
      callers.push(who);
      return who.user;
    },
  });
  const act = defineCommand({
    name: "act",
    help: "Do something",
    run: ({ who }) => {
      callers.push(who);
    },
  });
  return { callers, context: { name: "watch", help: "Watch", commands: [whoami, act] } };
}

const cookieOf = ({ headers }: Got): string => String(headers["set-cookie"]).split(";")[0] ?? "";

/** Logs in and gives the cookie. */
async function logIn(node: OpenNode): Promise<string> {
  const got = await node.ask("/login", { ...json({ token: node.token }), bare: true });
  assert.equal(got.status, 204);
  return cookieOf(got);
}

/** A clock whose time is set. */
function makeClock(): Clock & { ahead: number } {
  return {
    ahead: 0,
    now() {
      return systemClock.now() + this.ahead;
    },
    ticks() {
      return systemClock.ticks() + this.ahead;
    },
  };
}

describe("S1 nothing in a request is run as a command", () => {
  test("words that the old program ran are keys that no command knows", async (t) => {
    const watch = makeWatch();
    const node = await openNode(t, { more: [watch.context] });
    for (const key of ["cmds", "componet_group", "componet_name", "componet_index", "cmd", "arg", "_who", "path"]) {
      assert.equal((await node.ask(`/watch/whoami?${key}=watch.act`)).status, 400, key);
      assert.equal((await node.ask("/watch/whoami", form(`${key}=watch.act`))).status, 400, key);
      assert.equal((await node.ask("/watch/whoami", json({ [key]: "watch.act" }))).status, 400, key);
      assert.notEqual((await node.ask(`/?${key}=watch.act`)).status, 200, key);
    }
    assert.deepEqual(watch.callers, []);
  });
  test("without a token nothing runs, whatever the path", async (t) => {
    const watch = makeWatch();
    const node = await openNode(t, { more: [watch.context] });
    for (const path of ["/watch/whoami", "/watch/act", "/nosuch", "/openapi.json", "/logout", "/code/../watch/act"]) {
      for (const method of ["GET", "POST", "HEAD", "PUT", "OPTIONS"]) {
        const got = await node.ask(path, { method, bare: true });
        assert.deepEqual([got.status, got.headers["www-authenticate"]], [401, 'Bearer realm="contextos"'], path);
        assert.doesNotMatch(got.text, /did you mean/);
      }
    }
    assert.deepEqual(watch.callers, []);
  });
  test("a token counts in the Authorization header alone, and only the right one", async (t) => {
    const watch = makeWatch();
    const node = await openNode(t, { more: [watch.context] });
    const { token } = node;
    const changed = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    for (const authorization of [
      "Bearer",
      "Bearer ",
      `Bearer ${changed}`,
      `Bearer ${token}x`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer  ${token}`,
      `Basic ${Buffer.from(`ada:${token}`).toString("base64")}`,
      token,
      "Bearer undefined",
      "\u00ff".repeat(50),
    ]) {
      const got = await node.ask("/watch/whoami", { bare: true, headers: { authorization } });
      assert.equal(got.status, 401, authorization);
    }
    for (const path of [`/watch/whoami?token=${token}`, `/watch/whoami?authorization=Bearer%20${token}`]) {
      assert.equal((await node.ask(path, { bare: true })).status, 401);
    }
    const posted = { ...form(`token=${token}`), bare: true };
    assert.equal((await node.ask("/watch/act", posted)).status, 401);
    assert.deepEqual(watch.callers, []);
  });
});

test("S2 S16 who calls is the node's own person, whatever a request says", async (t) => {
  const watch = makeWatch();
  const node = await openNode(t, { more: [watch.context] });
  const lies = {
    user: "root",
    username: "shy",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-user": "root",
    "x-real-ip": "10.0.0.1",
    forwarded: "for=10.0.0.1",
    via: "terminal",
    "x-user": "root",
    cookie: "user=root; username=shy; sessid=1",
  };
  assert.equal((await node.ask("/watch/whoami", { headers: lies })).status, 200);
  for (const key of ["user", "username", "who", "session", "sessid", "node", "via", "trace", "cwd", "__proto__"]) {
    assert.equal((await node.ask(`/watch/whoami?${key}=root`)).status, 400, key);
    assert.equal((await node.ask("/watch/whoami", json({ [key]: { user: "root" } }))).status, 400, key);
  }
  assert.equal((await node.ask("/watch/whoami", { headers: { "accept-language": "zh-CN,en;q=0.5" } })).status, 200);
  assert.equal(watch.callers.length, 2);
  const [first, second] = watch.callers;
  for (const who of watch.callers) {
    assert.deepEqual(
      [who.user, who.via, who.address, who.width, who.colour, who.session.cwd, who.session.context],
      ["ada", "token", "127.0.0.1", undefined, false, node.home, node.tree.root],
    );
  }
  assert.deepEqual([first?.lang, second?.lang], ["en", "zh"]);
  assert.notEqual(first?.trace, second?.trace);
  assert.notEqual(first?.session, second?.session);
  // The terminal's own session is not lent to anybody.
  assert.notEqual(first?.session, node.who.session);
});

describe("C-52 S9 sessions of browsers", () => {
  test("a cookie is random, is not the token, and is kept from scripts, other sites and addresses", async (t) => {
    const node = await openNode(t);
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const got = await node.ask("/login", { ...json({ token: node.token }), bare: true });
      const said = String(got.headers["set-cookie"]);
      assert.match(said, new RegExp(`^ctx_${node.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`));
      assert.ok(!said.includes(node.token));
      assert.equal(got.text, "");
      seen.add(cookieOf(got));
    }
    assert.equal(seen.size, 20);
    const [cookie = ""] = seen;
    const [, value = ""] = cookie.split("=");
    assert.equal((await node.ask("/cli/echo?words=a", { bare: true, headers: { cookie } })).status, 200);
    for (const path of [`/cli/echo?words=a&${cookie}`, `/cli/echo?words=a&session=${value}`]) {
      assert.equal((await node.ask(path, { bare: true })).status, 401);
    }
    const asBearer = await node.ask("/cli/echo", { bare: true, headers: { authorization: `Bearer ${value}` } });
    assert.equal(asBearer.status, 401);
    for (const other of [`ctx_1=${value}`, `xctx_${node.port}=${value}`, `${cookie}x`, cookie.slice(0, -1), "ctx"]) {
      assert.equal((await node.ask("/cli/echo", { bare: true, headers: { cookie: other } })).status, 401, other);
    }
    const among = `a=b; ${cookie}; c=d`;
    assert.equal((await node.ask("/cli/echo?words=a", { bare: true, headers: { cookie: among } })).status, 200);
  });
  test("it ends when nobody uses it, and when one logs out; another door does not know it", async (t) => {
    const clock = makeClock();
    const node = await openNode(t, { clock });
    const hour = 60 * 60 * 1000;
    const cookie = await logIn(node);
    const works = async (): Promise<boolean> => {
      const { status } = await node.ask("/cli/echo?words=a", { bare: true, headers: { cookie } });
      return status === 200;
    };
    for (let i = 0; i < 3; i++) {
      clock.ahead += 11 * hour;
      assert.equal(await works(), true, "each use makes it last longer");
    }
    clock.ahead += 12 * hour;
    assert.equal(await works(), false);
    const fresh = await logIn(node);
    const origin = node.url;
    const out = await node.ask("/logout", { method: "POST", bare: true, headers: { cookie: fresh, origin } });
    assert.match(String(out.headers["set-cookie"]), /Max-Age=0/);
    assert.equal((await node.ask("/cli/echo", { bare: true, headers: { cookie: fresh } })).status, 401);
    const other = await openNode(t);
    const stolen = (await logIn(node)).replace(`ctx_${node.port}`, `ctx_${other.port}`);
    assert.equal((await other.ask("/cli/echo", { bare: true, headers: { cookie: stolen } })).status, 401);
  });
  test("of too many sessions the one that was not used for longest ends", async (t) => {
    const node = await openNode(t);
    const first = await logIn(node);
    const second = await logIn(node);
    const works = async (cookie: string): Promise<number> =>
      (await node.ask("/cli/echo?words=a", { bare: true, headers: { cookie } })).status;
    for (let i = 0; i < 98; i++) await logIn(node);
    assert.equal(await works(first), 200);
    await logIn(node);
    assert.deepEqual([await works(first), await works(second)], [200, 401]);
  });
  test("guessing is limited, for everybody and for a minute", async (t) => {
    const clock = makeClock();
    const node = await openNode(t, { clock });
    const guess = async (token: unknown): Promise<Got> => await node.ask("/login", { ...json({ token }), bare: true });
    for (const token of ["", "x", null, 7, {}, [node.token], node.token.slice(1), `${node.token} `, true, "y"]) {
      assert.equal((await guess(token)).status, 401);
    }
    const refused = await guess("z");
    assert.deepEqual([refused.status, refused.headers["retry-after"]], [429, "60"]);
    assert.equal((await guess(node.token)).status, 429);
    clock.ahead += 60_000;
    assert.equal((await guess(node.token)).status, 204);
    assert.equal((await node.ask("/login", { method: "POST", bare: true })).status, 401);
    assert.equal((await node.ask("/login", { ...form(`token=${node.token}`), bare: true })).status, 204);
  });
});

describe("S21 who is listened to", () => {
  test("this machine alone", async (t) => {
    const node = await openNode(t);
    const [row] = (await node.call("web.serve")).rows;
    assert.equal(row?.["address"], `http://127.0.0.1:${node.port}`);
    const listeners = readFileSync("/proc/net/tcp", "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = "", , state]) => state === "0A" && parseInt(local.split(":")[1] ?? "", 16) === node.port);
    assert.deepEqual(
      listeners.map(([, local = ""]) => local.split(":")[0]),
      ["0100007F"],
    );
    for (const { address, family, internal } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
      if (internal || family !== "IPv4") continue;
      const socket = connect(node.port, address);
      const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
      assert.equal(error.code, "ECONNREFUSED");
    }
  });
  test("what opens the door is for its owner's eyes only, and is gone with the node", async (t) => {
    const node = await openNode(t);
    const run = join(node.home, "var/run");
    assert.equal(statSync(run).mode & 0o777, 0o700);
    for (const name of ["token", "web"]) assert.equal(statSync(join(run, name)).mode & 0o777, 0o600, name);
    assert.match(node.token, /^[\w-]{43}$/);
    assert.equal(readFileSync(join(run, "web"), "utf8"), `${node.url}\n`);
    const other = await openNode(t);
    assert.notEqual(other.token, node.token);
    await node.tree.life.stop();
    for (const name of ["token", "web"]) assert.equal(statSync(join(run, name), { throwIfNoEntry: false }), undefined);
  });
  test("what a later node has left there stays", async (t) => {
    const node = await openNode(t);
    writeFileSync(join(node.home, "var/run/token"), "of somebody else");
    await node.tree.life.stop();
    assert.equal(readFileSync(join(node.home, "var/run/web"), "utf8"), `${node.url}\n`);
  });
  test("the token is in no log", async (t) => {
    const node = await openNode(t);
    await logIn(node);
    await node.ask("/login", { ...json({ token: "a wrong one" }), bare: true });
    await node.tree.life.stop();
    for (const name of ["boot", "bench", "error", "right", "debug"]) {
      const file = join(node.home, "var/log", `${name}.log`);
      const log = statSync(file, { throwIfNoEntry: false }) === undefined ? "" : readFileSync(file, "utf8");
      assert.ok(!log.includes(node.token), name);
    }
  });
});

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
  ]) {
    const got = await node.ask(path);
    assert.ok(got.status >= 400 && got.status < 500, `${path} ${got.status}`);
    assert.doesNotMatch(got.text, /inside|outside/, path);
  }
  assert.equal((await node.ask("/librarys/fine.js?v=1", { bare: true })).text, "inside");
  assert.equal(jsonOf(await node.ask("/librarys/nosuch.js", { bare: true }))["status"], 404);
});
