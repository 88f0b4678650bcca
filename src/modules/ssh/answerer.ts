/** The calls of other nodes that this one answers. */
import {
  along,
  type CtxError,
  fail,
  type Maybe,
  SpareAborts,
  script,
  settled,
  type Tree,
  toCtxError,
  type Via,
  type Who,
  WireWriter,
  type Word,
  type Words,
} from "../../ctx/index.ts";
import { Tries } from "./admit.ts";
import { creditSize } from "./caller.ts";
import type { Request } from "./envelope.ts";
import type { Outbox } from "./outbox.ts";

/** An answer is cut into pieces of so many bytes, so that others and heartbeats come between. */
const pieceSize = 48 << 10;
/** Above so many bytes on the way to a node its answers wait. */
const fullLink = 4 << 20;
/** An answer that has sent less does not look how many there are. */
const smallAnswer = 4 << 10;
/** So many calls of strangers a minute are looked at; all of them are refused anyhow. */
const mostRefused = 100;
/** Milliseconds between two looks at a link that is full. */
const pause = 20;

/** A call that runs here for another node. */
interface Run {
  readonly key: string;
  readonly src: string;
  readonly id: string;
  readonly rh: string;
  readonly abort: AbortController;
  /** Bytes that may be sent before the other side has read more. */
  credit: number;
  /** Wakes who waits for credit. */
  wake: (() => void) | undefined;
  room: Promise<void> | undefined;
  isOver: boolean;
}

export interface AnswererOptions {
  readonly tree: Tree;
  readonly outbox: Outbox;
  readonly own: () => string;
  /** Bytes that wait on the way to a node. */
  readonly waiting: (address: string) => number;
  /** Most calls that may run here for one node. */
  readonly runLimit: () => number;
}

export class Answerer {
  readonly #options: AnswererOptions;
  readonly #runs = new Map<string, Run>();
  readonly #counts = new Map<string, number>();
  readonly #aborts = new SpareAborts();
  /** Calls of strangers that were refused: each is a line in a log, and they must not fill it. */
  readonly #tries: Tries;

