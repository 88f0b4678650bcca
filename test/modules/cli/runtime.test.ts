import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, stage } from "./cli-tree.ts";

process.env["TZ"] = "UTC";

const env = { HOSTNAME: "com", USER: "ada", web_port: ":9094", ctx_dev: "http://mac:9094" };

test("C-31 runtime follows key chains", async (t) => {
  const { run, home } = await stage(t, undefined, { env });
  const shown = async (key: string): Promise<string> => (await run(["runtime", key])).text;
  assert.equal(await shown("node.name"), "com");
  assert.equal(await shown("boot.hostname"), "com");
  assert.equal(await shown("boot.username"), "ada");
  assert.equal(await shown("boot.pid"), "42");
  assert.equal(await shown("boot.path"), home);
  assert.equal(await shown("boot.time"), "2026-11-21 10:00:00");
  assert.equal(await shown("boot.web_port"), ":9094");
  assert.equal(await shown("boot.ctx_dev"), "http://mac:9094");
  assert.equal(await shown("host.GOOS"), process.platform);
  assert.equal(await shown("user.name"), "ada");
});

test("C-31 runtime sets a value and shows it", async (t) => {
  const { run } = await stage(t);
  assert.equal((await run(["runtime", "node.name", "x"])).text, "x");
  assert.equal((await run(["runtime", "node.name"])).text, "x");
  assert.equal((await run(["runtime", "work.serve.port", "9094"])).text, "9094");
  assert.deepEqual((await run(["runtime", "work.serve"])).rows, [{ key: "port", value: 9094 }]);
});

test("runtime of a map is a table of keys and values", async (t) => {
  const { run } = await stage(t);
  const all = (await run(["runtime"])).rows.map(({ key }) => key);
  assert.deepEqual(all, ["boot", "host", "node", "user"]);
  assert.deepEqual((await run(["runtime", "node"])).rows, [
    { key: "name", value: "com" },
    { key: "type", value: "server" },
    { key: "route", value: "com" },
  ]);
});

test("a key that is not there is an error with a guess", async (t) => {
  const { run } = await stage(t);
  const error = await errorOf(run(["runtime", "node.nam"]));
  assert.deepEqual(
    [error.code, error.message, error.hint],
    ["not_found", 'no runtime "node.nam"', 'did you mean "name"?'],
  );
  assert.equal((await errorOf(run(["runtime", "constructor"]))).code, "not_found");
});

test("a saved runtime does not hide how this process was started", async (t) => {
  const { run, tree } = await stage(t, undefined, { env });
  const slot = tree.root.children.get("cli")?.configs.get("runtime");
  if (slot !== undefined) tree.setConf(slot, { boot: { pid: 1, web_port: ":1" }, node: { name: "saved" } });
  assert.equal((await run(["runtime", "boot.pid"])).text, "42");
  assert.equal((await run(["runtime", "boot.web_port"])).text, ":9094");
  assert.equal((await run(["runtime", "node.name"])).text, "saved");
  const error = await errorOf(run(["runtime", "boot.pid", "1"]));
  assert.equal(error.message, "runtime: boot says how the process was started");
});

test("C-31 runtime system tells how the process does", async (t) => {
  const { run } = await stage(t);
  const [row] = (await run(["runtime", "system"])).rows;
  const wanted = ["cpu", "load", "memory", "free", "uptime", "heap", "resident"];
  assert.deepEqual(Object.keys(row ?? {}), wanted);
  assert.ok(Number(row?.["cpu"]) >= 1);
});
