/** Three levels of real nodes, used from beside them, and each killed in turn. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { Fleet, type FleetNode } from "../support/fleet.ts";

describe("C-04 C-40 C-41 C-42 three levels of nodes", { timeout: 240_000 }, () => {
  const fleet = new Fleet();
  let com: FleetNode;
  let demo: FleetNode;
  let sub: FleetNode;
  before(async () => {
    com = await fleet.server("com");
    demo = await fleet.worker("demo", com);
    sub = await fleet.worker("sub", demo);
    await com.logs("boot", /com[.]demo is linked/);
  });
  after(() => fleet.stop());

  /** Asks until the whole tree is there: news of nodes far down travels up by itself. */
  async function seen(node: FleetNode, words: readonly string[], out: RegExp): Promise<void> {
    for (let tries = 0; tries < 30; tries++) if (out.test((await node.bench(...words)).out)) return;
    assert.fail(`${words.join(" ")} never gave ${out}`);
  }

  test("remote lists both ways: key, type, module, create_time", async () => {
    const { out } = await com.bench("remote");
    assert.match(out, /^key\s+type\s+module\s+create_time\ndemo\s+worker\s+tcp\.link\d+\s+\d{4}-/);
    assert.match((await demo.bench("remote")).out, /\ncom\s+master\s+tcp\.link\d+[^\n]*\nsub\s+worker/);
    assert.match((await sub.bench("remote")).out, /\ncom\.demo\s+master/);
  });
  test("commands run where they are sent", async () => {
    await seen(com, ["remote", "demo.sub", "pwd"], new RegExp(`^${sub.home}\n$`));
    assert.equal((await com.bench("remote", "demo", "pwd")).out, `${demo.home}\n`);
    assert.equal((await com.bench("com.demo:nfs.pwd")).out, `${demo.home}\n`);
    assert.equal((await com.bench("remote", "com.demo.sub", "pwd")).out, `${sub.home}\n`);
    assert.equal((await demo.bench("remote", "sub", "pwd")).out, `${sub.home}\n`);
    assert.equal((await demo.bench("remote", "com.demo", "pwd")).out, `${demo.home}\n`);
  });
  test("a table from there can be worked on here", async () => {
    const { out, code } = await com.bench(
      "remote",
      "demo",
      "dir",
      "var",
      "%",
      "order",
      "filename",
      "%",
      "select",
      "filename",
    );
    assert.equal(code, 0);
    assert.deepEqual(out.trim().split("\n"), ["filename", "log/", "run/"]);
  });
  test("errors have their code and the way they came", async () => {
    const { code, err } = await com.bench("remote", "demo.sub", "dir", "nosuch");
    assert.equal(code, 1);
    assert.match(err, /no file or folder "nosuch"/);
    assert.match(err, /com → com\.demo\.sub → nfs\.dir/);
    assert.equal((await com.bench("remote", "nosuch", "pwd")).code, 127);
    assert.equal((await com.bench("remote", "demo", "nosuchcommand")).code, 127);
    assert.equal((await demo.bench("remote", "com", "pwd")).code, 126);
  });
  test("X-04 a broadcast accounts for all", async () => {
    const { out, code } = await com.bench("remote", "*", "pwd");
    assert.equal(code, 0);
    assert.equal(out.match(/answered/g)?.length, 3);
    for (const { home } of [com, demo, sub]) assert.ok(out.includes(home));
  });
  test("X-05 Ctrl-C stops it there", async () => {
    const child = demo.beside(["remote", "sub", "system", "sh", "-c", "echo $$; exec sleep 1000"]);
    const [pid] = (await once(child.stdout ?? child, "data")) as [Buffer];
    const exit = once(child, "exit");
    child.kill("SIGINT");
    assert.deepEqual(await exit, [130, null]);
    await gone(Number(pid.toString().trim()));
  });

  for (const [what, killed] of [
    ["the node above", () => com],
    ["the node between", () => demo],
    ["the node below", () => sub],
  ] as const) {
    test(`C-42 ${what} is killed, and all come together again`, async () => {
      const node = killed();
      const logged = node.above?.logged("boot") ?? 0;
      await node.kill();
      if (node === com) {
        assert.equal((await com.bench("remote", "demo", "pwd")).code, 69);
        await com.start();
      } else {
        await node.above
          ?.logs("boot", new RegExp(`[.]${node.name} (has gone|is gone|is not linked)`), logged)
          .catch(() => undefined);
        assert.equal((await com.bench("remote", node === sub ? "demo.sub" : "demo", "pwd")).code, 69);
        const { out, code } = await com.bench("remote", "*", "pwd");
        assert.equal(code, 1);
        assert.match(out, new RegExp(`${node.name}\\s+offline`));
        await node.start();
        await node.above?.logs("boot", new RegExp(`[.]${node.name} is linked`), logged);
      }
      await seen(com, ["remote", "demo.sub", "pwd"], new RegExp(`^${sub.home}\n$`));
    });
  }

  test("C-42 a node that is forgotten is a stranger, until it is invited again", async () => {
    const { out } = await com.bench("ssh.node");
    assert.match(out, /com\.demo\s+worker\s+online/);
    assert.match(out, /com\.demo\.sub\s+worker\s+online/);
    const logged = demo.logged("error");
    assert.equal((await com.bench("ssh.node", "forget", "demo")).code, 0);
    await demo.logs("error", /is not known here/, logged);
    assert.equal((await com.bench("remote", "demo", "pwd")).code, 127);
    assert.equal((await com.bench("ssh.node", "forget", "demo")).code, 1);
  });
  test("without a node: node_offline", async () => {
    await sub.kill("SIGTERM");
    for (const words of [["remote"], ["remote", "demo", "pwd"], ["demo:pwd"]]) {
      const { code, err } = await sub.bench(...words);
      assert.equal(code, 69, err);
      assert.match(err, /offline/);
    }
  });
});

/** Waits until a process is gone. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
