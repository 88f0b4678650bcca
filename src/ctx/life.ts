/** Start and stop of contexts, in order and within time limits; and the clock. */
import { CtxError, fail } from "./errors.ts";
import { Message } from "./message.ts";
import type { Maybe } from "./pipe.ts";
import { log } from "./ports.ts";
import type { Clock, ContextNode, Tree } from "./tree.ts";
import type { Who } from "./who.ts";

/** The time of the machine. `performance` would load a part of node that a start does without. */
export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};

/** The longest a context may take to start or stop, in milliseconds. */
const limit = 10_000;

/** How a run of the program is to end. */
export interface Quit {
  readonly code: number;
}

/** The life of a tree: which contexts run, what each has opened, and whether the program is to end. */
export class Life {
  readonly #tree: Tree;
  readonly #opened = new Map<ContextNode, (() => Maybe<void>)[]>();
  readonly #started: ContextNode[] = [];
  #quit: Quit | undefined;
  readonly #onQuit = new Set<(quit: Quit) => void>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Starts a context and those below it, parents first, in the order of their lists. */
  async start(who: Who, from: ContextNode = this.#tree.root): Promise<void> {
    for (const node of depthFirst(from)) {
      if (node.status === "start") continue;
      try {
        await this.#startOne(node, who);
      } catch (thrown) {
        node.status = "error";
        await this.stop(from);
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        throw thrown instanceof CtxError
          ? thrown
          : fail("failed", { problem: `${node.path} could not start: ${why}` }, { cause: thrown });
      }
    }
  }
  async #startOne(node: ContextNode, who: Who): Promise<void> {
    const { start } = node.declared;
    if (start === undefined) return;
    const { tree } = node;
    const begun = tree.clock.ticks();
    this.#started.push(node);
    const m = lifeMessage(node, who);
    const starting = start(m);
    const stream = starting instanceof Promise ? await within(starting, `the start of ${node.path}`) : starting;
    node.stream = stream ?? "";
    node.status = "start";
    node.startMs = tree.clock.ticks() - begun;
    tree.use(log)("boot", `${node.path} started`, { ms: Math.round(node.startMs * 10) / 10, stream: node.stream });
  }

  /** Registers what closes something a context has opened. */
  onStop(node: ContextNode, close: () => Maybe<void>): void {
    const opened = this.#opened.get(node) ?? [];
    this.#opened.set(node, opened);
    opened.push(close);
  }
  /** How many things a context holds open. */
  openCount(node: ContextNode): number {
    return this.#opened.get(node)?.length ?? 0;
  }

  /** Stops a context and those below it, last started first; what one opened is closed, last opened first. Reports, and goes on, when one fails. */
  async stop(from: ContextNode = this.#tree.root): Promise<void> {
    const nodes = [...from.walk()].filter((node) => this.#started.includes(node) || this.#opened.has(node));
    nodes.sort((a, b) => this.#started.indexOf(b) - this.#started.indexOf(a));
    for (const node of nodes) {
      const opened = this.#opened.get(node) ?? [];
      this.#opened.delete(node);
      for (const close of opened.reverse()) {
        try {
          await within(Promise.resolve(close()), `the stop of ${node.path}`);
        } catch (error) {
          this.#tree.use(log)("error", `${node.path} did not stop cleanly: ${String(error)}`);
        }
      }
      const at = this.#started.indexOf(node);
      if (at >= 0) this.#started.splice(at, 1);
      node.status = "stop";
      node.stream = "";
    }
  }

  /** Asks the program to end; the host, who listens, stops the tree. */
  quit(code: number): void {
    this.#quit ??= { code };
    for (const told of this.#onQuit) told(this.#quit);
  }
  get quitting(): Quit | undefined {
    return this.#quit;
  }
  onQuit(told: (quit: Quit) => void): () => void {
    this.#onQuit.add(told);
    return () => this.#onQuit.delete(told);
  }
}

function* depthFirst(node: ContextNode): Generator<ContextNode> {
  yield node;
  for (const child of node.children.values()) yield* depthFirst(child);
}

/** The message a context is started with: it calls as the context itself. */
function lifeMessage(node: ContextNode, who: Who): Message {
  const command = { name: "start", help: "Start", run: () => undefined };
  const found = { node, command, right: "", effect: "admin", args: [], options: new Map(), hasSecret: false } as const;
  const signal = new AbortController().signal;
  return new Message({
    tree: node.tree,
    found,
    source: node,
    words: ["start"],
    who,
    signal,
    piped: undefined,
    out: undefined,
    travel: undefined,
  });
}

async function within<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(fail("timed_out", { what, limit: `${limit / 1000}s` })), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
