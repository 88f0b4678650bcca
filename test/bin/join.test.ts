/** Nodes that `bin/boot.sh` lets join: real scripts, real processes, real links. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { appears, ended, Place, vanishes } from "../support/doors.ts";

const pipes = { stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
let place = new Place();
await place.leave();
let root = "";
/** What was started, and its end. */
let started: { readonly child: ChildProcess; readonly end: Promise<{ readonly err: string }> }[] = [];

beforeEach(() => {
  place = new Place();
  root = place.copy();
  started = [];
});
afterEach(async () => {
  await stop();
  await place.leave();
});

function boot(words: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const more = { HOSTNAME: "com", ...env };
  const child = place.spawn(join(root, "bin/boot.sh"), words, { ...pipes, cwd: root, env: more });
  started.push({ child, end: ended(child) });
}
/** Ends all nodes in order, the last one first; gives what each has said beside its answers. */
async function stop(): Promise<string[]> {
  const said: string[] = [];
  for (const { child, end } of started.splice(0).toReversed()) {
    if (child.exitCode === null) child.kill("SIGTERM");
    said.unshift((await end).err);
  }
  return said;
}
/** Asks the node of the checkout, from beside it. */
async function ask(...words: readonly string[]): Promise<string> {
  const { code, out, err } = await place.bench(words);
  assert.equal(code, 0, err);
  return out;
}

describe("C-40 C-42 joining with bin/boot.sh", { timeout: 60_000 }, () => {
  test("a worker joins the node of the checkout with its secret, and later without one", async () => {
    const home = join(root, "app/de mo 中");
    mkdirSync(join(home, "var/run"), { recursive: true });
    for (const turn of ["with a secret", "without one"]) {
      boot([]);
      await appears(join(root, "var/run/web"));
      boot(["create", "app/de mo 中"]);
      await appears(join(home, "var/run/web"));
      await vanishes(join(home, "var/run/join"));
      assert.equal(await place.until(() => ask("remote", "de_mo_中", "pwd").catch(String), `${home}\n`), `${home}\n`);
      assert.deepEqual(readdirSync(join(root, "var/run/invite")), []);
      assert.ok(existsSync(join(home, "var/run/node/known.json")), turn);
      await stop();
    }
  });

  test("a server elsewhere joins with the line that invite shows", async () => {
    boot([]);
    await appears(join(root, "var/run/web"));
    const { code, out } = await ended(place.spawn(join(root, "bin/boot.sh"), ["invite", "lap top"], pipes));
    assert.equal(code, 0);
    const home = join(place.folder, "elsewhere");
    mkdirSync(join(home, "var/run"), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, "var/run/join"), out, { mode: 0o600 });
    const url = readFileSync(join(root, "var/run/web"), "utf8").trim();
    boot([], { CTX_HOME: home, HOSTNAME: "lap top", ctx_dev: url });
    await appears(join(home, "var/run/web"));
    await vanishes(join(home, "var/run/join"));
    assert.equal(await place.until(() => ask("remote", "lap_top", "pwd").catch(String), `${home}\n`), `${home}\n`);
    assert.match(await ask("remote"), /\nlap_top +server /);
  });
});
