/** A node with an open HTTP door, and callers of it that may send what no browser would. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Clock, type Context, defineCommand, text, type Who } from "../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../src/ctx/testing.ts";
import { modules } from "../../src/modules.ts";
import { makeProbe, type Seen } from "./probe.ts";

/** What came back: headers by name, all names in lower case. */
export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** The connection ended before the answer did. */
  readonly cut: boolean;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Without a token. */
  readonly bare?: boolean;
}

/** A node whose door is open. */
export interface OpenNode extends TestTree {
  readonly seen: Seen;
  readonly url: string;
  readonly port: number;
  readonly token: string;
  ask(path: string, given?: Ask): Promise<Got>;
  /** Sends a request and gives the answer when its head is there. */
  open(path: string, given?: Ask): Promise<IncomingMessage>;
  /** Sends bytes as they are and gives all that comes back. */
  raw(text: string): Promise<string>;
}

export interface NodeOptions {
  readonly more?: readonly Context[];
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a node of all modules and a probe; it ends with the test. */
export async function openNode(t: TestContext, { more = [], clock, env = {} }: NodeOptions = {}): Promise<OpenNode> {
  const { probe, seen } = makeProbe();
  const host = { mode: "service", env: { USER: "ada", PATH: "/usr/bin:/bin", web_port: "0", ...env } } as const;
  const stage = await makeTestTree([...modules, probe, ...more], { host, ...(clock !== undefined && { clock }) });
  t.after(() => stage.stop());
  const [url, token] = ["web", "token"].map((name) => readFileSync(join(stage.home, "var/run", name), "utf8").trim());
  const port = Number(new URL(url ?? "").port);
  const send = (path: string, { method = "GET", headers = {}, body, bare = false }: Ask): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const auth = bare ? {} : { authorization: `Bearer ${token}` };
      const all = { host: `127.0.0.1:${port}`, ...auth, ...headers } as Record<string, string | string[]>;
      const going = request({ host: "127.0.0.1", port, path, method, headers: all, agent: false }, resolve);
      going.on("error", reject);
      going.end(body);
    });
  return {
    ...stage,
    seen,
    url: url ?? "",
    port,
    token: token ?? "",
    open: (path, given = {}) => send(path, given),
    ask: async (path, given = {}) => await whole(await send(path, given)),
    async raw(text) {
      const socket = connect(port, "127.0.0.1");
      let got = "";
      socket.setEncoding("utf8").on("data", (part) => {
        got += part;
      });
      socket.on("error", () => undefined);
      socket.write(text);
      await once(socket, "close");
      return got;
    },
  };
}

/** Reads an answer to its end, or to where it was cut. */
export async function whole(answer: IncomingMessage): Promise<Got> {
  let text = "";
  let cut = false;
  answer.setEncoding("utf8");
  try {
    for await (const part of answer) text += part;
  } catch {
    cut = true;
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, text, cut };
}

/** The JSON of an answer. */
export function jsonOf({ text }: Got): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

export const json = (value: unknown): Ask => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

export const form = (body: string): Ask => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body,
});

/** A command that keeps who called it, and one that must never run. */
export function makeWatch(): { readonly callers: Who[]; readonly context: Context } {
  const callers: Who[] = [];
  const whoami = defineCommand({
    name: "whoami",
    help: "Say who calls",
    effect: "read",
    args: { any: text("Any", { default: "" }) },
    run: ({ who }) => {
      callers.push(who);
      return who.user;
    },
  });
  const act = defineCommand({
    name: "act",
    help: "Do something",
    run: ({ who }) => {
      callers.push(who);
    },
  });
  return { callers, context: { name: "watch", help: "Watch", commands: [whoami, act] } };
}

/** The cookie that an answer sets, as it is sent back. */
export const cookieOf = ({ headers }: Got): string => String(headers["set-cookie"]).split(";")[0] ?? "";

/** Logs in and gives the cookie. */
export async function logIn(node: OpenNode): Promise<string> {
  const got = await node.ask("/login", { ...json({ token: node.token }), bare: true });
  assert.equal(got.status, 204);
  return cookieOf(got);
}
