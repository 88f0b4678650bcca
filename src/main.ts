/**
 * The program: finds its folder, builds the tree of its modules and opens the door that was asked for. The only place
 * that looks at the process: its words, its environment, its end.
 */
import { existsSync, readFileSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isatty } from "node:tty";
import {
  CtxError,
  didYouMean,
  drawError,
  type Format,
  fail,
  fromSystem,
  type Host,
  makeTree,
  type ScriptSource,
  type Tree,
  terminalWho,
} from "./ctx/index.ts";
import {
  type Held,
  inputText,
  isHeld,
  type Lock,
  oneShot,
  serve,
  shell,
  startName,
  takeLock,
} from "./modules/cli/index.ts";
import { modules } from "./modules.ts";

const usage = `usage: bench [FLAG…] COMMAND WORD…     one command, such as: bench dir etc % order size
       bench [FLAG…] -c LINE           a line, with quotes and operators in one word
       bench [FLAG…] -                 lines from standard input
       bench                           a shell
flags: --json --ndjson --csv --tsv --yaml --md --html --text   how the answer is shown
       --quiet     nothing is said beside the answer
       --alone     answered by this process, not by the node that runs in this folder
       --version   --help
bench help TOPIC explains commands; bench command all lists them
`;

/** What a start that failed ends with; boot.sh does not try it again. */
const startFailed = 78;

const formats = new Set<string>(["json", "ndjson", "csv", "tsv", "yaml", "md", "html", "text"]);

/** What the words before the command said. */
interface Flags {
  readonly rest: readonly string[];
  readonly format?: Format;
  readonly quiet?: boolean;
  readonly service?: boolean;
  readonly line?: string;
  readonly show?: "version" | "help";
}

function readFlags(argv: readonly string[]): Flags {
  let flags: Flags = { rest: [] };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (!word.startsWith("-") || word === "-" || word === "--") return { ...flags, rest: argv.slice(i) };
    const name = word.slice(2);
    if (formats.has(name) && word.startsWith("--")) flags = { ...flags, format: name as Format };
    else if (word === "--quiet") flags = { ...flags, quiet: true };
    else if (word === "--alone") continue;
    else if (word === "--service") flags = { ...flags, service: true };
    else if (word === "--version" || word === "--help")
      flags = { ...flags, show: word === "--help" ? "help" : "version" };
    else if (word === "-c") {
      const line = argv[i + 1];
      if (line === undefined) throw fail("bad_argument", { command: "bench", problem: "-c needs a line" });
      return { ...flags, line, rest: argv.slice(i + 2) };
    } else {
      const known = [...formats].map((one) => `--${one}`).concat("--quiet", "--alone", "--version", "--help", "-c");
      const hint = didYouMean(word, known) ?? "bench --help lists the flags";
      throw fail("bad_argument", { command: "bench", problem: `does not know "${word}"` }, { hint });
    }
  }
  return flags;
}

/** The folder of the program: that of its package.json. */
function programFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The folder we were called in; it may have been removed since somebody went there. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw fail("failed", { problem: "the folder this was called in is gone" }, { cause });
  }
}

/** What only the folder of a node has; `var/run` alone would be found in the root of most systems. */
const marks = ["etc/init.shy", "var/run/bench.pid"];

/** The folder of the node: CTX_HOME, else the nearest one above that is a node's, else the program's own. */
function homeFolder(cwd: string, program: string): string {
  const given = process.env["CTX_HOME"];
  if (given !== undefined && given !== "") return resolve(given);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (marks.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return program;
  }
}

function makeHost(mode: Host["mode"], cwd: string): Host {
  const program = programFolder();
  return {
    home: homeFolder(cwd, program),
    program,
    env: process.env,
    pid: process.pid,
    mode,
    get version() {
      const about = JSON.parse(readFileSync(join(program, "package.json"), "utf8")) as { readonly version: string };
      return about.version;
    },
  };
}

async function main(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  const cwd = currentFolder();
  if (flags.show !== undefined) {
    writeSync(1, flags.show === "help" ? usage : `bench ${makeHost("one-shot", cwd).version}\n`);
    return 0;
  }
  const source = await sourceOf(flags);
  if (source === undefined) return flags.service === true ? await startNode(cwd, flags) : await startShell(cwd, flags);
  const tree = makeTree(modules, makeHost("one-shot", cwd));
  await tree.life.start(terminalWho(tree, { cwd }));
  const code = await oneShot(tree, cwd, tree.contextNamed(tree.conf(startName)), source, flags);
  await tree.life.stop();
  return code;
}

