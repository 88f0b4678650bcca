/** What the doors of the terminal share: the streams, the caller, how a line is run and how an error is said. */
import { randomBytes } from "node:crypto";
import { fstatSync } from "node:fs";
import { isatty } from "node:tty";
import {
  type ContextNode,
  CtxError,
  drawError,
  type Format,
  fail,
  fromSystem,
  isCancelled,
  log,
  type Maybe,
  type Piped,
  type ScriptSource,
  type Session,
  type Style,
  script,
  type Tree,
  type Who,
  widthOf,
} from "../../../ctx/index.ts";
import { screenStyle } from "../style.ts";
import { Output } from "./output.ts";
import { Printer } from "./printer.ts";

/** What the outer shell or a file asked for besides the words. */
export interface DoorOptions {
  readonly format?: Format | undefined;
  /** Nothing is said beside the answer. */
  readonly quiet?: boolean | undefined;
}

/** Exit code of a process whose reader has gone: 128 + SIGPIPE. */
const brokenPipe = 141;
/** Exit code of what was ended with Ctrl-C: 128 + SIGINT. */
const interrupted = 130;

/** The two streams of a terminal door, and who is at it. */
export class Door {
  readonly tree: Tree;
  readonly out: Output;
  readonly notes: Output;
  readonly session: Session;
  readonly #printer: Printer;
  readonly #onScreen: boolean;
  readonly #style: Style | undefined;
  readonly #errorStyle: Style | undefined;
  readonly #debug: boolean;
  #abort: AbortController | undefined;

  constructor(tree: Tree, cwd: string, context: ContextNode, { format, quiet }: DoorOptions) {
    this.tree = tree;
    this.session = { id: newId(), context, cwd, lastCwd: cwd, history: [] };
    this.out = new Output(1, () => this.#abort?.abort());
    this.notes = new Output(2);
    this.#onScreen = isTerminal(1);
    const { env } = tree.host;
    this.#style = screenStyle(env, this.#onScreen);
    this.#errorStyle = screenStyle(env, isTerminal(2));
    this.#debug = (env["CTX_DEBUG"] ?? "") !== "";
    this.#printer = new Printer(this.out, quiet === true ? new Output(-1) : this.notes, {
      format: format ?? (this.#onScreen ? "terminal" : "plain"),
      width: () => this.#width,
      style: this.#style,
    });
  }

  get #width(): number | undefined {
    return this.#onScreen ? process.stdout.columns || undefined : undefined;
  }

  /** The caller of one line; each line has a trace of its own. */
  who(): Who {
    const { env } = this.tree.host;
    const lang = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
    return {
      user: env["USER"] ?? env["LOGNAME"] ?? "",
      post: "",
      session: this.session,
      node: "",
      address: "",
      via: "terminal",
      width: this.#width,
      colour: this.#style !== undefined,
      lang: lang.startsWith("zh") ? "zh" : "en",
      trace: newId(),
    };
  }

  /** Runs a line and shows what it answers. Gives the exit code; an error has been shown. */
  async run(source: ScriptSource, input?: (signal: AbortSignal) => Piped | undefined): Promise<number> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const piped = input?.(abort.signal);
      const running = this.tree
        .use(script)
        .run({ source, who: this.who(), out: this.#printer, signal: abort.signal, piped });
      const code = running instanceof Promise ? await running : running;
      await this.#printer.end();
      await this.out.flush();
      return this.out.error === undefined ? (this.out.closed ? brokenPipe : code) : this.#sayWriteError();
    } catch (thrown) {
      return await this.#fail(thrown);
    } finally {
      await this.notes.flush();
      this.#abort = undefined;
    }
  }
  get isRunning(): boolean {
    return this.#abort !== undefined;
  }
  /** Stops the line that runs. */
  interrupt(): void {
    this.#abort?.abort();
  }

  async #fail(thrown: unknown): Promise<number> {
    const error = this.#known(thrown);
    const carried = this.#printer.carriesError;
    const isStopped = isCancelled(error);
    if (isStopped && !carried) this.#printer.drop();
    else await this.#printer.end(error);
    await this.out.flush();
    if (this.out.error !== undefined) return this.#sayWriteError();
    if (this.out.closed) return brokenPipe;
    if (isStopped || (error.isProgramCode && error.exit === interrupted)) this.#onInterrupted();
    else if (!carried && !error.isSaid) this.say(error);
    return error.exit;
  }
  /** The terminal has shown ^C, and who stopped it knows that it stopped: all it takes is a new line. */
  #onInterrupted(): void {
    if (this.#onScreen && this.tree.life.quitting === undefined) this.note("");
  }
  #known(thrown: unknown): CtxError {
    if (thrown instanceof CtxError) return thrown;
    const known = fromSystem(thrown);
    if (known !== undefined) return known;
    const id = randomBytes(4).toString("hex");
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.tree.use(log)("error", `internal error ${id}: ${stack}`);
    return fail("internal", { id }, { cause: thrown });
  }
  #sayWriteError(): number {
    const error = fromSystem(this.out.error) ?? fail("failed", { problem: "standard output cannot be written" });
    this.say(error);
    return error.exit;
  }

  /** Says an error on standard error: the sentence, the hint, the place; with CTX_DEBUG also the stack. */
  say(error: CtxError): void {
    // Who typed a program's name knows where it stands; the program has said itself what is wrong.
    const text = error.isProgramCode ? `error: ${error.message}` : drawError(error, widthOf);
    const paint = this.#errorStyle?.error;
    this.note(paint === undefined ? text : text.replace(/^error:/, (word) => paint(word)));
    const { cause } = error;
    if (this.#debug && cause instanceof Error && cause.stack !== undefined) this.note(cause.stack);
  }
  /** Asks for a line: on the screen, which may be another place than where the answers go. */
  prompt(text: string): void {
    void (this.#onScreen ? this.out : this.notes).write(text);
  }
  /** Says something beside the answers. */
  note(text: string): void {
    void this.notes.write(text.endsWith("\n") ? text : `${text}\n`);
  }
  flush(): Maybe<void> {
    return this.out.flush();
  }
}

/** Makes the id of a session or a call: it has to differ from others, nobody has to be kept from guessing it. */
function newId(): string {
  return Math.random().toString(16).slice(2, 14).padEnd(12, "0");
}

/** Asks node's tty, which loads its sockets, only about what can be a terminal at all. */
function isTerminal(fd: number): boolean {
  return isCharacterDevice(fd) && isatty(fd);
}

function isCharacterDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}
