import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Context, call, log, terminalWho } from "../../src/ctx/index.ts";
import { Life } from "../../src/ctx/life.ts";
import { type Host, Tree } from "../../src/ctx/tree.ts";
import type { Who } from "../../src/ctx/who.ts";
import { errorOf } from "../support/probe.ts";

const host: Host = { home: "/", program: "/", version: "0", env: {}, pid: 0, mode: "test" };

/** A tree whose contexts have little time to start and stop, and whose clock stands still. */
function plant(contexts: readonly Context[], limit = 20): { tree: Tree; who: Who; said: string[] } {
  const root = { name: "ctx", help: "Root", contexts };
  const clock = { now: () => 0, ticks: () => 0 };
  const tree = new Tree(root, host, clock, { call, life: (tree) => new Life(tree, limit) });
  const said: string[] = [];
  tree.provide(log, (level, text) => void said.push(`${level}: ${text}`));
  return { tree, who: terminalWho(tree, { cwd: "/" }), said };
}

/** A context that writes down what happens to it. */
function diary(name: string, lines: string[], more: Partial<Context> = {}): Context {
  return {
    name,
    help: name,
    start(m) {
      lines.push(`start ${name}`);
      m.onStop(() => void lines.push(`close ${name} 1`));
      m.onStop(async () => void lines.push(`close ${name} 2`));
      return undefined;
    },
    ...more,
  };
}
const statuses = (tree: Tree): string[] => [...tree.root.walk()].map(({ name, status }) => `${name} ${status}`);
const openTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("C-18 life", () => {
  test("contexts start parents first, in the order of the list, and stop the other way round", async () => {
    const lines: string[] = [];
    const { tree, who } = plant([diary("a", lines, { contexts: [diary("b", lines)] }), diary("c", lines)]);
    assert.deepEqual(statuses(tree), ["ctx begin", "a begin", "c begin", "b begin"]);
    await tree.life.start(who);
    assert.deepEqual(lines.splice(0), ["start a", "start b", "start c"]);
    assert.deepEqual(statuses(tree), ["ctx begin", "a start", "c start", "b start"]);
    await tree.life.start(who);
    assert.deepEqual(lines.splice(0), [], "what runs is not started again");
    await tree.life.stop();
    assert.deepEqual(lines.splice(0), ["close c 2", "close c 1", "close b 2", "close b 1", "close a 2", "close a 1"]);
    assert.deepEqual(statuses(tree), ["ctx begin", "a stop", "c stop", "b stop"]);
    await tree.life.stop();
    assert.deepEqual(lines, [], "what is stopped is not stopped again");
    await tree.life.start(who);
    assert.equal(lines.length, 3, "and can be started again");
    await tree.life.stop();
  });

  test("what a start gives is the name of its stream, until it stops", async () => {
    const { tree, who } = plant([{ name: "web", help: "Web", start: () => Promise.resolve(":9094") }]);
    await tree.life.start(who);
    const web = tree.contextNamed("web");
    assert.equal(web.stream, ":9094");
    await tree.life.stop();
    assert.equal(web.stream, "");
  });

  test("a start that fails stops what had started, last first; only it is in error", async () => {
    const lines: string[] = [];
    const bad = diary("bad", lines, {
      start(m) {
        m.onStop(() => void lines.push("close bad"));
        throw Object.assign(new Error("EADDRINUSE"), { code: "EADDRINUSE", address: "127.0.0.1", port: 9094 });
      },
    });
    const { tree, who } = plant([diary("a", lines), diary("b", lines), bad, diary("never", lines)]);
    const error = await errorOf(() => tree.life.start(who));
    assert.equal(error.message, 'ctx.bad could not start: listener "127.0.0.1:9094" is already there');
    assert.deepEqual(lines.slice(2), ["close bad", "close b 2", "close b 1", "close a 2", "close a 1"]);
    assert.deepEqual(statuses(tree), ["ctx begin", "a stop", "b stop", "bad error", "never begin"]);
    for (const node of tree.root.walk()) assert.equal(tree.life.openCount(node), 0);
  });

  test("a start that fails leaves alone what ran before", async () => {
    const lines: string[] = [];
    let works = true;
    const moody = diary("moody", lines, {
      start: () => {
        if (!works) throw new Error("not today");
        return undefined;
      },
    });
    const { tree, who } = plant([diary("a", lines, { contexts: [moody] })]);
    await tree.life.start(who);
    await tree.life.stop(tree.contextNamed("moody"));
    works = false;
    lines.length = 0;
    const error = await errorOf(() => tree.life.start(who, tree.contextNamed("a")));
    assert.equal(error.message, "ctx.a.moody could not start: not today");
    assert.deepEqual(lines, []);
    assert.deepEqual(statuses(tree), ["ctx begin", "a start", "moody error"]);
    await tree.life.stop();
  });

  test("a start that takes too long is given up, told so, and what it still opens is closed at once", async () => {
    const lines: string[] = [];
    let goOn = (): void => undefined;
    const slow: Context = {
      name: "slow",
      help: "Slow",
      async start(m) {
        m.onStop(() => void lines.push("closed early"));
        m.signal.addEventListener("abort", () => lines.push("told"));
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        m.onStop(() => void lines.push("closed late"));
        return undefined;
      },
    };
    const before = openTimers();
    const { tree, who } = plant([slow]);
    const error = await errorOf(() => tree.life.start(who));
    assert.equal(error.message, "the start of ctx.slow did not end within 0.02s");
    assert.equal(error.code, "timed_out");
    assert.deepEqual(lines, ["told", "closed early"]);
    goOn();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(lines, ["told", "closed early", "closed late"]);
    assert.equal(tree.life.openCount(tree.contextNamed("slow")), 0);
    assert.equal(tree.contextNamed("slow").status, "error");
    assert.equal(openTimers(), before);
  });

  test("a stop goes on past what fails or never ends, and reports it", async () => {
    const lines: string[] = [];
    const stubborn: Context = {
      name: "stubborn",
      help: "Stubborn",
      start(m) {
        m.onStop(() => void lines.push("closed"));
        m.onStop(() => {
          throw new Error("broken");
        });
        m.onStop(() => new Promise(() => undefined));
        m.onStop(() => Promise.reject(new Error("later")));
        return undefined;
      },
    };
    const before = openTimers();
    const { tree, who, said } = plant([diary("a", lines), stubborn]);
    await tree.life.start(who);
    said.length = 0;
    await tree.life.stop();
    assert.deepEqual(lines.slice(1), ["closed", "close a 2", "close a 1"]);
    assert.equal(said.length, 3);
    for (const line of said) assert.match(line, /^error: ctx\.stubborn did not stop cleanly/);
    assert.equal(openTimers(), before);
  });

  test("what is opened while stopping is closed too", async () => {
    const lines: string[] = [];
    const { tree, who } = plant([
      {
        name: "a",
        help: "a",
        start(m) {
          m.onStop(() => m.onStop(() => void lines.push("closed")));
          return undefined;
        },
      },
    ]);
    await tree.life.start(who);
    await tree.life.stop();
    assert.deepEqual(lines, ["closed"]);
    assert.equal(tree.life.openCount(tree.contextNamed("a")), 0);
  });

  test("two starts at once start once", async () => {
    let starts = 0;
    const { tree, who } = plant([{ name: "a", help: "a", start: async () => void starts++ as undefined }]);
    await Promise.all([tree.life.start(who), tree.life.start(who)]);
    assert.equal(starts, 1);
    await tree.life.stop();
  });

  test("whoever listens is told of quit; the first code counts", () => {
    const { tree } = plant([]);
    const codes: number[] = [];
    const undo = tree.life.onQuit(({ code }) => void codes.push(code));
    assert.equal(tree.life.quitting, undefined);
    tree.life.quit(3);
    tree.life.quit(4);
    undo();
    tree.life.quit(5);
    assert.deepEqual(codes, [3, 3]);
    assert.deepEqual(tree.life.quitting, { code: 3 });
  });
});
