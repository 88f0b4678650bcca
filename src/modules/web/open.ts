/** The door of a node: where it listens, what it leaves for others to find it, and its end. */
import type { AddressInfo } from "node:net";
import { fail, type Message, type Tree, upgrades } from "../../ctx/index.ts";
import { Door } from "./door.ts";
import { Gate } from "./gate.ts";
import { writeRunFiles } from "./run-files.ts";
import { makeServer, type Server } from "./serve.ts";
import { newSecret } from "./sessions.ts";
import { opened } from "./state.ts";
import { Upgrader } from "./upgrade.ts";

/** Nobody but this machine is listened to. */
const host = "127.0.0.1";
const usualPort = 9094;
/** Milliseconds that running commands get to come to their end when the node stops. */
const grace = 5000;
/** Milliseconds that all else gets: files, requests that are still coming in, connections that were opened for later. */
const shortGrace = 300;

/** Opens the door. Throws when its port is taken. */
export async function openDoor(m: Message): Promise<string> {
  const { tree } = m;
  const token = newSecret();
  let gate: Gate | undefined;
  let door: Door | undefined;
  const server = await makeServer(tree, () => door);
  const upgrader = new Upgrader(() => gate);
  server.http.on("upgrade", upgrader.take);
  m.onStop(() => void opened.delete(tree));
  m.onStop(() => close(server, upgrader, () => (opened.get(tree)?.running ?? 0) > 0));
  const port = await listen(server, wantedPort(tree));
  const url = `http://${host}:${port}`;
  const facts = { port, url, since: tree.clock.now(), running: 0, answered: 0 };
  gate = new Gate(token, port, tree.clock);
  door = new Door(tree, gate, facts);
  m.onStop(tree.provide(upgrades, upgrader.offer));
  m.onStop(writeRunFiles(tree.host.home, url, token));
  opened.set(tree, facts);
  m.log("boot", `the HTTP door is ${url}`);
  return `${host}:${port}`;
}

/** The port that was asked for: a worker takes any that is free, so that many of them run on one machine. */
function wantedPort({ host: { env } }: Tree): number {
  if ((env["ctx_box"] ?? "") !== "") return 0;
  const given = env["web_port"] ?? "";
  if (given === "") return usualPort;
  const port = /^:?(\d{1,5})$/.exec(given)?.[1];
  if (port === undefined || Number(port) > 65535) {
    const problem = `must be a port such as :${usualPort}, but is "${given}"`;
    throw fail("bad_argument", { command: "web_port", problem });
  }
  return Number(port);
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await server.app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const hint = `another node or program listens there; web_port=${port + 1} bin/boot.sh takes another port`;
    throw fail("already_exists", { what: "listener", name: `${host}:${port}` }, { hint, cause });
  }
  return (server.http.address() as AddressInfo).port;
}

/** Takes no more requests, lets answers come to their end for a while, then cuts what is left. */
async function close({ app, http }: Server, upgrader: Upgrader, isBusy: () => boolean): Promise<void> {
  upgrader.close();
  let waited = 0;
  const tidy = setInterval(() => {
    waited += pace;
    // A connection becomes idle only when the answer on it has come to its end; one that was never used does not.
    if (waited >= grace || (waited >= shortGrace && !isBusy())) http.closeAllConnections();
    else http.closeIdleConnections();
  }, pace);
  try {
    await app.close();
  } finally {
    clearInterval(tidy);
  }
}

/** Milliseconds between two looks at what is still open. */
const pace = 50;
