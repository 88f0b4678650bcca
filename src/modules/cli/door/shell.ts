/**
 * The shell on a terminal in cooked mode: the terminal edits the line, the shell reads whole ones. It asks for more while
 * a text is unfinished, and a command that runs can be stopped with Ctrl-C. Lines that come from a pipe or a file are
 * run the same way, without a prompt.
 */
import { isatty } from "node:tty";
import { PieceReader, printTime, script, type Tree, terminal } from "../../../ctx/index.ts";
import { Door, type DoorOptions } from "./door.ts";
import { Lender } from "./lender.ts";

/** How a shell is to begin. */
export interface ShellOptions extends DoorOptions {
  readonly cwd: string;
  /** Said before the first prompt, to a person. */
  readonly greeting?: string | undefined;
  /** The name of the context that lines are looked up from at first. */
  readonly start: string;
}

/** Runs a shell until its input ends, `quit`, or a signal that ends it. Gives the exit code. */
export async function shell(tree: Tree, { cwd, greeting, start, ...options }: ShellOptions): Promise<number> {
  const door = new Door(tree, cwd, tree.contextNamed(start), options);
  return new Shell(door, isatty(0)).run(greeting);
}

/** Exit code of what was ended with Ctrl-C: 128 + SIGINT. */
const interrupted = 130;
/** A command that was told to stop has so many milliseconds for it; then the shell may leave it behind. */
const grace = 3_000;

class Shell {
  readonly #door: Door;
  readonly #isTerminal: boolean;
  readonly #lines: string[] = [];
  #rest = "";
  #ended = false;
  #wake: (() => void) | undefined;
  #count = 0;
  /** The lines of a text that is not finished. */
  #text = "";
  readonly #lender = new Lender();
  #code = 0;
  /** When the command that runs was told to stop. */
  #stoppedAt: number | undefined;

  constructor(door: Door, isTerminal: boolean) {
    this.#door = door;
    this.#isTerminal = isTerminal;
  }

  async run(greeting: string | undefined): Promise<number> {
    const { tree } = this.#door;
    if (greeting !== undefined && this.#isTerminal) this.#door.note(greeting);
    const takeBack = tree.provide(terminal, this.#lender);
    const signals = this.#signals();
    for (const [signal, act] of signals) process.on(signal, act);
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", this.#take);
    process.stdin.on("end", this.#end);
    process.stdin.on("error", this.#end);
    process.stdin.pause();
    let timer: NodeJS.Timeout | undefined;
    let forget = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      forget = tree.life.onQuit(() => {
        this.#door.interrupt();
        this.#wake?.();
        timer = setTimeout(resolve, grace);
      });
    });
    try {
      await Promise.race([this.#loop(), late]);
    } finally {
      clearTimeout(timer);
      process.stdin.off("data", this.#take);
      process.stdin.pause();
      for (const [signal, act] of signals) process.off(signal, act);
      forget();
      takeBack();
    }
    return tree.life.quitting?.code ?? this.#code;
  }

  #signals(): Map<NodeJS.Signals, () => void> {
    const end = (): void => this.#door.tree.life.quit(0);
    const signals = new Map<NodeJS.Signals, () => void>([
      ["SIGINT", () => this.#interrupt()],
      ["SIGTERM", end],
      ["SIGHUP", end],
    ]);
    if (!this.#isTerminal) return signals;
    // Ctrl-\ is for the program that has the terminal; and who comes back after Ctrl-Z looks for the prompt.
    signals.set("SIGQUIT", () => undefined);
    return signals.set("SIGCONT", () => this.#wake !== undefined && this.#prompt());
  }

  async #loop(): Promise<void> {
    const { tree, out } = this.#door;
    const { life } = tree;
    while (life.quitting === undefined && !out.closed) {
      this.#prompt();
      const line = await this.#next();
      if (line === undefined) {
        if (!this.#isTerminal) break;
        this.#door.prompt("\n");
        // Who leaves with Ctrl-D leaves well, whatever the last line was.
        life.quit(0);
      } else await this.#line(line);
    }
    if (life.quitting === undefined && this.#text !== "") await this.#run(this.#text);
  }

  async #line(line: string): Promise<void> {
    const text = this.#text === "" ? line : `${this.#text}\n${line}`;
    this.#text = "";
    if (text.trim() === "") return;
    if (this.#door.tree.use(script).isPartial(text)) {
      this.#text = text;
      return;
    }
    await this.#run(text);
  }
  async #run(text: string): Promise<void> {
    this.#text = "";
    this.#stoppedAt = undefined;
    this.#door.session.history.push({ time: this.#door.tree.clock.now(), line: text });
    this.#code = await this.#door.run({ text, name: "line" }, this.#isTerminal ? undefined : nothing);
    this.#count++;
  }

  #prompt(): void {
    if (!this.#isTerminal) return;
    const time = printTime(this.#door.tree.clock.now()).slice(11, 19);
    const prompt = `${this.#count}[${time}]${this.#door.session.context.name}> `;
    this.#door.prompt(this.#text === "" ? prompt : `${" ".repeat(Math.max(0, prompt.length - 3))}.. `);
  }

  /** Ctrl-C: stops what runs, and what was pasted behind it; while typing it takes the text away. */
  #interrupt(): void {
    if (this.#lender.isForProgram()) return;
    if (this.#isTerminal) this.#lines.length = 0;
    if (this.#door.isRunning) {
      this.#stop();
      return;
    }
    this.#text = "";
    this.#rest = "";
    this.#door.prompt("\n");
    this.#prompt();
  }
  /** Told once, a command stops; fingers that say it again mean the same. One that is deaf would keep the shell for ever. */
  #stop(): void {
    const { clock, life } = this.#door.tree;
    this.#stoppedAt ??= clock.ticks();
    if (clock.ticks() - this.#stoppedAt < grace) {
      this.#door.interrupt();
      return;
    }
    this.#door.note("the command does not stop: the shell ends without it");
    life.quit(interrupted);
  }

  /** Gives the next line, or nothing at the end of input. */
  async #next(): Promise<string | undefined> {
    while (this.#lines.length === 0 && !this.#ended && this.#door.tree.life.quitting === undefined) {
      process.stdin.resume();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    process.stdin.pause();
    return this.#lines.shift();
  }
  #take = (chunk: string): void => {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines.map((line) => line.replace(/\r$/, "")));
    this.#wake?.();
  };
  #end = (): void => {
    this.#ended = true;
    if (this.#rest !== "") this.#lines.push(this.#rest);
    this.#rest = "";
    this.#wake?.();
  };
}

/** The lines of a file are the shell's own: a program in it gets an empty input. */
function nothing(): PieceReader {
  return new PieceReader({
    async *[Symbol.asyncIterator]() {},
  });
}
