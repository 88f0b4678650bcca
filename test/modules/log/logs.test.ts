import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defineCommand, defineContext, log, secret } from "../../../src/ctx/index.ts";
import logContext from "../../../src/modules/log/index.ts";
import { logLine } from "../../../src/modules/log/line.ts";
import { openLogs } from "../../../src/modules/log/logs.ts";
import { errorOf, now, type Stage, stage } from "../cli/cli-tree.ts";

process.env["TZ"] = "UTC";

const read = ({ home }: Stage, level: string): string => readFileSync(join(home, "var/log", `${level}.log`), "utf8");
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

const lines: readonly (readonly [given: Parameters<typeof logLine>, line: string])[] = [
  [[now, "boot", "ctx.nfs started"], "2026-11-21 10:00:00.123 boot ctx.nfs started\n"],
  [
    [now, "error", "nfs.dir: no file", { trace: "a1", code: 7, target: "ctx.nfs" }],
    '2026-11-21 10:00:00.123 error [ctx.nfs] nfs.dir: no file {"trace":"a1","code":7}\n',
  ],
  [[now, "bench", "a\nb\r\tc\x1b[2Jd\u2028"], "2026-11-21 10:00:00.123 bench a\\nb\\u000d\\tc\\u001b[2Jd\\u2028\n"],
  [[now - 123, "bench", "世界", { target: "x\ny" }], "2026-11-21 10:00:00.000 bench [x\\ny] 世界\n"],
];
for (const [given, line] of lines)
  test(`C-34 the line ${JSON.stringify(line)}`, () => assert.equal(logLine(...given), line));

test("C-34 each level has its file, made with its first line", async (t) => {
  const here = await stage(t, [logContext]);
  const write = here.tree.use(log);
  assert.equal(existsSync(join(here.home, "var/log/right.log")), false);
  write("right", "may not", { trace: "t" });
  write("bench", "slow");
  await nextTurn();
  assert.equal(read(here, "right"), '2026-11-21 10:00:00.123 right may not {"trace":"t"}\n');
  assert.equal(read(here, "bench"), "2026-11-21 10:00:00.123 bench slow\n");
  assert.equal(existsSync(join(here.home, "var/log/error.log")), false);
  assert.equal(statSync(join(here.home, "var/log/right.log")).mode & 0o777, 0o600);
});

test("C-34 errors are written at once", async (t) => {
  const here = await stage(t, [logContext]);
  here.tree.use(log)("error", "bad luck");
  assert.equal(read(here, "error"), "2026-11-21 10:00:00.123 error bad luck\n");
});

test("C-34 what waits is written when the tree stops", async (t) => {
  const here = await stage(t, [logContext]);
  here.tree.use(log)("bench", "last words");
  await here.tree.life.stop();
  assert.match(read(here, "bench"), /last words\n$/);
});

test("C-34 a restart goes on with the same file", async (t) => {
  const here = await stage(t, [logContext]);
  for (const word of ["one", "two"]) {
    here.tree.use(log)("error", word);
    await here.tree.life.stop();
    await here.tree.life.start(here.who);
  }
  assert.equal(read(here, "error").split("\n").length, 3);
});

test("C-34 debug lines are written only when config log.debug is true", async (t) => {
  const here = await stage(t, [logContext]);
  const write = here.tree.use(log);
  write("debug", "unseen");
  const slot = here.tree.root.children.get("log")?.configs.get("debug");
  if (slot !== undefined) here.tree.setConf(slot, true);
  write("debug", "seen");
  await nextTurn();
  assert.equal(read(here, "debug"), "2026-11-21 10:00:00.123 debug seen\n");
});

test("C-34 a failed command leaves a line that leads to its message, without its secrets", async (t) => {
  const login = defineCommand({
    name: "login",
    help: "Log in",
    args: { password: secret("The password") },
    run: () => {
      throw new Error("broken");
    },
  });
  const here = await stage(t, [logContext, defineContext({ name: "aaa", help: "People", commands: [login] })]);
  const error = await errorOf(here.run(["aaa.login", "hunter2"]));
  const [bug = "", line = ""] = read(here, "error").split("\n");
  assert.match(bug, /internal error [0-9a-f]{8}: Error: broken\\n/);
  assert.ok(line.includes(`[ctx.aaa] aaa.login: ${error.message} {"trace":"","code":`));
  assert.equal(read(here, "error").includes("hunter2"), false);
});

test("C-34 a log that cannot be written is said once and breaks nothing", async (t) => {
  const { tree, home } = await stage(t, []);
  writeFileSync(join(home, "var"), "in the way");
  const said: string[] = [];
  const logs = openLogs(tree, (problem) => said.push(problem));
  t.after(logs.close);
  logs.write("error", "one");
  logs.write("error", "two");
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /^error: log: ENOTDIR/);
});

test("one command makes no log unless there is something to tell", async (t) => {
  const here = await stage(t, [logContext], { mode: "one-shot" });
  await nextTurn();
  assert.equal(existsSync(join(here.home, "var")), false);
  here.tree.use(log)("error", "bad luck");
  assert.match(read(here, "error"), /bad luck/);
});
