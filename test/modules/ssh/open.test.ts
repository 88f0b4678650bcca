/** Whole trees of modules as nodes: what a person sees of links. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { type Context, defineContext, here, type Upgrade, upgrades, writePrivate } from "../../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../../src/ctx/testing.ts";
import aaa from "../../../src/modules/aaa/index.ts";
import cli from "../../../src/modules/cli/index.ts";
import nfs from "../../../src/modules/nfs/index.ts";
import ssh from "../../../src/modules/ssh/index.ts";
import { nodeCount, nodeRoute, refusedCount } from "../../../src/modules/ssh/state.ts";
import tcp from "../../../src/modules/tcp/index.ts";
import { linkCount } from "../../../src/modules/tcp/state.ts";
import yac from "../../../src/modules/yac/index.ts";
import { folder } from "../../support/folder.ts";
import { invite } from "../../support/linked-nodes.ts";

/** A door that knows upgrades only, and writes its URL where nodes look for it. */
function door(): Context {
  return defineContext({
    name: "web",
    help: { en: "Pages and HTTP", zh: "应用中心" },
    async start(m) {
      const takers = new Map<string, (upgrade: Upgrade) => void>();
      const server = createServer((_request, response) => void response.end());
      server.on("upgrade", (request, socket, head) => takers.get(request.url ?? "")?.({ request, socket, head }));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const run = join(m.tree.host.home, "var", "run");
      mkdirSync(run, { recursive: true });
      writePrivate(join(run, "web"), `http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
      m.onStop(() => void server.close());
      m.onStop(
        m.tree.provide(upgrades, (path, take) => {
          takers.set(path, take);
          return () => void takers.delete(path);
        }),
      );
      return undefined;
    },
  });
}

const start = (home: string, env: Record<string, string>, mode: "service" | "shell" = "service"): Promise<TestTree> =>
  makeTestTree([aaa, cli, nfs, tcp, door(), ssh, yac], {
    host: { home, mode, env: { HOSTNAME: "com.local", ...env } },
  });

/** Asks until the answer is as wanted: a node needs a moment to be linked. */
async function until(ask: () => Promise<string>, wanted: RegExp): Promise<void> {
  for (;;) {
    if (wanted.test(await ask())) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("C-40 C-42 a worker joins the node whose folder stands in var/run/above, and is told its route", {
  timeout: 20_000,
}, async (t) => {
  const [home, worker] = [folder(t), join(folder(t), "de mo.中")];
  mkdirSync(join(home, "var", "run"), { recursive: true });
  mkdirSync(join(worker, "var", "run"), { recursive: true });
  const com = await start(home, {});
  t.after(() => com.stop());
  assert.equal(existsSync(join(home, "var/run/node/key.pem")), false, "a lone node needs no key");
  assert.equal(com.tree.use(here)(), "com");
  invite(home, "de_mo_中", worker);
  writePrivate(join(worker, "var/run/above"), `${home}\n`);
  const demo = await start(worker, { ctx_box: "http://localhost:1" });
  t.after(() => demo.stop());
  await until(() => com.show("remote"), /de_mo_中 +worker +tcp\.link1/);
  await until(() => demo.show("runtime node.route"), /^com\.de_mo_中\n$/);
  assert.equal(demo.tree.use(here)(), "com.de_mo_中");
  assert.match(await demo.show("remote"), /com +master +tcp\.link1/);
  const facts = ({ tree }: TestTree): readonly unknown[] =>
    [nodeRoute, nodeCount, refusedCount, linkCount].map((one) => tree.slots.get(one)?.value);
  assert.deepEqual(facts(com), ["com", 1, 0, 1]);
  assert.deepEqual(facts(demo), ["com.de_mo_中", 1, 0, 1]);
  assert.equal((await com.show("remote de_mo_中 runtime node.type")).trim(), "worker");
});

test("a shell, and a node without one above, open no link and make no key", async (t) => {
  const home = folder(t);
  mkdirSync(join(home, "var"));
  const shell = await start(home, { ctx_box: "http://localhost:1" }, "shell");
  assert.equal(shell.tree.use(here), here.standIn);
  await shell.stop();
  const node = await start(home, {});
  await node.stop();
  assert.equal(existsSync(join(home, "var/run/node")), false);
});
