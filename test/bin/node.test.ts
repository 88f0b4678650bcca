import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { appears, ended, Place } from "../support/doors.ts";

let place = new Place();
await place.leave();
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.leave());

const pipes = { stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };

describe("C-40 one node a folder", () => {
  test("a second one is told so in one line and ends with 78", async () => {
    const node = await place.node();
    const { code, out, err } = await place.bench(["--service"]);
    assert.equal(code, 78);
    assert.equal(out, "");
    assert.match(err, new RegExp(`^error: a node ".* \\(pid ${node.pid}\\)" is already there .*\\n$`));
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    test(`${signal} ends it with 0 and leaves no pid file`, async () => {
      const node = await place.node();
      node.kill(signal);
      assert.deepEqual(await once(node, "exit"), [0, null]);
      assert.ok(!existsSync(place.pidFile));
    });
  }

  test("after kill -9 a new one starts at once", async () => {
    for (let i = 0; i < 3; i++) {
      const node = await place.node();
      assert.equal(readFileSync(place.pidFile, "utf8"), `${node.pid}\n`);
      node.kill("SIGKILL");
      await once(node, "exit");
      rmSync(place.pidFile);
    }
  });

  test("of three starts at the very same time one wins, also after a kill -9", async () => {
    for (let i = 0; i < 3; i++) {
      const nodes = [1, 2, 3].map(() => place.start(["--service"], pipes));
      const losers = new Set<number | undefined>();
      await new Promise<void>((resolve) => {
        for (const node of nodes) {
          node.once("exit", (code) => {
            assert.equal(code, 78);
            losers.add(node.pid);
            if (losers.size === 2) resolve();
          });
        }
      });
      const [winner] = nodes.filter(({ pid }) => !losers.has(pid));
      assert.ok(winner !== undefined && winner.exitCode === null);
      await appears(place.pidFile);
      assert.equal(readFileSync(place.pidFile, "utf8"), `${winner.pid}\n`);
      winner.removeAllListeners("exit");
      winner.kill("SIGKILL");
      await once(winner, "exit");
    }
  });

  test("in a folder whose path is too long for a socket", async () => {
    place.home = join(place.folder, "long".repeat(40));
    mkdirSync(join(place.home, "var/run"), { recursive: true });
    const node = await place.node();
    assert.equal((await place.bench(["--service"])).code, 78);
    node.kill("SIGTERM");
    assert.deepEqual(await once(node, "exit"), [0, null]);
    assert.equal((await place.bench([], "echo hi")).out, "hi\n");
  });

  test("a shell beside a node says so and takes nothing from it", async () => {
    const node = await place.node();
    const screen = place.screen();
    assert.match(
      (await screen.prompt()).shown,
      new RegExp(`a node runs here \\(pid ${node.pid}\\): remote goes through it`),
    );
    assert.equal(await screen.line("echo hi"), "hi\n");
    screen.type("quit\r");
    assert.equal(await screen.ended(), 0);
    assert.equal(readFileSync(place.pidFile, "utf8"), `${node.pid}\n`);
    assert.deepEqual(await place.bench([], "echo hi"), { code: 0, out: "hi\n", err: "" });
  });

  test("a shell beside a lone shell says that neither has links", async () => {
    const first = place.screen();
    await first.prompt();
    const second = place.screen();
    const { shown } = await second.prompt();
    assert.match(shown, new RegExp(`another shell runs here \\(pid ${first.pid}\\): neither has links`));
  });

  const skip = process.getuid?.() !== 0 && "only root may become somebody else";
  test("in a folder that cannot be written, one-shots and a shell work, a node says why not", { skip }, async () => {
    chmodSync(place.folder, 0o755);
    place.home = join(place.folder, "theirs");
    mkdirSync(place.home, { mode: 0o755 });
    const nobody = { uid: 65534, gid: 65534, ...pipes };
    const run = await place.bench(["echo", "hi"], null, nobody);
    assert.deepEqual(run, { code: 0, out: "hi\n", err: "" });
    const node = await place.bench(["--service"], null, nobody);
    assert.equal(node.code, 78);
    assert.match(node.err, /^error: permission denied: ".*var\/run"\n$/);
    const shell = await place.bench([], "echo hi", { uid: 65534, gid: 65534 });
    assert.deepEqual([shell.code, shell.out], [0, "hi\n"]);
  });
});

describe("C-40 boot.sh with the program itself", () => {
  let root = "";

  beforeEach(() => {
    root = place.copy();
  });

  test("starts the node again after kill -9; TERM ends both", async () => {
    const boot = place.spawn(join(root, "bin/boot.sh"), [], pipes);
    const said = ended(boot);
    await appears(place.pidFile);
    const first = Number(readFileSync(place.pidFile, "utf8"));
    rmSync(place.pidFile);
    process.kill(first, "SIGKILL");
    await appears(place.pidFile);
    const second = Number(readFileSync(place.pidFile, "utf8"));
    assert.notEqual(second, first);
    boot.kill("SIGTERM");
    const { code, err } = await said;
    assert.equal(code, 0);
    assert.match(err, /the node ended with code 137, starting again in 1 s/);
    assert.ok(!existsSync(place.pidFile));
    assert.throws(() => process.kill(second, 0), { code: "ESRCH" });
  });

  test("with a terminal there is a shell at the node; Ctrl-C belongs to it, Ctrl-D ends both", async () => {
    const screen = place.screen([], { file: join(root, "bin/boot.sh") });
    await screen.prompt();
    await appears(place.pidFile);
    screen.type("echo begun; sleep 100\r");
    await screen.until(/\nbegun/);
    screen.type("\x03");
    await screen.prompt();
    await screen.line("nobodyknowsthis");
    screen.type("\x04");
    assert.equal(await screen.ended(), 0);
    assert.ok(!existsSync(place.pidFile));
  });

  test("create makes a worker in a folder of its own", async () => {
    const home = join(root, "app/de mo");
    mkdirSync(join(home, "var/run"), { recursive: true });
    const boot = place.spawn(join(root, "bin/boot.sh"), ["create", "app/de mo"], { ...pipes, cwd: root });
    const said = ended(boot);
    await appears(join(home, "var/run/bench.pid"));
    boot.kill("SIGTERM");
    assert.equal((await said).code, 0);
    assert.ok(existsSync(join(home, "etc/init.shy")));
  });
});
