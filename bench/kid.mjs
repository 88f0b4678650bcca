/* Processes that the benchmarks of servers start: asked over IPC, and all ended when this one ends, whatever happens. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What every process loads first, so that it answers questions and does not outlive its parent. */
const beside = join(import.meta.dirname, "kids/beside.cjs");
/** Milliseconds that a process gets to end by itself. */
const patience = 3000;
/** Milliseconds after which an answer does not come any more. */
const longest = 300_000;

const running = new Set();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a program whose end is ours to see to. */
export function start(argv, options = {}) {
  const child = spawn(argv[0], argv.slice(1), options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** A node process that answers questions: how much it has used, and what the program it runs has to say. */
export class Kid {
  #child;
  #said = "";
  #lastId = 0;
  #waiting = new Map();

  /** Runs a script of the folder kids, with one argument, as JSON. */
  static script(name, about = {}) {
    return new Kid(["node", join(import.meta.dirname, "kids", name), JSON.stringify(about)], {});
  }
  /** `env` is added to the environment. */
  constructor(argv, env) {
    this.#child = start(argv, {
      env: { ...process.env, NODE_OPTIONS: `--require=${beside}`, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on("data", (text) => {
        this.#said = `${this.#said}${text}`.slice(-4000);
      });
    }
    this.#child.on("message", ({ id, answer, error }) => {
      const { resolve, reject } = this.#waiting.get(id) ?? {};
      this.#waiting.delete(id);
      if (error === undefined) resolve?.(answer);
      else reject?.(new Error(error));
    });
    const gone = (why) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${argv.at(-1)}: ${why}: ${this.#said}`));
      this.#waiting.clear();
    };
    this.#child.once("error", (error) => gone(error.message));
    this.#child.once("exit", (code, signal) => gone(`ended with ${code ?? signal}`));
  }

  /** Asks; `about` goes along. */
  ask(what, about = {}) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer to ${what}: ${this.#said}`)), longest);
      const done = (then) => (value) => {
        clearTimeout(late);
        then(value);
      };
      this.#waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      if (this.#child.connected) this.#child.send({ id, what, about });
      else this.#waiting.get(id).reject(new Error(`it has ended: ${this.#said}`));
    });
  }
  /** Processor time so far, in microseconds, and memory, in MB. */
  usage() {
    return this.ask("usage");
  }
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const cut = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
    clearTimeout(cut);
  }
}

/** Does something with processes that are ended after it. */
export async function withKids(work) {
  const kids = [];
  try {
    return await work((kid) => {
      kids.push(kid);
      return kid;
    });
  } finally {
    await Promise.all(kids.map((kid) => kid.stop()));
  }
}
