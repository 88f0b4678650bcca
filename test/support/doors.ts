/** The program as people start it: real processes, pipes, signals and terminals, in folders of their own. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type IPty, spawn as spawnPty } from "@lydell/node-pty";

/** What is built by the compiler; where the bundle is built too, what is shipped. */
export const program: readonly [string, ...string[]] =
  process.env["CTX_TEST_BUNDLE"] === "1" ? [resolve("bin/bench")] : [process.execPath, resolve("dist/src/main.js")];

/** The same as words of an outer shell. */
export const programLine = program.map((word) => `'${word}'`).join(" ");

export interface ScreenOptions {
  readonly columns?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** What is started in place of the program. */
  readonly file?: string;
}

/** A folder of its own for a test, with what was started in it. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), "ctx door "));
  /** The folder of the node. */
  home = join(this.folder, "home");
  readonly #children: ChildProcess[] = [];
  readonly #screens: Screen[] = [];

  constructor() {
    mkdirSync(join(this.home, "var/run"), { recursive: true });
  }

  env(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    return {
      PATH,
      HOME: this.folder,
      CTX_HOME: this.home,
      TERM: "xterm",
      LANG: "C.UTF-8",
      TZ: "UTC",
      web_port: "0",
      ...more,
    };
  }

  /** Starts the program, with pipes. */
  start(words: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [file, ...first] = program;
    return this.spawn(file, [...first, ...words], options);
  }
  /** Starts any program, with pipes. */
  spawn(file: string, words: readonly string[], { env, ...options }: SpawnOptions = {}): ChildProcess {
    const child = spawn(file, words, { cwd: this.folder, env: this.env(env), ...options });
    this.#children.push(child);
    return child;
  }
  /** Runs the program to its end with something on its standard input; `null` is the empty input of /dev/null. */
  async bench(words: readonly string[], input: string | Buffer | null = null, options: SpawnOptions = {}) {
    const child = this.start(words, { stdio: [input === null ? "ignore" : "pipe", "pipe", "pipe"], ...options });
    child.stdin?.on("error", () => undefined).end(input);
    return await ended(child);
  }
  /** Runs a line of the outer shell; `bench` in it is the program, `through RUNNER FILE` runs it through another one. */
  async sh(line: string, env: NodeJS.ProcessEnv = {}) {
    return await ended(
      this.spawn(
        "bash",
        ["-c", `bench() { ${programLine} "$@"; }\nthrough() { "$1" "$2" ${programLine} "\${@:3}"; }\n${line}`],
        {
          env,
          stdio: ["ignore", "pipe", "pipe"],
        },
      ),
    );
  }
  /** Starts a node without a terminal; its HTTP door is open when this returns. */
  async node(): Promise<ChildProcess> {
    rmSync(this.webFile, { force: true });
    const child = this.start(["--service"], { stdio: ["ignore", "pipe", "pipe"] });
    await appears(this.webFile);
    return child;
  }
  /** Where a node that is up says where its HTTP door is. */
  get webFile(): string {
    return join(this.home, "var/run/web");
  }
  get pidFile(): string {
    return join(this.home, "var/run/bench.pid");
  }
  /** Starts the program, or another one, on a terminal. */
  screen(words: readonly string[] = [], { columns = 100, env = {}, file = "" }: ScreenOptions = {}): Screen {
    const [name, ...first] = file === "" ? program : [file];
    const screen = new Screen(
      spawnPty(name, [...first, ...words], {
        name: env["TERM"] ?? "xterm",
        cols: columns,
        rows: 40,
        cwd: this.folder,
        env: this.env(env),
      }),
    );
    this.#screens.push(screen);
    return screen;
  }

  /** Makes a copy of the checkout, which is the folder of the node from now on. */
  copy(): string {
    const root = join(this.folder, "a copy");
    mkdirSync(join(root, "dist"), { recursive: true });
    for (const part of ["bin", "etc", "package.json"]) cpSync(part, join(root, part), { recursive: true });
    // The copy comes built and without sources; its packages are ours.
    writeFileSync(join(root, "dist/boot.cjs"), `import(${JSON.stringify(resolve("dist/src/main.js"))});\n`);
    symlinkSync(resolve("node_modules"), join(root, "node_modules"));
    mkdirSync(join(root, "var/run"), { recursive: true });
    this.home = root;
    return root;
  }

  /** Asks again until the answer is the wanted one, a few times: what two processes settle between them has no event here. */
  async until(ask: () => Promise<string>, wanted: string): Promise<string> {
    let last = "";
    for (let tries = 0; tries < 30 && last !== wanted; tries++) last = await ask();
    return last;
  }

  /** Ends what still runs and takes the folder away. */
  async leave(): Promise<void> {
    for (const screen of this.#screens) await screen.kill();
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits for the end of a process and gives what it said. */
export async function ended(child: ChildProcess) {
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code: code ?? signal, out, err };
}

/** Waits until a file is there. Its folder must be. */
export async function appears(file: string): Promise<void> {
  await changed(dirname(file), () => existsSync(file));
}

/** Waits until a file is gone. */
export async function vanishes(file: string): Promise<void> {
  await changed(dirname(file), () => !existsSync(file));
}

/** Waits until something is so, looking each time the folder changes. */
export async function changed(folder: string, isSo: () => boolean): Promise<void> {
  const watcher = watch(folder);
  try {
    while (!isSo()) await once(watcher, "change");
  } finally {
    watcher.close();
  }
}

/** How a shell asks for a line, as the last thing on the screen. */
const prompt = /(^|[\r\n])(\d+\[\d\d:\d\d:\d\d\]\w+> )$/;
/** Far longer than anything takes; it only ends a test that has gone wrong. */
const patience = 20_000;

/** A terminal with a program on it. What it shows is read in order: each wait goes on where the last one ended. */
export class Screen {
  readonly #pty: IPty;
  #shown = "";
  #read = 0;
  #changed: () => void = () => undefined;
  #code: number | undefined;

  constructor(pty: IPty) {
    this.#pty = pty;
    pty.onData((text) => {
      this.#shown += text;
      this.#changed();
    });
    pty.onExit(({ exitCode, signal }) => {
      this.#code = exitCode || (signal ? 128 + signal : 0);
      this.#changed();
    });
  }
  get pid(): number {
    return this.#pty.pid;
  }
  type(text: string): void {
    this.#pty.write(text);
  }
  resize(columns: number): void {
    this.#pty.resize(columns, 40);
  }

  /** Waits for something on the screen and gives what came up to its end. */
  async until(wanted: RegExp): Promise<string> {
    const hit = await this.#wait(() => {
      const found = wanted.exec(this.#shown.slice(this.#read));
      return found === null ? undefined : found.index + found[0].length;
    }, String(wanted));
    const text = this.#shown.slice(this.#read, this.#read + hit);
    this.#read += hit;
    return text.replaceAll("\r\n", "\n");
  }
  /** Waits until a line is asked for; gives what was shown before, without the prompt, and the prompt. */
  async prompt(): Promise<{ readonly shown: string; readonly prompt: string }> {
    const text = await this.until(prompt);
    const [, , asked = ""] = prompt.exec(text) ?? [];
    return { shown: text.slice(0, text.length - asked.length), prompt: asked };
  }
  /** Types a line and gives what is shown before the next prompt, without what was typed. */
  async line(text: string): Promise<string> {
    this.type(`${text}\r`);
    const { shown } = await this.prompt();
    return shown.slice(shown.indexOf("\n") + 1);
  }
  /** Waits for the end and gives the exit code. */
  ended(): Promise<number> {
    return this.#wait(() => this.#code, "the end");
  }
  async kill(): Promise<void> {
    if (this.#code === undefined) process.kill(this.#pty.pid, "SIGKILL");
    await this.ended();
  }

  async #wait<T>(look: () => T | undefined, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} did not come; shown: ${this.#shown}`)), patience);
    });
    try {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        if (this.#code !== undefined) throw new Error(`${what} did not come before the end; shown: ${this.#shown}`);
        const change = new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
        await Promise.race([change, late]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
