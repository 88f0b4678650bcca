/**
 * The shell on a terminal in cooked mode: the terminal edits the line, the shell reads whole ones. It asks for more while
 * a text is unfinished, and a command that runs can be stopped with Ctrl-C. Lines that come from a pipe or a file are
 * run the same way, without a prompt.
 */
import { isatty } from "node:tty";
import { PieceReader, printTime, script, type Terminal, type Tree, terminal } from "../../../ctx/index.ts";
import { Door } from "./door.ts";

/** How a shell is to begin. */
export interface ShellOptions {
  readonly cwd: string;
  /** Said before the first prompt. */
  readonly greeting?: string;
  /** The name of the context that lines are looked up from at first. */
  readonly start: string;
}

/** Runs a shell until its input ends, `quit`, or a signal that ends it. Gives the exit code. */
export async function shell(tree: Tree, { cwd, greeting, start }: ShellOptions): Promise<number> {
  const door = new Door(tree, cwd, tree.contextNamed(start), {});
  return new Shell(door, isatty(0)).run(greeting);
}

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
  #lent = 0;
  #code = 0;
  #lastInterrupt = 0;

  constructor(door: Door, isTerminal: boolean) {
    this.#door = door;
    this.#isTerminal = isTerminal;
  }

  async run(greeting: string | undefined): Promise<number> {
    const { tree } = this.#door;
    if (greeting !== undefined) this.#door.note(greeting);
    const lender: Terminal = { lend: (work) => this.#lend(work) };
    const takeBack = tree.provide(terminal, lender);
    const interrupt = (): void => this.#interrupt();
    const end = (): void => tree.life.quit(0);
    const forget = tree.life.onQuit(() => {
      this.#door.interrupt();
      this.#wake?.();
    });
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", end);
    process.on("SIGHUP", end);
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", this.#take);
    process.stdin.on("end", this.#end);
    process.stdin.on("error", this.#end);
    process.stdin.pause();
    try {
      await this.#loop();
    } finally {
      process.stdin.off("data", this.#take);
      process.stdin.pause();
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", end);
      process.off("SIGHUP", end);
      forget();
      takeBack();
    }
    return tree.life.quitting?.code ?? this.#code;
  }

  async #loop(): Promise<void> {
    const { life } = this.#door.tree;
    while (life.quitting === undefined) {
      this.#prompt();
      const line = await this.#next();
      if (line === undefined || life.quitting !== undefined) break;
      await this.#line(line);
    }
    if (life.quitting !== undefined) return;
    if (this.#text !== "") await this.#run(this.#text);
    else if (this.#isTerminal) await this.#door.out.write("\n");
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
    this.#door.session.history.push({ time: this.#door.tree.clock.now(), line: text });
    this.#code = await this.#door.run({ text, name: "line" }, this.#isTerminal ? undefined : nothing());
    this.#count++;
  }

  #prompt(): void {
    if (!this.#isTerminal) return;
    const time = printTime(this.#door.tree.clock.now()).slice(11, 19);
    const prompt = `${this.#count}[${time}]${this.#door.session.context.name}> `;
    void this.#door.out.write(this.#text === "" ? prompt : `${" ".repeat(Math.max(0, prompt.length - 3))}.. `);
  }

  /** Ctrl-C: stops what runs; while typing it takes the line away. */
  #interrupt(): void {
    if (this.#lent > 0) return;
    if (this.#door.isRunning) {
      const now = this.#door.tree.clock.ticks();
      // Asked twice within two seconds, the shell itself goes: a command may have been deaf.
      if (now - this.#lastInterrupt < 2000) this.#door.tree.life.quit(130);
      this.#lastInterrupt = now;
      this.#door.interrupt();
      return;
    }
    this.#text = "";
    void this.#door.out.write("\n");
    this.#prompt();
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

  async #lend<T>(work: () => Promise<T>): Promise<T> {
    this.#lent++;
    try {
      return await work();
    } finally {
      // A Ctrl-C that ended the program may not have been told to this process yet.
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#lent--;
    }
  }
}

/** The lines of a file are the shell's own: a program in it gets an empty input. */
function nothing(): PieceReader {
  return new PieceReader({
    async *[Symbol.asyncIterator]() {},
  });
}
