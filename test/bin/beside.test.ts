import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Place } from "../support/doors.ts";

let place = new Place();
await place.leave();
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.leave());

const head = /^key {2}type {2}module {2}create_time\n$/;

describe("C-41 beside a node", () => {
  test("a one-shot asks it, and shows its answer in every format", async () => {
    await place.node();
    const run = await place.bench(["remote"]);
    assert.deepEqual([run.code, run.err], [0, ""]);
    assert.match(run.out, head);
    assert.equal((await place.bench(["--csv", "remote"])).out, "key,type,module,create_time\n");
    const { columns } = JSON.parse((await place.bench(["--json", "remote"])).out) as { columns: unknown[] };
    assert.equal(columns.length, 4);
    const unknown = await place.bench(["nosuch:pwd"]);
    assert.equal(unknown.code, 127);
    assert.match(unknown.err, /^error: unknown node "nosuch"/);
    assert.match(unknown.err, /nosuch:pwd\n +\^+\n$/);
  });

  test("so does a second shell", async () => {
    await place.node();
    const screen = place.screen([], { env: { NO_COLOR: "1" } });
    assert.match((await screen.prompt()).shown, /remote goes through it/);
    assert.match(await screen.line("remote"), head);
    assert.match(await screen.line("remote nosuch pwd"), /^error: unknown node "nosuch"/);
  });

  test("without one it is offline: 69, and what to do", async () => {
    const run = await place.bench(["remote"]);
    assert.deepEqual([run.code, run.out], [69, ""]);
    assert.match(
      run.err,
      /^error: node of this folder is offline \(none runs in .*; npm start or bin\/boot\.sh starts one\)/,
    );
  });

  test("what a killed node has left is not believed, and the next holder takes it away", async () => {
    const node = await place.node();
    node.kill("SIGKILL");
    await once(node, "exit");
    assert.ok(existsSync(place.webFile));
    assert.equal((await place.bench(["remote"])).code, 69);
    const shell = place.screen();
    await shell.prompt();
    assert.ok(!existsSync(place.webFile));
    const run = await place.bench(["remote"]);
    assert.equal(run.code, 69);
    assert.match(run.err, new RegExp(`process ${shell.pid} has no links: a lone shell`));
    assert.match(await shell.line("remote"), /this is a lone shell; npm start or bin\/boot\.sh/);
  });

  test("--alone and all other commands are answered by the process itself", async () => {
    await place.node();
    writeFileSync(join(place.folder, "here"), "x");
    assert.match((await place.bench(["dir"])).out, /\bhere\n/);
  });
});
