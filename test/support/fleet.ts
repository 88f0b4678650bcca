/** Nodes as people run them: each a process of its own in a folder of its own, joined as `bin/boot.sh create` joins them. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { changed, ended, program } from "./doors.ts";

export class Fleet {
  readonly folder = mkdtempSync(join(tmpdir(), "ctx fleet "));
  readonly #nodes: FleetNode[] = [];

  /** Starts a node without one above. */
  async server(name: string): Promise<FleetNode> {
    return await this.#start(new FleetNode(join(this.folder, name), name));
  }
  /** Starts a worker below another node; both are linked when this returns. */
  async worker(name: string, above: FleetNode): Promise<FleetNode> {
    const node = new FleetNode(join(above.home, "app", name), name, above);
    invite(node, above);
    await this.#start(node);
    await node.linked();
    return node;
  }
  async #start(node: FleetNode): Promise<FleetNode> {
    this.#nodes.push(node);
    await node.start();
    return node;
  }
  /** Ends all processes and takes the folders away. */
  async stop(): Promise<void> {
    for (const node of this.#nodes.toReversed()) await node.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Invites a node as `bin/boot.sh create` does. */
function invite(node: FleetNode, above: FleetNode): void {
  execFileSync(process.execPath, [resolve("bin/invite.mjs"), "create", above.home, node.home]);
}

export class FleetNode {
  readonly home: string;
  readonly name: string;
  readonly above: FleetNode | undefined;
  #child: ChildProcess | undefined;
  #said = "";

  constructor(home: string, name: string, above?: FleetNode) {
    this.home = home;
    this.name = name;
    this.above = above;
    mkdirSync(join(home, "var"), { recursive: true });
  }
  get run(): string {
    return join(this.home, "var/run");
  }
  get pid(): number {
    return this.#child?.pid ?? 0;
  }
  /** What the process has written so far. */
  get said(): string {
    return this.#said;
  }
  get env(): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    const box = this.above === undefined ? {} : { ctx_box: this.above.url };
    const env = { PATH, HOME: this.home, CTX_HOME: this.home, HOSTNAME: this.name, USER: "tester", web_port: "0" };
    return { ...env, LANG: "C.UTF-8", TZ: "UTC", ...box };
  }
  /** Where its HTTP door is. */
  get url(): string {
    return readFileSync(join(this.run, "web"), "utf8").trim();
  }
  get token(): string {
    return readFileSync(join(this.run, "token"), "utf8").trim();
  }

  /** Starts the process; its HTTP door is open when this returns. */
  async start(): Promise<void> {
    rmSync(join(this.run, "web"), { force: true });
    mkdirSync(this.run, { recursive: true, mode: 0o700 });
    const [file, ...first] = program;
    const child = spawn(file, [...first, "--service"], {
      cwd: this.home,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
      });
    }
    const died = once(child, "exit").then(([code]) => {
      if (!existsSync(join(this.run, "web"))) throw new Error(`the node ended with ${String(code)}: ${this.#said}`);
    });
    await Promise.race([changed(this.run, () => existsSync(join(this.run, "web"))), died]);
  }
  /** Waits until the node above knows it is there, since it was started last. */
  async linked(): Promise<void> {
    const { above } = this;
    if (above === undefined) return;
    await above.logs("boot", new RegExp(`[.]${this.name} is linked`));
  }
  /** Waits until a log has a line that fits, after what it has had so far if `isNew` says so. */
  async logs(level: string, line: RegExp, from = 0): Promise<void> {
    const file = join(this.home, `var/log/${level}.log`);
    const has = (): boolean => existsSync(file) && line.test(readFileSync(file, "utf8").slice(from));
    mkdirSync(join(this.home, "var/log"), { recursive: true });
    await changed(join(this.home, "var/log"), has);
  }
  /** How long a log is now. */
  logged(level: string): number {
    const file = join(this.home, `var/log/${level}.log`);
    return existsSync(file) ? readFileSync(file, "utf8").length : 0;
  }
  /** Runs the program beside the node. */
  async bench(...words: readonly string[]) {
    return await ended(this.beside(words));
  }
  beside(words: readonly string[]): ChildProcess {
    const [file, ...first] = program;
    return spawn(file, [...first, ...words], { cwd: this.home, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
  }
  /** Ends the process as a power cut does. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
}
