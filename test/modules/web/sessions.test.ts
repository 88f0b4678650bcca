/** Sessions of browsers: how one gets a cookie, and what it is worth. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Clock, systemClock } from "../../../src/ctx/index.ts";
import { cookieOf, form, type Got, json, logIn, openNode } from "../../support/web.ts";

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
  test("guessing is limited, for everybody and for a minute, and locks nobody out who knows the token", async (t) => {
    const clock = makeClock();
    const node = await openNode(t, { clock });
    const guess = async (token: unknown): Promise<Got> => await node.ask("/login", { ...json({ token }), bare: true });
    for (const token of ["", "x", null, 7, {}, [node.token], node.token.slice(1), `${node.token} `, true, "y"]) {
      assert.equal((await guess(token)).status, 401);
    }
    const refused = await guess("z");
    assert.deepEqual([refused.status, refused.headers["retry-after"]], [429, "60"]);
    assert.equal((await guess(node.token)).status, 204);
    clock.ahead += 60_000;
    assert.equal((await guess("z")).status, 401);
    assert.equal((await node.ask("/login", { method: "POST", bare: true })).status, 401);
    assert.equal((await node.ask("/login", { ...form(`token=${node.token}`), bare: true })).status, 204);
  });
});
