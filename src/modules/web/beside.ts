/**
 * The way of a process beside a node: a one-shot or a second shell has no links of its own and asks the node that runs in
 * its folder, over that node's HTTP door.
 *
 * Nothing is sent to a stranger. The address and the token stand in files that only we can have written; the lock of the
 * folder is held, so that they are not what a dead node has left; and where the system tells whose program listens on the
 * port (Linux), it is ours: who takes the port of a dead node gets neither the token nor the words. Once the words are
 * sent they are never sent again.
 */
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import {
  type Beside,
  type BesideRequest,
  type CtxError,
  type Found,
  fail,
  type Host,
  holderOf,
  httpPath,
  isSecret,
  readError,
  readPrivate,
  readWords,
  type Tree,
  textOf,
  toJson,
  unknownCommand,
  type Value,
  WireReader,
  type Words,
  wordsToJson,
} from "../../ctx/index.ts";

/** Gives the service that asks the node of this folder. */
export function besideService(tree: Tree): Beside {
  return async (asked) => {
    const { path, body } = requestOf(tree, asked.words);
    const { port, token } = await findDoor(tree.host);
    const socket = await connectTo(port, asked.signal);
    try {
      if (!isListenerOurs(port))
        throw fail("not_allowed", { problem: `port ${port} is held by somebody else's program` });
      const response = await send(socket, { port, token, path, body, asked });
      await take(response, asked);
    } catch (error) {
      throw asked.signal.aborted ? fail("cancelled", {}, { cause: error }) : error;
    } finally {
      socket.destroy();
    }
  };
}

/** Makes words a request: what they say is read here, so that a wrong word is marked where it was typed. */
function requestOf(tree: Tree, words: Words): { readonly path: string; readonly body: string } {
  const name = textOf(words[0] ?? "");
  const found = tree.root.find(name);
  if (found === undefined) throw unknownCommand(name, tree.root);
  return { path: httpPath(found), body: JSON.stringify(inputOf(tree, found, words)) };
}

function inputOf(tree: Tree, found: Found, words: Words): { readonly [key: string]: unknown } {
  const { input, given } = readWords(tree, found, words);
  const params = [...found.args, ...found.options].filter(([key, param]) => {
    // The defaults of options are the node's own.
    return Object.hasOwn(input, key) && (!found.options.has(key) || Object.hasOwn(given, key) || isSecret(param));
  });
  return Object.fromEntries(
    params.map(([key, { kind }]) => [
      key,
      kind === "command" ? wordsToJson(input[key] as Words) : toJson("any", input[key] as Value),
    ]),
  );
}

/** The HTTP door of the node that runs in a folder. */
interface OpenDoor {
  readonly port: number;
  readonly token: string;
}

const offline = (hint: string, cause?: unknown): CtxError =>
  fail("node_offline", { node: "of this folder" }, { hint, cause });

async function findDoor({ home, pid }: Host): Promise<OpenDoor> {
  const held = await holderOf(home);
  if (held === undefined) throw offline(`none runs in ${home}; npm start or bin/boot.sh starts one`);
  if (held.pid === String(pid))
    throw offline("this is a lone shell; npm start or bin/boot.sh starts a node with links");
  const url = readPrivate(join(home, "var/run/web"))?.text;
  const token = readPrivate(join(home, "var/run/token"))?.text;
  if (url === undefined || token === undefined) {
    throw offline(
      `process ${held.pid} has no links: a lone shell, or a node that has just begun; bin/boot.sh starts a node`,
    );
  }
  const port = Number(/^http:\/\/127\.0\.0\.1:(\d{1,5})\s*$/.exec(url)?.[1]);
  if (!(port > 0 && port < 65_536)) throw fail("failed", { problem: "var/run/web holds no address of this machine" });
  if (!/^[\w-]+\s*$/.test(token)) throw fail("failed", { problem: "var/run/token holds no token" });
  return { port, token: token.trim() };
}

function connectTo(port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw fail("cancelled", {});
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket));
    socket.on("error", (error) => reject(offline("its door does not open; is it just starting?", error)));
  });
}

/** Tells whether the program that listens on a port of this machine is of our own user; true where the system does not say. */
function isListenerOurs(port: number): boolean {
  if (process.platform !== "linux") return true;
  const digits = port.toString(16).toUpperCase().padStart(4, "0");
  // 127.0.0.1, in the order of bytes of this machine.
  const local = [`0100007F:${digits}`, `7F000001:${digits}`];
  const listening = "0A";
  const owners = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address = "", , state]) => state === listening && local.includes(address));
  return owners.length > 0 && owners.every(([, , , , , , , uid]) => Number(uid) === process.getuid?.());
}

interface Sending extends OpenDoor {
  readonly path: string;
  readonly body: string;
  readonly asked: BesideRequest;
}

/** Sends the words; gives the answer as it begins. */
function send(socket: Socket, { port, token, path, body, asked }: Sending): Promise<IncomingMessage> {
  const { signal, who } = asked;
  return new Promise((resolve, reject) => {
    const asking = request({
      createConnection: () => socket,
      method: "POST",
      path,
      headers: {
        host: `127.0.0.1:${port}`,
        authorization: `Bearer ${token}`,
        accept: "application/x-ctx",
        "accept-language": who.lang,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      },
    });
    asking.once("response", resolve);
    // What fails later is met by whoever reads the answer.
    asking.on("error", (error) => reject(lost(error)));
    const stop = (): void => void asking.destroy();
    signal.addEventListener("abort", stop);
    asking.once("close", () => signal.removeEventListener("abort", stop));
    if (signal.aborted) stop();
    else asking.end(body);
  });
}

const lost = (cause?: unknown): CtxError => offline("the connection was lost; whether it ran is not known", cause);

/** Hands the answer on as it comes. Throws what it failed with. */
async function take(response: IncomingMessage, { out }: BesideRequest): Promise<void> {
  if (response.statusCode !== 200) throw await refusalOf(response);
  if (response.headers["content-type"]?.startsWith("application/x-ctx") !== true) {
    throw fail("failed", { problem: "what came is no answer of a node" });
  }
  const reader = new WireReader(out);
  for await (const chunk of chunksOf(response)) {
    const wait = reader.push(chunk);
    if (wait !== undefined) await wait;
    if (reader.ended) break;
  }
  if (reader.error !== undefined) throw reader.error;
  if (!reader.ended) throw lost();
}

async function* chunksOf(response: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    throw lost(error);
  }
}

/** Longer refusals are none of ours. */
const refusalLimit = 1 << 20;

/** Reads why the node did not even begin: `application/problem+json`. */
async function refusalOf(response: IncomingMessage): Promise<CtxError> {
  const { statusCode } = response;
  if (statusCode === 401) {
    return fail(
      "not_logged_in",
      {},
      { hint: "the node does not know the token of var/run/token; has it just begun anew?" },
    );
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of chunksOf(response)) {
    length += part.length;
    if (length > refusalLimit) break;
    parts.push(part);
  }
  try {
    const { detail, title, ...problem } = JSON.parse(Buffer.concat(parts).toString()) as { [key: string]: unknown };
    return readError({ message: detail ?? title, ...problem });
  } catch {
    return fail("failed", { problem: `the node answered with HTTP ${statusCode}` });
  }
}
