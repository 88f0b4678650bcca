/** One command from the outer shell: `bench dir etc % order size`. */
import { fstatSync, read } from "node:fs";
import { constants } from "node:os";
import {
  type ContextNode,
  PieceReader,
  type Piped,
  readPipe,
  type ScriptSource,
  type Tree,
  terminal,
} from "../../../ctx/index.ts";
import { Door, type DoorOptions } from "./door.ts";
import { Lender } from "./lender.ts";

/** Runs a command or a line; its answer goes to standard output. Gives the exit code. */
export async function oneShot(
  tree: Tree,
  cwd: string,
  start: ContextNode,
  source: ScriptSource,
  options: DoorOptions,
): Promise<number> {
  const door = new Door(tree, cwd, start, options);
  const lender = new Lender();
  const takeBack = tree.provide(terminal, lender);
  process.on("SIGINT", () => {
    // The terminal has told the program that has it; told twice, some end less gracefully.
    if (!lender.isForProgram()) door.interrupt();
  });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => tree.life.quit(128 + constants.signals[signal]));
  }
  const forget = tree.life.onQuit(() => door.interrupt());
  const code = await door.run(source, standardInput);
  forget();
  takeBack();
  return tree.life.quitting?.code ?? code;
}

/**
 * Standard input as input of the first command that takes one; a terminal is none. It is opened when it is read, and
 * left when the signal says so.
 */
export function standardInput(signal: AbortSignal): Piped | undefined {
  const kind = kindOfInput();
  if (kind === "other") return undefined;
  const parts = (): AsyncIterable<Uint8Array> => (kind === "pipe" ? readPipe(0, signal) : readInput());
  return Object.assign(new PieceReader({ [Symbol.asyncIterator]: () => parts()[Symbol.asyncIterator]() }), { fd: 0 });
}

function kindOfInput(): "file" | "pipe" | "other" {
  try {
    const stat = fstatSync(0);
    if (stat.isFile()) return "file";
    return stat.isFIFO() || stat.isSocket() ? "pipe" : "other";
  } catch {
    return "other";
  }
}

/** Reads all of standard input as text. */
export async function inputText(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readInput()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* readInput(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = await readChunk();
    if (chunk === undefined) await new Promise((resolve) => setTimeout(resolve, pause));
    else if (chunk.length === 0) return;
    else yield chunk;
  }
}

/** Milliseconds between two looks at an input that has nothing yet and does not let us wait. */
const pause = 5;

/** Reads what is there, nothing at the end. A pipe that who started us made non-blocking may have nothing yet: undefined. */
function readChunk(): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    read(0, Buffer.allocUnsafe(1 << 16), 0, 1 << 16, null, (error, length, bytes) => {
      if (error === null) resolve(bytes.subarray(0, length));
      else if (error.code === "EAGAIN") resolve(undefined);
      else reject(error);
    });
  });
}
