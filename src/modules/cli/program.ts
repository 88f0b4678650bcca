/**
 * One run of a system program, from an array of words and never through a shell.
 *
 * On the terminal, and with nothing behind it, it is given the terminal itself and stays in our process group: colours,
 * editors, ssh and Ctrl-C then work as they do everywhere. Otherwise its answer comes through a pipe, piece by piece and
 * no faster than it is read, and it leads a group of its own, so that what it has started ends with it.
 */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stripVTControlCharacters } from "node:util";
import { fail, type Message, printDuration, terminal } from "../../ctx/index.ts";
import type { Env } from "./search-path.ts";

/** What is run, and how. */
export interface Run {
  /** As it was typed: what the program is told it is called, and errors name. */
  readonly name: string;
  readonly file: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Env;
  /** Milliseconds it may take. */
  readonly limit: number | undefined;
}

/** How long a program that was asked to end may go on: after its time limit, and after Ctrl-C. */
const graceOfLimit = 1_000;
const graceOfCancel = 2_000;

/** A program that was started, as those who may have to end it see it. */
export interface Running {
  readonly ended: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program to its end, with the pipe as its input and the answer of `m` as its output. */
export function runProgram(m: Message, run: Run, started: (running: Running) => void): Promise<void> {
  const owned = m.out.isTerminal === true;
  const work = (): Promise<void> => runToEnd(m, run, owned, started);
  return owned ? m.use(terminal).lend(work) : work();
}

async function runToEnd(m: Message, run: Run, owned: boolean, started: (running: Running) => void): Promise<void> {
  const child = start(m, run, owned);
  let isOver = false;
  const ended = new Promise<End>((resolve) => {
    const over = (code: number | null, signal: NodeJS.Signals | null): void => {
      isOver = true;
      resolve({ code, signal });
    };
    child.once("close", over);
    child.once("error", () => over(null, null));
  });
  const kill = (signal: NodeJS.Signals): void => {
    // What a program has started may hold its output open when it has ended itself: the group is told until all is over.
    if (!isOver && child.pid !== undefined) killIfThere(owned ? child.pid : -child.pid, signal);
  };
  started({ ended, kill });
  await whenSpawned(child, run.name);

  let isLate = false;
  const timers = new Set<NodeJS.Timeout>();
  const end = (signal: NodeJS.Signals, grace: number): void => {
    kill(signal);
    timers.add(setTimeout(() => kill("SIGKILL"), grace));
  };
  // A reader that has enough ends the program as its closed pipe would; Ctrl-C reaches it as it would at a terminal;
  // an editor, which has its own idea of Ctrl-C, ends when we do.
  const onAbort = (): void => {
    const asked = m.tree.life.quitting === undefined ? "SIGINT" : "SIGTERM";
    end(m.out.closed ? "SIGPIPE" : asked, graceOfCancel);
  };
  m.signal.addEventListener("abort", onAbort, { once: true });
  if (m.signal.aborted) onAbort();
  if (run.limit !== undefined) {
    const onLimit = (): void => {
      isLate = true;
      end("SIGTERM", graceOfLimit);
    };
    timers.add(setTimeout(onLimit, Math.min(run.limit, 2 ** 31 - 1)));
  }

  let fed: unknown;
  if (m.piped !== undefined && child.stdin !== null) {
    void feed(m.piped.bytes(), child.stdin).catch((error: unknown) => {
      fed = error;
    });
  }
  try {
    const [, said] = await Promise.all([copyOut(m, child.stdout), copyNotes(m, child.stderr)]);
    const how = await ended;
    // Where nobody reads any more, death by the closed pipe is as good an end as any.
    if (m.out.closed) return;
    // Ctrl-C on a terminal that the program was given: it has been told itself.
    if (owned && how.signal === "SIGINT") throw fail("cancelled", {});
    // And what it makes of that is its own answer: ours, if we have asked it too, was the same.
    if (m.signal.aborted && !owned) throw fail("cancelled", {});
    judge(run, how, isLate, said);
  } finally {
    m.signal.removeEventListener("abort", onAbort);
    for (const timer of timers) clearTimeout(timer);
  }
  if (fed !== undefined) throw fed;
}

/** Turns the end of a program into an error, unless it is a good one. */
function judge({ name, limit }: Run, { code, signal }: End, isLate: boolean, lastSaid?: string): void {
  if (isLate) throw fail("timed_out", { what: name, limit: printDuration(limit ?? 0) });
  if (signal !== null) {
    const exit = 128 + (constants.signals[signal] ?? 0);
    throw fail("failed", { problem: `${name} was ended by ${signal}` }, { exit, hint: lastSaid });
  }
  if (code !== 0) throw fail("failed", { problem: `${name} ended with ${code}` }, { exit: code ?? 1, hint: lastSaid });
}

function start(m: Message, { name, file, words, cwd, env }: Run, owned: boolean): ChildProcess {
  const options: SpawnOptions = {
    cwd,
    env,
    argv0: name,
    detached: !owned,
    stdio: [inputOf(m), owned ? "inherit" : "pipe", owned ? "inherit" : "pipe"],
  };
  return spawn(file, [...words], options);
}

/** Waits until the program runs; what the system has against it is said as an error of the catalogue. */
function whenSpawned(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(name, error)));
  });
}

/** What a program reads: the pipe, the file behind it, or what we read ourselves when we run for the terminal. */
function inputOf({ piped, who }: Message): number | "pipe" | "inherit" | "ignore" {
  if (piped !== undefined) return piped.fd ?? "pipe";
  return who.via === "terminal" ? "inherit" : "ignore";
}

function notStarted(name: string, error: NodeJS.ErrnoException): Error {
  const extra = { cause: error, exit: 126 };
  if (error.code === "E2BIG") return fail("too_large", { problem: `the words for ${name} are too long` }, extra);
  return fail("failed", { problem: `${name} could not be started: ${error.code ?? error.message}` }, extra);
}

function killIfThere(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // It has just ended by itself.
  }
}

/** Writes what is piped in to the program. A program that does not read to the end has had enough, which is no error. */
async function feed(bytes: AsyncIterable<Uint8Array>, stdin: NodeJS.WritableStream): Promise<void> {
  try {
    await pipeline(Readable.from(bytes, { objectMode: false }), stdin);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "EPIPE" && code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** Hands on the output as it comes, no faster than it is read; stops when nobody wants more. */
async function copyOut(m: Message, stdout: Readable | null): Promise<void> {
  if (stdout === null) return;
  for await (const bytes of stdout as AsyncIterable<Uint8Array>) {
    m.write(bytes);
    if (m.out.closed || m.signal.aborted) return;
    await m.ready();
  }
}

/** Most letters of a program's complaint that are repeated in the error. */
const saidLimit = 200;

/** Notes what the program says on standard error, line by line, and gives the last line that says something. */
async function copyNotes(m: Message, stderr: Readable | null): Promise<string | undefined> {
  if (stderr === null) return undefined;
  const decoder = new TextDecoder();
  let rest = "";
  let last: string | undefined;
  const note = (line: string): void => {
    // What it says about our closing of its pipes is of no use to anybody.
    if (!m.signal.aborted) m.note(line);
    const plain = stripVTControlCharacters(line.slice(line.lastIndexOf("\r") + 1)).trim();
    if (plain !== "") last = plain.slice(0, saidLimit);
  };
  for await (const bytes of stderr as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) note(line);
  }
  rest += decoder.decode();
  if (rest !== "") note(rest);
  return last;
}
