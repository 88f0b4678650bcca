/** One command from the outer shell: `bench dir etc % order size`. */
import { createReadStream, fstatSync } from "node:fs";
import { constants } from "node:os";
import {
  type ContextNode,
  PieceReader,
  type Piped,
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
    if (!lender.isLent) door.interrupt();
  });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => tree.life.quit(128 + constants.signals[signal]));
  }
  const forget = tree.life.onQuit(() => door.interrupt());
  const code = await door.run(source, standardInput());
  forget();
  takeBack();
  return tree.life.quitting?.code ?? code;
}

/** Standard input as input of the first command that takes one; a terminal is none. It is opened when it is read. */
export function standardInput(): Piped | undefined {
  try {
    const stat = fstatSync(0);
    if (stat.isCharacterDevice()) return undefined;
    if (!stat.isFile() && !stat.isFIFO() && !stat.isSocket()) return undefined;
  } catch {
    return undefined;
  }
  return Object.assign(new PieceReader({ [Symbol.asyncIterator]: () => readInput() }), { fd: 0 });
}

async function* readInput(): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream("", { fd: 0, autoClose: false })) yield chunk as Uint8Array;
}
