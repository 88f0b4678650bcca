/** Requests and answers over a real socket, in every form. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  allowedTo,
  Batch,
  type CtxError,
  defineCommand,
  httpMethod,
  integer,
  type OpenApi,
  openapi,
  type Piece,
  WireReader,
} from "../../../src/ctx/index.ts";
import { type Ask, json, jsonOf, openNode, whole } from "../../support/web.ts";

const echo = defineCommand({ name: "echo", help: "Say something", effect: "read", run: () => "x" });
const fine = { name: "fine", help: "Fine", commands: [echo] };
const inText = (headers: Ask["headers"] = {}): Ask => ({ headers: { accept: "text/plain", ...headers } });

test("C-03 C-50 the rows are those of the terminal in every form", async (t) => {
  const node = await openNode(t);
  mkdirSync(join(node.home, "box"));
  writeFileSync(join(node.home, 'box/茶 "<b>.txt'), "a\nb\n");
  writeFileSync(join(node.home, "box/x.txt"), "");
  const path = "/nfs/dir?path=box&fields=line&fields=filename&dir_sort=line&dir_sort=int_r";
  const forms: Readonly<Record<string, readonly [type: string, text: string]>> = {
    "application/json": [
      "application/json",
      '{"v":1,"detail":["dir"],"option":{"dir_sort":["line","int_r"]},\n' +
        '"columns":[{"name":"line","type":"integer"},{"name":"filename","type":"text"}],\n"append":[\n' +
        '{"line":2,"filename":"茶 \\"<b>.txt"},\n{"line":0,"filename":"x.txt"}\n],\n"result":"","error":null}\n',
    ],
    "text/plain": ["text/plain; charset=utf-8", 'line  filename\n   2  茶 "<b>.txt\n   0  x.txt\n'],
    "text/csv": ["text/csv; charset=utf-8", 'line,filename\n2,"茶 ""<b>.txt"\n0,x.txt\n'],
    "text/tab-separated-values": [
      "text/tab-separated-values; charset=utf-8",
      'line\tfilename\n2\t茶 "<b>.txt\n0\tx.txt\n',
    ],
    "application/yaml": ["application/yaml", '- line: 2\n  filename: "茶 \\"<b>.txt"\n- line: 0\n  filename: x.txt\n'],
    "application/x-ndjson": [
      "application/x-ndjson",
      '{"line":2,"filename":"茶 \\"<b>.txt"}\n{"line":0,"filename":"x.txt"}\n',
    ],
    "text/event-stream": [
      "text/event-stream",
      'event: table\ndata: [{"name":"line","type":"integer"},{"name":"filename","type":"text"}]\n\n' +
        'event: row\ndata: {"line":2,"filename":"茶 \\"<b>.txt"}\n\nevent: row\ndata: {"line":0,"filename":"x.txt"}\n\n' +
        "event: end\ndata: {}\n\n",
    ],
  };
  for (const [accept, [type, expected]] of Object.entries(forms)) {
    const got = await node.ask(path, { headers: { accept } });
    assert.deepEqual([got.status, got.headers["content-type"], got.text], [200, type, expected], accept);
  }
  const page = await node.ask(path, { headers: { accept: "text/html" } });
  assert.match(page.text, /^<!doctype html>[\s\S]*<td>茶 "&lt;b&gt;.txt<\/td><\/tr>\n[\s\S]*<\/table>\n$/);
  assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
  assert.match((await node.ask(path, { headers: { accept: "text/markdown" } })).text, /^\| line \| filename \|\n/);
  const shown = await node.show("nfs.dir box line filename dir_sort line int_r");
  assert.equal(shown, forms["text/plain"]?.[1]);
});

test("C-50 bytes for nodes: the pieces, notes and the end come through", async (t) => {
  const node = await openNode(t);
  const pieces: Piece[] = [];
  const notes: string[] = [];
  const reader = new WireReader({
    write: (piece) => void pieces.push(piece),
    note: (note) => void notes.push(note),
    format: () => undefined,
  });
  const answer = await node.open("/probe/both", { method: "POST", headers: { accept: "application/x-ctx" } });
  for await (const part of answer) await reader.push(part as Buffer);
  assert.deepEqual([reader.ended, reader.error, notes], [true, undefined, ["careful"]]);
  const [said, rows] = pieces;
  assert.equal(said, "some text\n");
  assert.ok(
    pieces.some((piece) => piece instanceof Batch && piece.length === 1),
    String(rows),
  );
});

describe("C-50 Accept", () => {
  const cases: readonly (readonly [accept: string | undefined, type: string])[] = [
    [undefined, "application/json"],
    ["*/*", "application/json"],
    ["application/*", "application/json"],
    ["text/*", "text/plain; charset=utf-8"],
    ["text/csv;q=0.5, text/plain;q=0.4", "text/csv; charset=utf-8"],
    ["TEXT/CSV", "text/csv; charset=utf-8"],
    ["text/csv, application/json", "text/csv; charset=utf-8"],
    ["application/json, text/plain, */*", "application/json"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"],
    ["image/png, */*;q=0.1", "application/json"],
    ["application/json;q=0, */*", "text/plain; charset=utf-8"],
    ["application/json;charset=utf-8", "application/json"],
    ["text/csv;q=nonsense", "text/csv; charset=utf-8"],
  ];
  test("the form that the caller likes best", async (t) => {
    const node = await openNode(t);
    for (const [accept, type] of cases) {
      const got = await node.ask("/cli/echo?words=a", accept === undefined ? {} : { headers: { accept } });
      assert.deepEqual([got.status, got.headers["content-type"]], [200, type], accept);
    }
  });
  test("406 names what there is", async (t) => {
    const node = await openNode(t);
    for (const accept of ["image/png", "application/json;q=0", "", "text", "constructor/*"]) {
      const got = await node.ask("/cli/echo?words=a", { headers: { accept } });
      assert.deepEqual([got.status, got.headers["content-type"]], [406, "application/problem+json"], accept);
      assert.match(got.text, /text\/csv/);
    }
  });
  test("words that ask for another form do not change it", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/cli/echo?args=a&args=--csv");
    assert.deepEqual([got.headers["content-type"], jsonOf(got)["result"]], ["application/json", "a --csv"]);
  });
});

