/** Attacks on the door, by the ids of design/original.md 11.1. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { form, json, logIn, makeWatch, openNode } from "../../support/web.ts";

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

describe("S21 who is listened to", () => {
  test("this machine alone", { skip: !existsSync("/proc/net/tcp") && "no /proc/net/tcp here" }, async (t) => {
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
