/**
 * One node a folder. The lock is a listening socket in `var/run`: nobody answers there once the process that holds it
 * is gone, however that ended, so there are no stale files to judge by a process number.
 *
 * A dead socket cannot be taken away without the danger that it has just been replaced by a living one. So it stays,
 * and the next holder's has the next number: `bench.8.sock` after `bench.7.sock`. Only one process can make a number,
 * it makes it from a socket that answers already, and the highest number is never taken away.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
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

/** The longest path a socket may have, with bytes to spare for its name. */
const pathLimit = 70;

/** Takes the folder, or tells who holds it. */
export async function takeLock(home: string, pid: number): Promise<Lock | Held> {
  const run = join(home, "var/run");
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const pidFile = join(run, "bench.pid");
  const mine = `new.${randomBytes(6).toString("hex")}.sock`;
  const { short, close } = shortPath(run);
  let server: Server | undefined;
  try {
    for (;;) {
      const last = lastNumber(run);
      if (last > 0 && (await answers(join(short, nameOf(last))))) break;
      server ??= await listen(join(short, mine));
      if (!claim(run, mine, last + 1)) continue;
      // The last holder, if it was killed, has left where its door was: another's may be there now.
      for (const name of ["web", "token"]) rmSync(join(run, name), { force: true });
      // Who reads it never finds it half written.
      writeFileSync(join(run, `${mine}.pid`), `${pid}\n`);
      renameSync(join(run, `${mine}.pid`), pidFile);
      const taken = server;
      return { release: () => release(taken, pidFile, pid) };
    }
    server?.close();
    return { pid: readPid(pidFile) };
  } finally {
    if (server !== undefined) unlinkSync(join(run, mine));
    close();
  }
}

/** Tells who holds a folder; undefined when nobody does, or there is no such folder. */
export async function holderOf(home: string): Promise<Held | undefined> {
  const run = join(home, "var/run");
  if (!existsSync(run)) return undefined;
  const { short, close } = shortPath(run);
  try {
    const last = lastNumber(run);
    return last > 0 && (await answers(join(short, nameOf(last))))
      ? { pid: readPid(join(run, "bench.pid")) }
      : undefined;
  } finally {
    close();
  }
}

/** A socket's path must be short; through an open folder it is, on Linux. */
function shortPath(run: string): { readonly short: string; close(): void } {
  if (Buffer.byteLength(run) < pathLimit) return { short: run, close: () => undefined };
  const fd = openSync(run, "r");
  return { short: `/proc/self/fd/${fd}`, close: () => closeSync(fd) };
}

const nameOf = (number: number): string => `bench.${number}.sock`;

/** The highest number there is; 0 when there is none. */
function lastNumber(run: string): number {
  return Math.max(0, ...numbersIn(run));
}

function numbersIn(run: string): number[] {
  return readdirSync(run).flatMap((name) => {
    const number = /^bench\.(\d+)\.sock$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Gives our socket a number, unless another process was quicker. */
function claim(run: string, mine: string, number: number): boolean {
  const path = join(run, nameOf(number));
  try {
    linkSync(join(run, mine), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  // The number may have been free because those above it have cleared it away.
  if (lastNumber(run) > number) {
    unlinkSync(path);
    return false;
  }
  for (const old of numbersIn(run)) if (old < number) rmSync(join(run, nameOf(old)), { force: true });
  return true;
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
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
    // Only these say that nobody is there; a node with many callers at once, or of another user, says something else.
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED" && code !== "ENOENT"));
  });
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
