import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Nodes } from "../../support/linked-nodes.ts";

test("C-42 a node with a secret joins and gets its address; both see each other", async (t) => {
  const nodes = new Nodes(t);
  const com = await nodes.start("com", { type: "server" });
  const demo = await nodes.below(com, "demo");
  await demo.is("com.demo");
  assert.deepEqual(com.below, ["com.demo:+"]);
  assert.deepEqual(
    [com, demo].map(({ peers }) => peers.peers().map(({ address, name, type }) => [address, name, type].join(" "))),
    [["com.demo demo worker"], ["com com master"]],
  );
  assert.equal(existsSync(demo.file("join")), false);
  assert.equal(existsSync(com.file("invite/demo")), false);
  assert.ok(com.peers.send("com.demo", Buffer.from("ping"), 0));
  await demo.until(() => demo.got.length > 0, "a message");
  assert.ok(demo.peers.send("com", Buffer.from("pong"), 0));
  await com.until(() => com.got.length > 0, "a message");
  assert.deepEqual(demo.got, [{ src: "com", dst: "com.demo", text: "ping" }]);
  assert.deepEqual(com.got, [{ src: "com.demo", dst: "com", text: "pong" }]);
});
