import { availableParallelism, freemem, hostname, loadavg, totalmem, userInfo } from "node:os";
import { basename } from "node:path";
import {
  config,
  defineCommand,
  didYouMean,
  type Found,
  fail,
  getChain,
  type Host,
  isMap,
  json,
  type Message,
  printTime,
  setChain,
  text,
  type Value,
} from "../../ctx/index.ts";

type Facts = { readonly [key: string]: Value };

/** What a node knows of itself. `boot` and `host` tell how the process was started, the rest may be set. */
export const runtimeFacts = config<Facts>(
  "runtime",
  { boot: {}, host: {}, node: { name: "", type: "", route: "" }, user: { name: "" } },
  { en: "What this node knows of itself", zh: "运行环境" },
);

/** The keys that say how the process was started. */
const fixed = ["boot", "host"];

/** The environment that is kept under `boot`. */
const bootVariables = "ctx_log ctx_app ctx_bin ctx_ups ctx_box ctx_dev ctx_root ctx_home web_port ssh_port".split(" ");

/** The name of the person: some systems know a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

/**
 * The name a node has where nobody has given it one: a worker is called after its folder, a server after its machine.
 * What is no letter, digit, `_` or `-` becomes `_`, so that a name is one label of an address.
 */
function nodeName({ home }: Host, isWorker: boolean, machine: string): string {
  const given = isWorker ? basename(home) : machine.replace(/\.local$/, "");
  return given.replace(/[^\p{L}\p{N}_-]/gu, "_") || "node";
}

/** Works out what is known when a process starts. */
function factsOf(started: Host, now: number): { boot: Facts; host: Facts; user: Facts; node: Facts } {
  const { env, home, program, pid } = started;
  const machine = env["HOSTNAME"] || hostname();
  const user = env["USER"] || userName();
  const boot: Record<string, Value> = {
    hostname: machine,
    pid,
    path: home,
    program,
    time: printTime(now),
    username: user,
  };
  for (const key of bootVariables) boot[key] = env[key] ?? "";
  const { platform, arch } = process;
  const host = { GOOS: platform, GOARCH: arch, NCPU: availableParallelism(), memory: totalmem() };
  const isWorker = (env["ctx_box"] ?? "") !== "";
  const name = nodeName(started, isWorker, machine);
  const type = isWorker ? "worker" : "server";
  return { boot, host, user: { name: user }, node: { name, type, route: name } };
}

/**
 * Fills the config when a node starts. What says how the process was started stays so, whatever is loaded or set later:
 * a saved `runtime` must not hide the environment of today. Gives the function that lets go of the config.
 */
export function fillRuntime(node: Found["node"]): () => void {
  const slot = node.configs.get(runtimeFacts.name);
  if (slot === undefined) return () => undefined;
  const { boot, host, ...rest } = factsOf(node.tree.host, node.tree.clock.now());
  const keep = (value: unknown): void => {
    slot.value = { ...(value as Facts), boot, host };
  };
  keep({ ...(slot.value as Facts), ...rest });
  return node.tree.watch(slot, keep);
}

const wordsOfChain = (key: string | undefined): string[] => (key === undefined ? [] : key.split("."));

/** Follows a key chain. */
function find(facts: Facts, chain: readonly string[]): Value {
  const found = getChain(facts, chain);
  if (found !== undefined) return found;
  const above = getChain(facts, chain.slice(0, -1));
  const hint = isMap(above) ? didYouMean(chain.at(-1) ?? "", Object.keys(above)) : undefined;
  throw fail("not_found", { what: "runtime", name: chain.join(".") }, { hint });
}

function set(m: Message, chain: readonly string[], value: Value): void {
  const [first = ""] = chain;
  const part = fixed.includes(first)
    ? { problem: `${first} says how the process was started` }
    : setChain(m.conf(runtimeFacts), chain, value);
  if ("problem" in part) throw fail("bad_argument", { command: "runtime", problem: part.problem });
  m.setConf(runtimeFacts, part.value as Facts);
}

const tableColumns = [
  { name: "key", type: "text" },
  { name: "value", type: "any" },
] as const;

function show(m: Message, value: Value): void {
  if (typeof value !== "object" || value === null || value instanceof Date) {
    m.echo(String(value ?? ""));
    return;
  }
  m.head(tableColumns);
  for (const [key, each] of Object.entries(value)) m.push({ key, value: each });
}

const loadColumns = [
  { name: "cpu", type: "integer" },
  { name: "load", type: "float" },
  { name: "memory", type: "size" },
  { name: "free", type: "size" },
  { name: "uptime", type: "duration" },
  { name: "heap", type: "size" },
  { name: "resident", type: "size" },
] as const;

function showLoad(m: Message): void {
  const { heapUsed, rss } = process.memoryUsage();
  m.head(loadColumns);
  m.push({
    cpu: availableParallelism(),
    load: loadavg()[0] ?? 0,
    memory: totalmem(),
    free: freemem(),
    uptime: Math.round(process.uptime()) * 1000,
    heap: heapUsed,
    resident: rss,
  });
}

/** Shows, and sets, what the node knows of itself. */
export const runtime = defineCommand({
  name: "runtime",
  help: { en: "Show what this node knows of itself", zh: "运行环境" },
  args: {
    key: text({ en: "A key such as node.name; system for processor and memory", zh: "键值链" }, { optional: true }),
    value: json({ en: "A value to set", zh: "新值" }, { optional: true }),
  },
  examples: [
    { help: "The processor's kind", shell: "> runtime host.GOARCH\n…" },
    {
      help: "How the process does",
      shell: `
        > runtime system
        cpu  load  memory  free  uptime  heap  resident
        …    …     …       …     …       …     …`,
    },
    { help: "Give the node a name", shell: "> runtime node.name com\ncom" },
  ],
  words: ["environment", "memory", "cpu", "node"],
  run(m: Message, { key, value }) {
    if (key === "system" && value === undefined) return showLoad(m);
    const chain = wordsOfChain(key);
    if (value !== undefined) set(m, chain, value);
    show(m, find(m.conf(runtimeFacts), chain));
  },
});
