import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  type Clock,
  type Context,
  dispatch,
  fallback,
  type Host,
  type Message,
  makeTree,
  type Piped,
  type Sink,
  type Tree,
  terminalWho,
  type Who,
  type Words,
} from "../../../src/ctx/index.ts";
import cli from "../../../src/modules/cli/index.ts";
import tcp from "../../../src/modules/tcp/index.ts";

/** Ten in the morning of a Saturday, in UTC. */
export const now = Date.UTC(2026, 10, 21, 10, 0, 0, 123);
const stopped: Clock = { now: () => now, ticks: () => performance.now() };

/** A started tree with a folder of its own, and its caller. */
export interface Stage {
  readonly tree: Tree;
  readonly who: Who;
  readonly home: string;
  /** Calls a command, or the program that a first word names. */
  run(words: Words, more?: { out?: Sink; piped?: Piped; signal?: AbortSignal }): Promise<Message>;
}

/** Starts a tree of some contexts; what it opens ends with the test. */
export async function stage(
  t: TestContext,
  contexts: readonly Context[] = [cli, tcp],
  host: Partial<Host> = {},
): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), "ctx-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const env = { PATH: process.env["PATH"], USER: "ada", HOSTNAME: "com" };
  const tree = makeTree(
    contexts,
    { home, program: home, version: "1.2.3", env, pid: 42, mode: "test", ...host },
    stopped,
  );
  const who = terminalWho(tree, { cwd: home });
  await tree.life.start(who);
  t.after(() => tree.life.stop());
  const run: Stage["run"] = async (words, more = {}) => {
    const from = who.session.context;
    const name = String(words[0]);
    const found = from.find(name) ?? tree.use(fallback)(name, who);
    if (found === undefined) throw new Error(`nothing is called "${name}"`);
    return dispatch(found, { words }, { from, who, ...more });
  };
  return { tree, who, home, run };
}

/** Tells what an error says: its code, its exit code and its text. */
export function errorOf(
  action: Promise<unknown>,
): Promise<{ code: string; exit: number; message: string; hint?: string }> {
  return action.then(
    () => Promise.reject(new Error("an error was expected")),
    (error) => error,
  );
}
