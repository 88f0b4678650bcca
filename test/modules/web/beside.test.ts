import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import {
  address,
  along,
  Batch,
  beside,
  type CtxError,
  command,
  Duration,
  defineCommand,
  defineContext,
  fail,
  flag,
  isHeld,
  type Message,
  takeLock,
  WireWriter,
  wordsFromJson,
} from "../../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../../src/ctx/testing.ts";
import web from "../../../src/modules/web/index.ts";

/** Stands in for the command that runs words on another node: here it asks the node beside. */
const remote = defineCommand({
  name: "remote",
  help: "Run a command on another node",
  args: { node: address("Which node"), command: command("What to run") },
  options: { deep: flag("Also the nodes below"), shallow: flag("Not the nodes below") },
  async run(m: Message) {
    const out = {
      write: (piece: Parameters<Message["write"]>[0]) => m.write(piece).ready(),
      note: (text: string) => m.note(text),
      format: (format: Message["format"]) => {
        m.format = format;
      },
    };
    await m.use(beside)({ words: m.words, who: m.who, signal: m.signal, out });
  },
});
const ssh = defineContext({ name: "ssh", help: "Other nodes", commands: [remote] });

/** What came over HTTP. */
interface Came {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}
type Answer = (out: WireWriter, response: ServerResponse, came: Came) => unknown;

interface Stage extends TestTree {
  readonly came: Came[];
  readonly port: number;
  /** Puts a file into var/run of the folder. */
  put(name: string, text: string, mode?: number): void;
}

