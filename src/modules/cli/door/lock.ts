/**
 * One node a folder. The lock is a listening socket in `var/run`: it is gone with the process that holds it, however
 * that ends, so there are no stale files to judge by a process number.
 */
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

/** The folder's node, as long as it is held. */
export interface Lock {
  release(): void;
}

/** Who holds the folder: the process number it gave, if it could be read. */
export interface Held {
  readonly pid: string;
}

/** The longest path a socket may have, with a byte to spare. */
const pathLimit = 100;

/** Takes the folder, or tells who holds it. */
export async function takeLock(home: string, pid: number): Promise<Lock | Held> {
  const run = join(home, "var/run");
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const { path, close } = shortPath(run, "bench.sock");
  try {
    for (let tries = 0; tries < 5; tries++) {
      const server = await listen(path);
      if (server !== undefined) {
        writeFileSync(join(run, "bench.pid"), `${pid}\n`);
        return { release: () => release(server, join(run, "bench.pid"), pid) };
      }
      if (await answers(path)) return { pid: readPid(join(run, "bench.pid")) };
      await clearStale(path, `${path}.${pid}`);
    }
    return { pid: readPid(join(run, "bench.pid")) };
  } finally {
    close();
  }
}

/** A socket's path must be short; through an open folder it is, on Linux. */
function shortPath(run: string, name: string): { readonly path: string; close(): void } {
  const path = join(run, name);
  if (Buffer.byteLength(path) < pathLimit) return { path, close: () => undefined };
  const fd = openSync(run, "r");
  return { path: `/proc/self/fd/${fd}/${name}`, close: () => closeSync(fd) };
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * Takes away a socket nobody listens on. It is moved aside first and asked again: another process may have put its own,
 * living one there since, and that one is put back.
 */
async function clearStale(path: string, aside: string): Promise<void> {
  try {
    renameSync(path, aside);
    if (await answers(aside)) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    // Another process was quicker; the next try sees what it left.
  }
}

function release(server: Server, pidFile: string, pid: number): void {
  server.close();
  if (readPid(pidFile) === String(pid)) unlinkSync(pidFile);
}

function readPid(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

/** Tells a lock from the news that somebody else has it. */
export function isHeld(lock: Lock | Held): lock is Held {
  return "pid" in lock;
}
