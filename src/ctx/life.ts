/** Start and stop of contexts, in order and within time limits; and the clock. */
import { CtxError, fail, fromSystem } from "./errors.ts";
import type { Maybe } from "./maybe.ts";
import { contextMessage } from "./message.ts";
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
const usualLimit = 10_000;

/** How a run of the program is to end. */
export interface Quit {
  readonly code: number;
}

/** The life of a tree: which contexts run, what each has opened, and whether the program is to end. */
export class Life {
  readonly #tree: Tree;
  readonly #limit: number;
  readonly #opened = new Map<ContextNode, (() => Maybe<void>)[]>();
  readonly #started: ContextNode[] = [];
  #quit: Quit | undefined;
  readonly #onQuit = new Set<(quit: Quit) => void>();

  constructor(tree: Tree, limit = usualLimit) {
    this.#tree = tree;
    this.#limit = limit;
  }

  /**
   * Starts a context and those below it, parents first, in the order of their lists; what runs already is left alone.
   * When one fails, those that were started are stopped, last started first.
   */
  async start(who: Who, from: ContextNode = this.#tree.root): Promise<void> {
    const before = new Set(this.#started);
    for (const node of depthFirst(from)) {
      if (this.#started.includes(node)) continue;
      try {
        await this.#startOne(node, who);
      } catch (thrown) {
        await this.#stopAll(this.#started.filter((one) => !before.has(one)));
        node.status = "error";
        const why = thrown instanceof Error ? (fromSystem(thrown) ?? thrown).message : String(thrown);
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
    const given = new AbortController();
    const m = contextMessage(node, "start", who, given.signal);
    let stream: string | undefined;
    try {
      const starting = start(m);
      stream = starting instanceof Promise ? await this.#within(starting, `the start of ${node.path}`) : starting;
    } catch (error) {
      // A start that is late may go on: it is told to stop, and what it still opens is closed at once.
      given.abort();
      throw error;
    }
    node.stream = stream ?? "";
    node.status = "start";
    node.startMs = tree.clock.ticks() - begun;
    tree.use(log)("boot", `${node.path} started`, { ms: Math.round(node.startMs * 10) / 10, stream: node.stream });
  }

  /** Registers what closes something a context has opened; when whoever opened it was stopped meanwhile, it is closed now. */
  onStop(node: ContextNode, close: () => Maybe<void>, signal?: AbortSignal): void {
    if (signal?.aborted === true) {
      void this.#close(node, close);
      return;
    }
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
    await this.#stopAll([...from.walk()].filter((node) => this.#started.includes(node) || this.#opened.has(node)));
  }
  async #stopAll(nodes: readonly ContextNode[]): Promise<void> {
    const lastFirst = nodes.toSorted((a, b) => this.#started.indexOf(b) - this.#started.indexOf(a));
    for (const node of lastFirst) {
      const opened = this.#opened.get(node) ?? [];
      for (let close = opened.pop(); close !== undefined; close = opened.pop()) await this.#close(node, close);
      this.#opened.delete(node);
      const at = this.#started.indexOf(node);
      if (at >= 0) this.#started.splice(at, 1);
      node.status = "stop";
      node.stream = "";
    }
  }

  async #close(node: ContextNode, close: () => Maybe<void>): Promise<void> {
    try {
      await this.#within(Promise.resolve(close()), `the stop of ${node.path}`);
    } catch (error) {
      this.#tree.use(log)("error", `${node.path} did not stop cleanly: ${String(error)}`);
    }
  }
  async #within<T>(work: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const limit = `${this.#limit / 1000}s`;
      timer = setTimeout(() => reject(fail("timed_out", { what, limit })), this.#limit);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
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
