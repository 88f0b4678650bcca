import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import {
  Collector,
  CtxError,
  drawError,
  type Message,
  makeTree,
  type Tree,
  terminalWho,
} from "../../../src/ctx/index.ts";
import nfs from "../../../src/modules/nfs/index.ts";

/** Makes a folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nfs-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A terminal at a node whose folder is `home`. */
export interface Terminal {
  readonly tree: Tree;
  /** What was said beside the answers. */
  readonly notes: string[];
  /** Runs a command and gives its answer. */
  run(...words: readonly string[]): Promise<Message>;
  /** Runs a command and gives the error it ends with, as it is shown. */
  error(...words: readonly string[]): Promise<string>;
}

export function terminalAt(home: string, cwd = home, env: Readonly<Record<string, string>> = {}): Terminal {
  const tree = makeTree([nfs], { home, program: home, version: "0.0.0", env, pid: 1, mode: "test" });
  const who = terminalWho(tree, { cwd });
  const notes: string[] = [];
  const run = async (...words: readonly string[]): Promise<Message> => tree.call({ words }, { from: tree.root, who });
  return {
    tree,
    notes,
    run,
    async error(...words) {
      try {
        await tree.call({ words }, { from: tree.root, who, out: new Collector((text) => notes.push(text)) });
      } catch (error) {
        if (error instanceof CtxError) return drawError(error);
        throw error;
      }
      return "";
    },
  };
}

/** Runs as a user who is not root, who may do everything. */
export async function asNobody<T>(act: () => Promise<T> | T): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
