/** Calls between nodes: what is signed, what is refused, what comes back. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { defineCommand, defineContext, fail, integer, text } from "../../../src/ctx/index.ts";
import { modules } from "../../../src/modules.ts";
import { Air, type TestNode } from "../../support/nodes.ts";

/** Commands that a test can look into. */
function workshop() {
  const stopped: string[] = [];
  let started = (): void => undefined;
  const isStarted = new Promise<void>((resolve) => {
    started = resolve;
  });
  let told = (): void => undefined;
  const isStopped = new Promise<void>((resolve) => {
    told = resolve;
  });
  const shop = defineContext({
    name: "shop",
    help: { en: "Commands for tests" },
    commands: [
      defineCommand({
        name: "wait",
        help: { en: "Wait until told to stop" },
        effect: "read",
        run: (m) =>
          new Promise<string>((_resolve, reject) => {
            m.echo("waiting\n");
            started();
            m.signal.addEventListener("abort", () => {
              stopped.push("wait");
              told();
              reject(fail("cancelled", {}));
            });
          }),
      }),
      defineCommand({
        name: "rows",
        help: { en: "Give many rows" },
        effect: "read",
        args: { count: integer({ en: "How many" }), width: integer({ en: "Bytes a row" }, { default: 10 }) },
        columns: { n: integer({ en: "Number" }), filler: text({ en: "Filler" }) },
        async *run(_m, { count, width }) {
          for (let n = 0; n < count; n++) yield { n, filler: "x".repeat(width) };
        },
      }),
      defineCommand({
        name: "who",
        help: { en: "Say who calls" },
        effect: "read",
        run: (m) => `${m.who.user} ${m.who.node} ${m.who.via} ${m.who.session.cwd === m.tree.host.home}`,
      }),
    ],
  });
  return { shop, stopped, isStarted, isStopped };
}

describe("C-41 C-43 calls between nodes", () => {
  const air = new Air();
  const { shop, stopped, isStarted, isStopped } = workshop();
  let com: TestNode;
  let demo: TestNode;
  let deep: TestNode;
  before(async () => {
    com = await air.add("com", [...modules, shop]);
    demo = await air.add("com.demo", [...modules, shop]);
    deep = await air.add("com.demo.sub", [...modules, shop]);
  });
  after(() => air.stop());

  const show = (line: string, node = com) => node.test.show(line);

  test("answer as if local, by name, address and node:command", async () => {
    assert.equal(await show("remote demo pwd"), `${demo.test.home}\n`);
    assert.equal(await show("remote com.demo nfs.pwd"), `${demo.test.home}\n`);
    assert.equal(await show("demo:nfs.pwd"), `${demo.test.home}\n`);
    assert.equal(await show("remote demo.sub pwd"), `${deep.test.home}\n`);
    assert.equal(await show("com.demo.sub:pwd"), `${deep.test.home}\n`);
    assert.equal(await show("remote com pwd"), `${com.test.home}\n`);
  });
  test("tables keep their types: they can be ordered here", async () => {
    const shown = await show("remote demo shop.rows 3 % order n int_r % select n");
    assert.deepEqual(shown.trim().split(/\s+/), ["n", "2", "1", "0"]);
  });
  test("the target sets who calls", async () => {
    assert.equal(await show("remote demo shop.who"), "tester com parent true\n");
  });
  test("an error has its way and its code", async () => {
    const shown = await show("remote demo.sub dir nosuch");
    assert.match(shown, /error: no file .*nosuch"/);
    assert.match(shown, /com → com\.demo\.sub → nfs\.dir/);
    assert.match(await show("remote nosuch pwd"), /unknown node "nosuch"/);
    assert.match(await show("remote demo nosuchcommand"), /unknown command "nosuchcommand"/);
  });
  test("X-05 many rows flow, no faster than they are read", async () => {
    const shown = await show("remote demo shop.rows 20000 100 % group count n");
    assert.match(shown, /20000/);
  });
  test("X-05 who has enough stops it there", async () => {
    const shown = await show("remote demo shop.rows 100000000 100 % limit 2 % select n");
    assert.deepEqual(shown.trim().split(/\s+/), ["n", "0", "1"]);
  });
  test("one big cell comes whole (B7)", async () => {
    const m = await com.test.call("remote", "demo", "shop.rows", "1", "3000000");
    assert.equal(String(m.rows[0]?.["filler"]).length, 3_000_000);
  });
  test("stopping a call stops it there", async () => {
    const abort = new AbortController();
    const { tree, who } = com.test;
    const running = Promise.resolve(
      tree.call({ words: ["remote", "demo", "shop.wait"] }, { from: tree.root, who, signal: abort.signal }),
    );
    await isStarted;
    abort.abort();
    await assert.rejects(running, { code: "cancelled" });
    await isStopped;
    assert.deepEqual(stopped, ["wait"]);
  });
  test("quoted words stay quoted", async () => {
    assert.match(await show('remote demo echo "--help" "%"'), /--help %/);
  });
  test("--json there is the form of the answer here", async () => {
    const { append } = JSON.parse(await show("remote demo shop.rows 2 --json"));
    assert.equal(append.length, 2);
  });
  test("nobody above is called, and no neighbour", async () => {
    for (const line of ["remote com pwd", "remote com.other pwd"]) {
      const other = air.node("com.other") ?? (await air.add("com.other", [...modules, shop]));
      assert.match(await show(line, demo), /error: you may not run nfs\.pwd/);
      assert.equal(other.refusals.length, 0);
    }
  });
  test("X-04 a broadcast accounts for every node", async () => {
    const offline = await air.add("com.off", [...modules, shop]);
    offline.isOnline = false;
    const shown = await show('remote "*" pwd');
    assert.match(shown, /com\s+answered\s+0\s+\d+\s+\//);
    assert.match(shown, /com\.demo\.sub\s+answered/);
    assert.match(shown, /com\.off\s+offline/);
    assert.match(shown, /1 of \d nodes did not answer/);
    const rows = await show('remote "*" shop.rows 1 % select node n');
    assert.match(rows, /com\.demo\s+0/);
    assert.match(rows, /com\.off: offline/);
  });
  test('C-41 "%" is one of them', async () => {
    assert.match(await show('remote "%" shop.who'), /tester com parent/);
  });
});
