import { statSync } from "node:fs";
import {
  command,
  defineCommand,
  didYouMean,
  duration,
  type Fallback,
  type Found,
  fail,
  list,
  type Message,
  path,
  type Tree,
  text,
  textOf,
  type Words,
} from "../../ctx/index.ts";
import { type Run, type Running, runProgram } from "./program.ts";
import { checkRunnable, type Env, findProgram, programNames } from "./search-path.ts";

/** The programs that run in a tree, so that they end with it. */
const running = new WeakMap<Tree, Set<Running>>();

interface Wishes {
  readonly cmd_timeout: number | undefined;
  readonly cmd_dir: string | undefined;
  readonly cmd_env: readonly string[];
}
const noWishes: Wishes = { cmd_timeout: undefined, cmd_dir: undefined, cmd_env: [] };

/** Runs the program that the first word names, with the others as they are. */
async function runWords(m: Message, words: Words, wishes: Wishes): Promise<void> {
  const [name = "", ...rest] = words.map(textOf);
  const cwd = wishes.cmd_dir === undefined ? m.who.session.cwd : folderOf(m, wishes.cmd_dir);
  const env = environment(m.tree.host.env, wishes.cmd_env);
  const file = findProgram(name, env, cwd);
  if (file === undefined) throw fail("unknown_command", { name }, { hint: didYouMean(name, programNames(env, cwd)) });
  checkRunnable(name, file);
  if (rest.some((word) => word.includes("\0"))) {
    throw fail("bad_argument", { command: name, problem: "a word holds a zero byte, which no program can be given" });
  }
  await runIn(m, { name, file, words: rest, cwd, env, limit: wishes.cmd_timeout });
}

async function runIn(m: Message, run: Run): Promise<void> {
  const here = running.get(m.tree) ?? new Set();
  running.set(m.tree, here);
  let mine: Running | undefined;
  try {
    await runProgram(m, run, (started) => {
      mine = started;
      here.add(started);
    });
  } finally {
    if (mine !== undefined) here.delete(mine);
  }
}

function folderOf(m: Message, dir: string): string {
  const folder = m.path(dir);
  if (!statSync(folder).isDirectory())
    throw fail("bad_argument", { command: "system", problem: `"${dir}" is no folder` });
  return folder;
}

function environment(env: Env, added: readonly string[]): Env {
  const pairs = added.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 1) {
      throw fail("bad_argument", { command: "system", problem: `cmd_env must be NAME=VALUE, but is "${pair}"` });
    }
    return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
  });
  return { ...env, ...Object.fromEntries(pairs) };
}

const help = { en: "Run a program of the system", zh: "系统命令" };
const wordsHelp = { en: "The program and its words", zh: "程序与参数" };

/** Runs a system program, without a shell between. */
export const system = defineCommand({
  name: "system",
  help,
  effect: "admin",
  input: "bytes",
  args: { words: command(wordsHelp) },
  options: {
    cmd_timeout: duration({ en: "How long it may take; it is ended then", zh: "超时时间" }, { optional: true }),
    cmd_dir: path({ en: "The folder it runs in", zh: "工作目录" }, { optional: true }),
    cmd_env: list(text({ en: "A variable for it, NAME=VALUE; may be given again", zh: "环境变量" }), { each: true }),
  },
  examples: [
    { help: "Run a program", shell: "> system printf hello\nhello" },
    { help: "With a variable, for at most a minute", shell: "> system cmd_env A=1 cmd_timeout 1m printenv A\n1" },
  ],
  words: ["program", "shell", "exec"],
  run: (m, { words, ...wishes }) => runWords(m, words, wishes),
});

/** What a first word that is no command of ours runs: all its words are the program's, `--help` too. */
const program = defineCommand({
  name: system.name,
  help,
  effect: "admin",
  input: "bytes",
  args: { words: command(wordsHelp, { optional: true, verbatim: true }) },
  run: (m, { words }) => runWords(m, [m.words[0] ?? "", ...words], noWishes),
});

/** Makes the service that finds programs for first words that are no commands. Who may run `system` may run them. */
export function programFallback(node: Found["node"]): Fallback {
  const found: Found = {
    node,
    command: program,
    right: node.commands.get(system.name)?.right ?? system.name,
    effect: "admin",
    args: Object.entries(program.args ?? {}),
    options: new Map(),
    hasSecret: false,
  };
  return (name, who) => (findProgram(name, node.tree.host.env, who.session.cwd) === undefined ? undefined : found);
}

/** Ends the programs that still run in a tree, politely at first. */
export async function endPrograms(tree: Tree): Promise<void> {
  const left = [...(running.get(tree) ?? [])];
  for (const one of left) one.kill("SIGTERM");
  const timer = setTimeout(() => {
    for (const one of left) one.kill("SIGKILL");
  }, 1_000);
  await Promise.all(left.map((one) => one.ended));
  clearTimeout(timer);
}
