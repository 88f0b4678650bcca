/** What queries, forms and JSON bodies give to a command. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { defineCommand, integer, secret, text } from "../../../src/ctx/index.ts";
import { type Ask, form, json, jsonOf, openNode } from "../../support/web.ts";

/** Commands whose input can be seen in their answer. */
const echo = defineCommand({
  name: "echo",
  help: "Show the input",
  effect: "read",
  args: { first: text("One", { default: "" }), second: integer("Two", { default: 0 }) },
  options: { loud: text("How", { optional: true }) },
  run: (_m, input) => JSON.stringify(input),
});
const hide = defineCommand({
  name: "hide",
  help: "Take a secret",
  effect: "read",
  args: { password: secret("It") },
  run: (_m, { password }) => String(password.length),
});
const fine = { name: "fine", help: "Fine", commands: [echo, hide] };
const inText = (headers: Ask["headers"] = {}): Ask => ({ headers: { accept: "text/plain", ...headers } });

describe("C-50 input", () => {
  test("queries, forms and JSON give the same", async (t) => {
    const node = await openNode(t, { more: [fine] });
    const expected = { first: "a b", second: 7, loud: "é" };
    const asks: readonly (readonly [string, Ask])[] = [
      ["/fine/echo?first=a+b&second=7&loud=%C3%A9", {}],
      ["/fine/echo?args=a%20b&args=7&loud=%c3%a9", {}],
      ["/fine/echo", form("first=a+b&second=7&loud=%C3%A9")],
      ["/fine/echo", form("args=a+b&args=7&loud=%C3%A9")],
      ["/fine/echo", json({ first: "a b", second: 7, loud: "é" })],
      ["/fine/echo", json({ args: ["a b", 7], loud: "é" })],
      ["/fine/echo", json({ args: "a b", second: 7, loud: "é" })],
    ];
    for (const [path, ask] of asks) {
      const got = await node.ask(path, { ...ask, headers: { ...ask.headers, accept: "text/plain" } });
      assert.deepEqual(JSON.parse(got.text), expected, `${path} ${ask.body ?? ""}`);
    }
  });
  test("lists, flags and pairs of words from a query", async (t) => {
    const node = await openNode(t);
    mkdirSync(join(node.home, "box/in"), { recursive: true });
    writeFileSync(join(node.home, "box/in/x"), "");
    for (const flag of ["dir_deep", "dir_deep=", "dir_deep=true", "dir_deep=on"]) {
      const got = await node.ask(`/nfs/dir?path=box&fields=path&dir_type=file&${flag}`, inText());
      assert.equal(got.text, "path\nbox/in/x\n", flag);
    }
    const shallow = await node.ask("/nfs/dir?path=box&fields=path&dir_type=file&dir_deep=false", inText());
    assert.equal(shallow.text, "path\n");
  });
  const wrong: readonly (readonly [path: string, ask: Ask, status: number, said: RegExp])[] = [
    ["/fine/echo?frist=a", {}, 400, /echo: does not know \\"frist.*did you mean \\"first/],
    ["/fine/echo?first=a&first=b", {}, 400, /first is given twice/],
    ["/fine/echo?args=a&first=b", {}, 400, /first is given twice/],
    ["/fine/echo?second=x", {}, 400, /second must be a whole number/],
    ["/fine/echo?args=a&args=1&args=c", {}, 400, /does not take \\?"c/],
    ["/fine/echo?first=%zz", {}, 400, /is not escaped/],
    ["/fine/echo", json({ second: "7" }), 400, /second must be a whole number/],
    ["/fine/echo", json({ args: [{}] }), 400, /args must be a list of words/],
    ["/fine/echo", json([1]), 400, /must be a JSON object/],
    ["/fine/echo", { ...json(1), body: '{"first": ' }, 400, /parse_error/],
    ["/fine/echo", { ...form('{"first":1}') }, 400, /content-type: application\/json/],
    ["/fine/echo?first=a", json({}), 400, /from the body/],
    ["/fine/echo", { method: "POST", headers: { "content-type": "text/xml" }, body: "<a/>" }, 415, /not read/],
    ["/nfs/dir?dir_sort=line", {}, 400, /dir_sort needs 2 values/],
    ["/nfs/dri", {}, 404, /did you mean \\?"\/nfs\/dir/],
    ["/nfs/dir/", {}, 404, /no path/],
    ["/probe/_hidden", {}, 404, /no path/],
  ];
  test("what does not fit is refused with the words of the terminal", async (t) => {
    const node = await openNode(t, { more: [fine] });
    for (const [path, ask, status, said] of wrong) {
      const got = await node.ask(path, ask);
      assert.deepEqual([got.status, got.headers["content-type"]], [status, "application/problem+json"], path);
      assert.match(got.text, said, path);
      assert.equal(jsonOf(got)["status"], status);
    }
  });
  test("GET only for what reads and keeps no secret in an address", async (t) => {
    const node = await openNode(t, { more: [fine] });
    for (const [path, method, allow] of [
      ["/probe/both", "GET", "POST"],
      ["/fine/hide?password=x", "GET", "POST"],
      ["/fine/echo", "DELETE", "GET, HEAD, POST"],
      ["/fine/echo", "PUT", "GET, HEAD, POST"],
      ["/healthz", "POST", "GET, HEAD"],
      ["/login", "GET", "POST"],
    ] as const) {
      const got = await node.ask(path, { method });
      assert.deepEqual([got.status, got.headers["allow"]], [405, allow], path);
    }
    assert.equal(jsonOf(await node.ask("/fine/hide", json({ password: "abc" })))["result"], "3");
    assert.equal(jsonOf(await node.ask("/fine/echo", { method: "POST" }))["result"], '{"first":"","second":0}');
  });
});
