import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../cli/cli-tree.ts";

const columns = ["index", "name", "ip", "mask", "hard"];

test("C-32 ifconfig shows IPv4 addresses of interfaces that have hardware", async (t) => {
  const { run } = await stage(t);
  const { rows, batches } = await run(["tcp.ifconfig"]);
  assert.deepEqual(
    batches[0]?.columns.map(({ name }) => name),
    columns,
  );
  for (const row of rows) {
    assert.match(String(row["ip"]), /^\d+\.\d+\.\d+\.\d+$/);
    assert.notEqual(row["hard"], "00:00:00:00:00:00");
    assert.ok(Number(row["mask"]) >= 0 && Number(row["mask"]) <= 32);
  }
});

test("C-32 ifconfig all also shows the loopback interface", async (t) => {
  const { run } = await stage(t);
  const { rows } = await run(["tcp.ifconfig", "lo", "all"]);
  const found = rows.find((row) => row["ip"] === "127.0.0.1");
  assert.equal(found?.["mask"], 8);
  assert.ok(Number(found?.["index"]) >= 1);
});

test("ifconfig of an interface that is not there shows the header", async (t) => {
  const { run } = await stage(t);
  const { rows, batches } = await run(["tcp.ifconfig", "nosuch"]);
  assert.deepEqual(rows, []);
  assert.deepEqual(
    batches[0]?.columns.map(({ name }) => name),
    columns,
  );
});
