/** One command from the outer shell: `bench dir etc % order size`. */
import { createReadStream, fstatSync } from "node:fs";
import { type ContextNode, PieceReader, type Piped, type ScriptSource, type Tree } from "../../../ctx/index.ts";
import { Door, type DoorOptions } from "./door.ts";

/** Runs a command or a line; its answer goes to standard output. Gives the exit code. */
export async function oneShot(
  tree: Tree,
  cwd: string,
  start: ContextNode,
  source: ScriptSource,
  options: DoorOptions,
): Promise<number> {
  const door = new Door(tree, cwd, start, options);
  const interrupt = (): void => {
    if (door.isRunning) door.interrupt();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const code = await door.run(source, standardInput());
  const quit = tree.life.quitting;
  return quit === undefined ? code : quit.code;
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