  constructor(options: AnswererOptions) {
    this.#options = options;
    this.#tries = new Tries(
      () => options.tree.clock.now(),
      () => mostRefused,
    );
  }

  /** Runs a call; `via` says how far its sender is trusted. The answer goes back by itself. */
  take(src: string, request: Request, rh: string, via: Via): void {
    const key = keyOf(src, request.id);
    if (this.#runs.has(key)) return;
    const run: Run = {
      key,
      src,
      id: request.id,
      rh,
      abort: this.#aborts.take(),
      credit: creditSize,
      wake: undefined,
      room: undefined,
      isOver: false,
    };
    const writer = new WireWriter(
      (bytes) => this.#send(run, bytes),
      () => run.abort.signal.aborted,
    );
    const end = (error?: CtxError): void => {
      void writer.close(error && this.#withWay(error, request));
      this.#end(run);
    };
    const done = settled(
      () => this.#run(src, request, via, writer, run.abort.signal),
      () => end(),
      (thrown: unknown) => end(this.#known(src, request, thrown)),
    );
    if (done instanceof Promise) this.#goesOn(run);
    else this.#aborts.giveBack(run.abort);
  }
  /** What is not done at once can be stopped, and waits for credit. */
  #goesOn(run: Run): void {
    const { key, src, id, rh } = run;
    this.#runs.set(key, run);
    this.#counts.set(src, this.running(src) + 1);
    // The other side learns at once that the call has come, however long it takes.
    this.#options.outbox.reply(src, id, rh, undefined, false);
  }

  #known(src: string, request: Request, thrown: unknown): CtxError {
    const { tree } = this.#options;
    return toCtxError({ tree, who: callerOf(tree, src, request, "stranger") }, thrown);
  }
  /** An error with the way it came: one that came from further on has its own. */
  #withWay(error: CtxError, request: Request): CtxError {
    const own = this.#options.own();
    return error.trail[0] === own ? error : along(error, own, nameOf(this.#options.tree, request));
  }

  #run(src: string, request: Request, via: Via, out: WireWriter, signal: AbortSignal): Maybe<unknown> {
    const { tree, runLimit } = this.#options;
    if (this.running(src) >= runLimit()) {
      throw fail("failed", { problem: `${this.#options.own()} already runs ${runLimit()} calls of ${src}` });
    }
    if (via === "stranger") this.#tryAgain();
    const words = wordsOf(request.args);
    const who = callerOf(tree, src, request, via);
    if (request.input === undefined) return tree.use(script).run({ source: { call: words }, who, out, signal });
    const name = words[0];
    if (typeof name !== "string" || words.length !== 1) {
      throw fail("bad_argument", {
        command: "remote",
        problem: "an input object goes with the name of a command alone",
      });
    }
    checkDepth(request.input, 0);
    return tree.call({ name, input: request.input }, { from: tree.root, who, out, signal });
  }

  /** Counts a call of a stranger; throws when there were too many. */
  #tryAgain(): void {
    if (!this.#tries.may("")) throw fail("not_allowed", { problem: "too many calls that are not allowed" });
    this.#tries.failed("");
  }

  #send(run: Run, bytes: Uint8Array): Maybe<void> {
    if (run.isOver) return;
    const { outbox } = this.#options;
    if (bytes.length <= pieceSize) outbox.reply(run.src, run.id, run.rh, bytes, false);
    else {
      for (let at = 0; at < bytes.length; at += pieceSize) {
        outbox.reply(run.src, run.id, run.rh, bytes.subarray(at, at + pieceSize), false);
      }
    }
    run.credit -= bytes.length;
    const isSmall = run.credit > creditSize - smallAnswer;
    const isFull = !isSmall && this.#options.waiting(run.src) >= fullLink;
    if (run.credit > 0 && !isFull) return;
    run.room ??= new Promise((resolve) => {
      run.wake = resolve;
    });
    if (isFull) this.#wakeLater(run);
    return run.room;
  }
  /** Looks again after a while whether the link has room. */
  #wakeLater(run: Run): void {
    setTimeout(() => {
      if (this.#options.waiting(run.src) >= fullLink) this.#wakeLater(run);
      else if (run.credit > 0) this.#wake(run);
    }, pause);
  }

  /** The other side has read so much, and takes as much again. */
  credit(src: string, id: string, more: number): void {
    const run = this.#runs.get(keyOf(src, id));
    if (run === undefined || !Number.isSafeInteger(more) || more <= 0) return;
    run.credit = Math.min(run.credit + more, creditSize);
    if (run.credit > 0) this.#wake(run);
  }
  #wake(run: Run): void {
    run.wake?.();
    run.wake = undefined;
    run.room = undefined;
  }
  /** Nobody wants the rest of an answer. */
  cancel(src: string, id: string): void {
    const run = this.#runs.get(keyOf(src, id));
    if (run !== undefined) this.#stop(run);
  }
  #stop(run: Run): void {
    run.isOver = true;
    run.abort.abort();
    this.#wake(run);
  }
  #end(run: Run): void {
    if (!run.isOver) this.#options.outbox.reply(run.src, run.id, run.rh, undefined, true);
    run.isOver = true;
    if (!this.#runs.delete(run.key)) return;
    const left = this.running(run.src) - 1;
    if (left > 0) this.#counts.set(run.src, left);
    else this.#counts.delete(run.src);
  }

  /** Stops what runs for nodes that are gone: their answers have no way back. */
  gone(isGone: (address: string) => boolean): void {
    for (const run of [...this.#runs.values()]) if (isGone(run.src)) this.#stop(run);
  }
  /** How many calls run here for a node. */
  running(src: string): number {
    return this.#counts.get(src) ?? 0;
  }
}

/** Deeper input is an attack on whoever walks through it. */
const deepest = 32;
function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > deepest)
    throw fail("bad_argument", { command: "remote", problem: `the input is nested more than ${deepest} deep` });
  for (const part of Object.values(value)) checkDepth(part, depth + 1);
}

const keyOf = (src: string, id: string): string => `${src} ${id}`;

function wordsOf(args: unknown): Words {
  if (!Array.isArray(args) || args.length === 0 || args.length > 1000) {
    throw fail("bad_argument", { command: "remote", problem: "needs between one and 1,000 words" });
  }
  return args.map((word: unknown): string | Word => {
    if (typeof word === "string") return word;
    const { text } = Object(word) as { readonly text?: unknown };
    if (typeof text !== "string") throw fail("bad_argument", { command: "remote", problem: "a word is no text" });
    return { text, bare: false };
  });
}

/** The command a call is for, as rights name it. */
function nameOf(tree: Tree, { args }: Request): string {
  const [first] = Array.isArray(args) ? (args as unknown[]) : [];
  const { text } = Object(first) as { readonly text?: unknown };
  const name = typeof first === "string" ? first : typeof text === "string" ? text : "";
  return tree.root.find(name)?.right ?? name;
}

/** Somebody at another node: a session of their own in the folder of this one; what they say of themselves is their name. */
function callerOf(tree: Tree, src: string, { user, lang, trace }: Request, via: Via): Who {
  const { home } = tree.host;
  return {
    user: typeof user === "string" ? user.slice(0, 64) : "",
    post: "",
    session: { id: "remote", context: tree.root, cwd: home, lastCwd: home, history: [] },
    node: src,
    address: "",
    via,
    width: undefined,
    colour: false,
    lang: lang === "zh" ? "zh" : "en",
    trace: typeof trace === "string" ? trace.slice(0, 64) : "",
  };
}