describe("C-50 errors", () => {
  test("problem+json with the status, code and hint of the catalogue; text for who asks for text", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/nfs/dir?path=nosuch");
    assert.equal(got.status, 404);
    const { type, title, status, code } = jsonOf(got);
    assert.deepEqual(
      [type, title, status, code],
      ["urn:contextos:error:not_found", 'no file or folder "nosuch"', 404, "not_found"],
    );
    const text = await node.ask("/nfs/dir?path=nosuch", inText());
    assert.deepEqual([text.status, text.text], [404, 'error: no file or folder "nosuch"\n']);
  });
  test("S2 a bug says its id and nothing of the house", async (t) => {
    const node = await openNode(t);
    for (const accept of ["application/json", "text/plain", "text/event-stream", "application/x-ctx"]) {
      const got = await node.ask("/probe/bug", { method: "POST", headers: { accept } });
      assert.equal(got.status, 500);
      assert.match(got.text, /internal error [0-9a-f]{8}/);
      assert.doesNotMatch(got.text, /secret of the house|\.ts|\.js|TypeError/);
    }
  });
  test("what fails after a part was sent is not taken for whole", async (t) => {
    const late = defineCommand({
      name: "late",
      help: "Fail after many rows",
      effect: "read",
      columns: { n: integer("Number") },
      async *run() {
        for (let n = 0; n < 20_000; n++) yield { n };
        throw new RangeError("never told");
      },
    });
    const node = await openNode(t, { more: [{ name: "fail", help: "Fail", commands: [late] }] });
    const ask = (accept: string) => node.ask("/fail/late", { headers: { accept } });
    for (const accept of ["text/csv", "text/plain", "text/html", "application/yaml", "text/markdown"]) {
      const { status, cut } = await ask(accept);
      assert.deepEqual([status, cut], [200, true], accept);
    }
    assert.match((await ask("application/x-ndjson")).text, /\n\{"error":\{"code":"internal","message":"[^\n]*\}\}\n$/);
    assert.match((await ask("text/event-stream")).text, /\n\nevent: error\ndata: \{"code":"internal"[^\n]*\}\n\n$/);
    const { error, append } = JSON.parse((await ask("application/json")).text) as {
      error: CtxError;
      append: unknown[];
    };
    assert.deepEqual([error.code, append.length > 0], ["internal", true]);
  });
});

describe("C-50 tags", () => {
  test("an answer that has not changed is not sent again", async (t) => {
    const node = await openNode(t);
    const { headers, text } = await node.ask("/cli/echo?words=a");
    const tag = String(headers["etag"]);
    assert.match(tag, /^W\/"[\w-]+"$/);
    assert.deepEqual([headers["cache-control"], text.length > 0], ["private, no-cache", true]);
    for (const given of [tag, `"other", ${tag}`, "*"]) {
      const again = await node.ask("/cli/echo?words=a", { headers: { "if-none-match": given } });
      assert.deepEqual([again.status, again.text, again.headers["etag"]], [304, "", tag]);
    }
    for (const path of ["/cli/echo?words=b", "/cli/echo?words=%E8%8C%B6"]) {
      const other = await node.ask(path, { headers: { "if-none-match": tag } });
      assert.equal(other.status, 200);
      assert.notEqual(other.headers["etag"], tag);
    }
  });
  test("what was asked by POST, and streams, are not kept", async (t) => {
    const node = await openNode(t);
    const posted = await node.ask("/cli/echo", json({ words: ["a"] }));
    assert.deepEqual([posted.headers["etag"], posted.headers["cache-control"]], [undefined, "no-store"]);
    const stream = await node.ask("/cli/echo?words=a", { headers: { accept: "application/x-ndjson" } });
    assert.deepEqual([stream.headers["etag"], stream.headers["cache-control"]], [undefined, "no-store"]);
  });
  test("HEAD is GET without the body", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/cli/echo?words=a");
    const head = await node.ask("/cli/echo?words=a", { method: "HEAD" });
    for (const name of ["content-length", "etag", "content-type"]) assert.equal(head.headers[name], got.headers[name]);
    assert.deepEqual([head.status, head.text], [200, ""]);
    const missing = await node.ask("/nosuch", { method: "HEAD" });
    assert.deepEqual([missing.status, missing.text], [404, ""]);
    const endless = await node.ask("/probe/rows?count=100000000", {
      method: "HEAD",
      headers: { accept: "application/x-ndjson" },
    });
    assert.deepEqual([endless.status, endless.text], [200, ""]);
  });
});

describe("X-01 what is described is there", () => {
  test("the document that is served is the one that is made, and every path in it answers", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/openapi.json");
    const served = jsonOf(got) as unknown as OpenApi;
    const may = allowedTo(node.tree, { ...node.who, via: "token" });
    assert.deepEqual(served, JSON.parse(JSON.stringify(openapi(node.tree, { may }))));
    for (const [path, methods] of Object.entries(served.paths)) {
      for (const method of Object.keys(methods)) {
        // A key that no command knows: it is found, and refuses before it does anything.
        const ask = method === "get" ? {} : json({ nosuchkey: 1 });
        const { status, text } = await node.ask(method === "get" ? `${path}?nosuchkey=1` : path, ask);
        assert.deepEqual([status, /does not know \\"nosuchkey/.test(text)], [400, true], `${method} ${path}`);
      }
    }
  });
  test("commands that come and go are found at once", async (t) => {
    const node = await openNode(t);
    assert.equal((await node.ask("/fine/echo")).status, 404);
    node.tree.root.addChild(fine);
    assert.equal((await node.ask("/fine/echo")).status, 200);
    node.tree.root.removeChild("fine");
    assert.equal((await node.ask("/fine/echo")).status, 404);
  });
  test("web.route and web.serve tell the same", async (t) => {
    const node = await openNode(t);
    const { rows } = await node.call("web.route", "/nfs/");
    assert.deepEqual(
      rows.find(({ path }) => path === "/nfs/dir"),
      { method: "GET", path: "/nfs/dir", command: "nfs.dir", help: "List a folder" },
    );
    for (const found of node.tree.context("nfs")?.commands.values() ?? []) {
      if (found.command.operator !== undefined) continue;
      const row = rows.find(({ command }) => command === found.right);
      assert.equal(row?.["method"], httpMethod(found).toUpperCase());
    }
    const [row] = (await node.call("web.serve")).rows;
    assert.deepEqual([row?.["status"], row?.["address"], row?.["port"]], ["start", node.url, node.port]);
    assert.equal((await node.show("context web; cache address")).trim(), node.url);
  });
  test("health is open to anybody and says no more than that", async (t) => {
    const node = await openNode(t);
    const got = await node.ask("/healthz", { bare: true });
    assert.deepEqual([got.status, got.text], [200, '{"status":"ok"}\n']);
  });
});

test("C-50 the page, and where it is", async (t) => {
  const node = await openNode(t);
  const root = await node.ask("/", { bare: true });
  assert.deepEqual([root.status, root.headers["location"]], [302, "/code"]);
  mkdirSync(join(node.home, "usr/template/code"), { recursive: true });
  mkdirSync(join(node.home, "usr/librarys/deep"), { recursive: true });
  writeFileSync(join(node.home, "usr/template/code/index.html"), "<p>page");
  writeFileSync(join(node.home, "usr/librarys/deep/a.js"), "export {}");
  const page = await whole(await node.open("/code", { bare: true }));
  assert.deepEqual(
    [page.status, page.text, page.headers["content-type"]],
    [200, "<p>page", "text/html; charset=utf-8"],
  );
  assert.match(String(page.headers["content-security-policy"]), /script-src 'self'.*frame-ancestors 'none'/);
  assert.equal(page.headers["x-content-type-options"], "nosniff");
  const part = await node.ask("/librarys/deep/a.js", { bare: true });
  assert.deepEqual([part.status, part.text, part.headers["cache-control"]], [200, "export {}", "no-cache"]);
  assert.match(String(part.headers["content-type"]), /^(text|application)\/javascript/);
  const again = await node.ask("/librarys/deep/a.js", {
    bare: true,
    headers: { "if-none-match": String(part.headers["etag"]) },
  });
  assert.equal(again.status, 304);
});