async function sourceOf({ rest, line }: Flags): Promise<ScriptSource | undefined> {
  if (line !== undefined) return { text: line, name: "line" };
  if (rest.length === 0) return undefined;
  if (rest[0] === "-" && rest.length === 1) return { text: await inputText(), name: "stdin" };
  return { argv: rest };
}

/** A node of this folder, with a shell when there is a terminal. */
async function startNode(cwd: string, flags: Flags): Promise<number> {
  const host = makeHost("service", cwd);
  const tree = makeTree(modules, host);
  const forget = endOnSignals(tree);
  try {
    const lock = await takeLock(host.home, host.pid);
    if (isHeld(lock)) {
      const hint = `bench COMMAND and a shell still work there; kill ${lock.pid} ends it`;
      throw fail("already_exists", { what: "a node", name: `${host.home} (pid ${lock.pid})` }, { hint });
    }
    return await runNode(tree, lock, { ...flags, cwd, forget });
  } catch (thrown) {
    say(thrown);
    return startFailed;
  }
}

/** Sees to it that a signal that comes before there is a door, which has its own ideas, ends the program in order. */
function endOnSignals(tree: Tree): () => void {
  const end = (): void => tree.life.quit(0);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}

interface NodeOptions extends Flags {
  readonly forget: () => void;
  readonly cwd: string;
  readonly greeting?: string | undefined;
}

async function runNode(tree: Tree, lock: Lock | undefined, options: NodeOptions): Promise<number> {
  const { cwd, format, quiet, greeting, forget } = options;
  try {
    await tree.life.start(terminalWho(tree, { cwd }));
    const withShell = tree.host.mode === "shell" || isatty(0);
    const start = tree.conf(startName);
    const welcome = `ContextOS ${tree.host.version}: help explains, context shows where you are, quit leaves`;
    const page = tree.host.mode === "service" ? pageLine(tree.host.home) : undefined;
    const said = [welcome, greeting, page].filter((line) => line !== undefined).join("\n");
    if (!withShell && page !== undefined && quiet !== true) writeSync(2, `${page}\n`);
    const door = withShell
      ? shell(tree, { cwd, start, format, quiet, greeting: quiet === true ? undefined : said })
      : serve(tree);
    forget();
    const code = await door;
    await tree.life.stop();
    return code;
  } finally {
    lock?.release();
  }
}

/** Where the page of this node is, with what opens it: said once, to whoever started it, and kept in no log. */
function pageLine(home: string): string | undefined {
  try {
    const [url, token] = ["web", "token"].map((name) => readFileSync(join(home, "var/run", name), "utf8").trim());
    return `web: ${url}/code#token=${token}`;
  } catch {
    // A node without a door has no page.
    return undefined;
  }
}

/** A shell: the node of this folder if there is none, else a lone one beside it. */
async function startShell(cwd: string, flags: Flags): Promise<number> {
  const host = makeHost("shell", cwd);
  const tree = makeTree(modules, host);
  const forget = endOnSignals(tree);
  const lock = await tryLock(host);
  const isNode = lock !== undefined && !isHeld(lock);
  const greeting =
    lock === undefined
      ? `the folder ${host.home} cannot be written: this shell keeps nothing`
      : isHeld(lock)
        ? `a node runs here (pid ${lock.pid}): this is a lone shell, without start-up files`
        : undefined;
  return await runNode(tree, isNode ? lock : undefined, { ...flags, cwd, greeting, forget });
}

/** A folder that cannot be written has no lock and no node; a shell works there all the same. */
async function tryLock(host: Host): Promise<Lock | Held | undefined> {
  try {
    return await takeLock(host.home, host.pid);
  } catch (error) {
    if (fromSystem(error) !== undefined) return undefined;
    throw error;
  }
}

function say(thrown: unknown): void {
  const known = thrown instanceof CtxError ? thrown : fromSystem(thrown);
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  writeSync(2, `${known === undefined ? `error: ${stack}` : drawError(known)}\n`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    say(thrown);
    process.exit(thrown instanceof CtxError ? thrown.exit : (fromSystem(thrown)?.exit ?? 70));
  },
);