/** A folder with a node that answers as a test says, and a process beside it. */
async function stage(t: TestContext, answer: Answer = (out) => out.close()): Promise<Stage> {
  const made = await makeTestTree([web, ssh]);
  t.after(() => made.stop());
  const came: Came[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method, url, headers } = request;
    const one = { method, url, headers, body: JSON.parse(Buffer.concat(parts).toString()) as unknown };
    came.push(one);
    const out = new WireWriter((bytes) => {
      if (!response.headersSent) response.writeHead(200, { "content-type": "application/x-ctx" });
      response.write(bytes);
    });
    await answer(out, response, one);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const lock = await takeLock(made.home, 4242);
  assert.ok(!isHeld(lock));
  t.after(() => lock.release());
  const put: Stage["put"] = (name, text, mode = 0o600) => {
    const file = join(made.home, "var/run", name);
    rmSync(file, { force: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  put("web", `http://127.0.0.1:${port}\n`);
  put("token", "secret\n");
  return { ...made, came, port, put };
}

function refused(work: Promise<unknown>): Promise<CtxError> {
  return work.then(
    () => Promise.reject(new Error("an error was expected")),
    (error: CtxError) => error,
  );
}

describe("C-41 a process beside a node asks it over HTTP", () => {
  test("rows with their types, text, bytes and notes come as they are", async (t) => {
    const columns = [
      { name: "size", type: "size" },
      { name: "took", type: "any" },
    ] as const;
    const { call, came } = await stage(t, async (out) => {
      await out.write("hi\n");
      await out.write(new Batch(columns, 1, [[3], [new Duration(5)]]));
      await out.write(new Uint8Array([0, 255]));
      await out.note("slow today");
      await out.close();
    });
    const m = await call("ssh.remote", "demo", "nfs.dir", "etc");
    assert.deepEqual(m.pieces[0], "hi\n");
    assert.deepEqual(m.batches[0]?.columns, columns);
    assert.deepEqual(m.rows, [{ size: 3, took: new Duration(5) }]);
    assert.deepEqual(m.pieces[2], new Uint8Array([0, 255]));
    const [one] = came;
    assert.deepEqual([one?.method, one?.url], ["POST", "/ssh/remote"]);
    assert.equal(one?.headers.authorization, "Bearer secret");
    assert.equal(one?.headers.accept, "application/x-ctx");
    assert.deepEqual(one?.body, { node: "demo", command: ["nfs.dir", "etc"] });
  });

  test("a quoted word stays quoted, a variable keeps its value, defaults are the node's own", async (t) => {
    const { tree, who, came } = await stage(t);
    const quoted = { text: "--json", bare: false };
    const typed = { text: "5ms", bare: false, value: new Duration(5) };
    const words = ["ssh.remote", "deep", "demo", "echo", quoted, typed, "--csv", "deep"];
    await tree.call({ words }, { from: tree.root, who });
    assert.deepEqual(came[0]?.body, {
      node: "demo",
      command: ["echo", { text: "--json" }, { text: "5ms", value: { d: 5 } }, "--csv", "deep"],
      deep: true,
    });
    const { command: sent } = Object(came[0]?.body) as { readonly command?: unknown };
    assert.deepEqual(wordsFromJson(sent), ["echo", quoted, typed, "--csv", "deep"]);
  });

  test("an error comes with its code, hint and way", async (t) => {
    const { call } = await stage(t, (out) =>
      out.close(along(fail("not_found", { what: "file", name: "x" }, { hint: "look" }), "com", "com.demo", "nfs.dir")),
    );
    const error = await refused(call("ssh.remote", "demo", "nfs.dir", "x"));
    assert.deepEqual([error.code, error.hint, error.exit], ["not_found", "look", 1]);
    assert.deepEqual(error.trail, ["com", "com.demo", "nfs.dir"]);
  });

  test("a refusal before the answer begins is the error it says", async (t) => {
    const { call } = await stage(t, (_out, response) => {
      response.writeHead(404, { "content-type": "application/problem+json" });
      response.write(JSON.stringify({ code: "unknown_node", title: 'unknown node "demo"', hint: "did you mean?" }));
    });
    const error = await refused(call("ssh.remote", "demo", "pwd"));
    assert.deepEqual([error.code, error.message, error.hint], ["unknown_node", 'unknown node "demo"', "did you mean?"]);
  });

  test("X-05 the node stops when the caller does", async (t) => {
    const told = new EventEmitter();
    const begun = once(told, "begun");
    const left = once(told, "left");
    const { tree, who } = await stage(t, async (out, response) => {
      await out.write("first");
      response.once("close", () => told.emit("left"));
      told.emit("begun");
      await left;
    });
    const abort = new AbortController();
    const words = ["ssh.remote", "demo", "sleep", "100"];
    const work = refused(Promise.resolve(tree.call({ words }, { from: tree.root, who, signal: abort.signal })));
    await begun;
    abort.abort();
    const error = await work;
    assert.deepEqual([error.code, error.exit], ["cancelled", 130]);
    await left;
  });

  test("a caller who has stopped already sends nothing", async (t) => {
    const { tree, who, came } = await stage(t);
    const words = ["ssh.remote", "demo", "pwd"];
    const work = Promise.resolve(tree.call({ words }, { from: tree.root, who, signal: AbortSignal.abort() }));
    assert.deepEqual([(await refused(work)).code, came.length], ["cancelled", 0]);
  });

  test("X-05 an answer is read no faster than it is taken", async (t) => {
    const { tree, who } = await stage(t, async (out) => {
      for (let i = 0; i < 3; i++) await out.write(`${i}`);
      await out.close();
    });
    let busy = 0;
    const taken: unknown[] = [];
    const out = {
      closed: false,
      end: () => undefined,
      note: () => undefined,
      write: async (piece: unknown) => {
        assert.equal(busy++, 0);
        await new Promise((resolve) => setImmediate(resolve));
        busy--;
        taken.push(piece);
      },
    };
    await tree.call({ words: ["ssh.remote", "demo", "pwd"] }, { from: tree.root, who, out });
    assert.deepEqual(taken, ["0", "1", "2"]);
  });
});

describe("C-41 what goes wrong beside a node", () => {
  const answers: readonly (readonly [what: string, answer: Answer, code: string, said: RegExp])[] = [
    ["the node dies before it answers", (_, response) => response.destroy(), "node_offline", /whether it ran is not/],
    [
      "the node dies in the middle",
      async (out, response) => {
        await out.write("half");
        response.destroy();
      },
      "node_offline",
      /whether it ran is not known/,
    ],
    ["the answer has no end", (out) => out.write("half"), "node_offline", /whether it ran is not known/],
    ["the answer is none", (_, response) => response.writeHead(200).write("hello"), "failed", /no answer of a node/],
    [
      "the answer is damaged",
      (_, response) => response.writeHead(200, { "content-type": "application/x-ctx" }).write("hello, world"),
      "failed",
      /came damaged/,
    ],
    ["the token is not known", (_, response) => response.writeHead(401), "not_logged_in", /does not know the token/],
    ["the refusal is no JSON", (_, response) => response.writeHead(500).write("<html>"), "failed", /HTTP 500/],
    ["the refusal is no object", (_, response) => response.writeHead(500).write("null"), "failed", /HTTP 500/],
  ];
  for (const [what, answer, code, said] of answers) {
    test(what, async (t) => {
      const { call, came } = await stage(t, answer);
      const error = await refused(call("ssh.remote", "demo", "pwd"));
      assert.deepEqual([error.code, came.length], [code, 1]);
      assert.match(`${error.message} ${error.hint}`, said);
    });
  }

  test("no node, no files, a door that is shut: node_offline says what to do", async (t) => {
    const made = await makeTestTree([web, ssh]);
    t.after(() => made.stop());
    const offline = async (said: RegExp): Promise<void> => {
      const { code, exit, hint } = await refused(made.call("ssh.remote", "demo", "pwd"));
      assert.deepEqual([code, exit], ["node_offline", 69]);
      assert.match(String(hint), said);
    };
    await offline(/npm start or bin\/boot\.sh/);
    mkdirSync(join(made.home, "var/run"), { recursive: true });
    await offline(/npm start or bin\/boot\.sh/);
    const lock = await takeLock(made.home, 4242);
    assert.ok(!isHeld(lock));
    t.after(() => lock.release());
    await offline(/process 4242 has no links/);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    for (const [name, text] of [
      ["web", `http://127.0.0.1:${port}\n`],
      ["token", "x"],
    ] as const) {
      writeFileSync(join(made.home, "var/run", name), text, { mode: 0o600 });
    }
    await offline(/its door does not open/);
  });

  test("what a dead node has left is not used: its port may be another's", async (t) => {
    const made = await makeTestTree([web, ssh]);
    t.after(() => made.stop());
    const lock = await takeLock(made.home, 4242);
    assert.ok(!isHeld(lock));
    const server = createServer(() => assert.fail("something was sent")).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(made.home, "var/run/web"), `http://127.0.0.1:${port}\n`, { mode: 0o600 });
    writeFileSync(join(made.home, "var/run/token"), "x", { mode: 0o600 });
    lock.release();
    assert.equal((await refused(made.call("ssh.remote", "demo", "pwd"))).code, "node_offline");
  });

  const skip =
    (process.getuid?.() !== 0 || process.platform !== "linux") &&
    "only root may become somebody else, and see who listens";
  test("a port that another user's program holds gets neither token nor words", { skip }, async (t) => {
    const { call, put, came } = await stage(t);
    const listen = `require("net").createServer((s) => s.on("data", () => console.log("got it")))
      .listen(0, "127.0.0.1", function () { console.log(this.address().port) })`;
    const squatter = spawn(process.execPath, ["-e", listen], { uid: 65534, gid: 65534, cwd: "/" });
    const gone = once(squatter, "close");
    let said = "";
    squatter.stdout.on("data", (text) => {
      said += text;
    });
    await once(squatter.stdout, "data");
    put("web", `http://127.0.0.1:${said.trim()}\n`);
    const error = await refused(call("ssh.remote", "demo", "pwd"));
    squatter.kill();
    await gone;
    assert.equal(error.code, "not_allowed");
    assert.match(error.message, /held by somebody else's program/);
    assert.match(said, /^\d+\n$/);
    assert.equal(came.length, 0);
  });

  const files: readonly (readonly [what: string, change: (stage: Stage) => void, said: RegExp])[] = [
    ["a token that others can read", ({ put }) => put("token", "secret", 0o644), /other people can read it/],
    [
      "an address that others can write",
      ({ put, port }) => put("web", `http://127.0.0.1:${port}`, 0o622),
      /other people/,
    ],
    [
      "an address that is no file",
      ({ home }) => {
        rmSync(join(home, "var/run/web"));
        mkdirSync(join(home, "var/run/web"));
      },
      /is no file/,
    ],
    ["an address of another machine", ({ put }) => put("web", "http://example.org:80\n"), /no address of this machine/],
    [
      "an address that hides another",
      ({ put, port }) => put("web", `http://127.0.0.1:${port}@example.org\n`),
      /no address of this machine/,
    ],
    ["a token that is none", ({ put }) => put("token", "x\r\ny: z\r\n"), /holds no token/],
    ["a port that is none", ({ put }) => put("web", "http://127.0.0.1:99999\n"), /no address of this machine/],
  ];
  for (const [what, change, said] of files) {
    test(`${what} is refused, and nothing is sent`, async (t) => {
      const made = await stage(t);
      change(made);
      const error = await refused(made.call("ssh.remote", "demo", "pwd"));
      assert.match(error.message, said);
      assert.equal(made.came.length, 0);
    });
  }
});
