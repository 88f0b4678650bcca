/** Several nodes in one process: real links on 127.0.0.1, real folders, and everything gone at the end. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Clock, makePrivateFolder, systemClock, writePrivate } from "../../src/ctx/index.ts";
import { keepSigner } from "../../src/modules/aaa/signer.ts";
import type { NodeType } from "../../src/modules/ssh/fields.ts";
import { type Facts, Peers, type PeersOptions } from "../../src/modules/ssh/peers.ts";
import type { Limits } from "../../src/modules/ssh/state.ts";
import { systemTimers, type Timers } from "../../src/modules/ssh/timers.ts";
import { OpenLinks } from "../../src/modules/tcp/link.ts";

/** Short waits, so that a test need not be patient; nothing is timed. */
const limits: Limits = {
  meet: 5000,
  beat: 15_000,
  misses: 2,
  retryMin: 5,
  retryMax: 50,
  queue: 8_000_000,
  body: 1_000_000,
  tries: 20,
  faults: 5,
  nodes: 1000,
};

export interface NodeOptions {
  readonly type?: NodeType;
  /** The folder; a new one when left out. */
  readonly home?: string;
  /** The URL of the node above. */
  readonly above?: (() => string) | undefined;
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly port?: number;
}

/** Far longer than anything takes; it only ends a test that has gone wrong. */
const patience = 10_000;

/** One node, as a process would be: its door, its links, its network. */
export class TestNode {
  readonly home: string;
  readonly peers: Peers;
  readonly links: OpenLinks;
  readonly logs: string[] = [];
  /** What came for this node. */
  readonly got: { readonly src: string; readonly dst: string; readonly text: string }[] = [];
  /** What it was told has gone: a look at addresses the test names. */
  readonly gone: ((address: string) => boolean)[] = [];
  facts: Facts = { address: "", links: 0, refused: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #event: () => void = () => undefined;
  #isStopped = false;

  constructor(name: string, home: string, options: NodeOptions) {
    this.home = home;
    this.links = new OpenLinks({ message: 1_048_576, stranger: 4096, waiting: 64, dial: 5000 });
    const peersOptions: PeersOptions = {
      name,
      type: options.type ?? "worker",
      home,
      signer: keepSigner(home),
      links: this.links,
      clock: options.clock ?? systemClock,
      timers: options.timers ?? systemTimers,
      random: () => 0,
      limits: { ...limits, ...options.limits },
      log: (_level, text) => {
        this.logs.push(text);
        this.#event();
      },
      above: options.above,
      changed: (facts) => {
        this.facts = facts;
        this.#event();
      },
    };
    this.peers = new Peers(peersOptions);
    this.peers.onBatch((src, dst, body) => {
      this.got.push({ src, dst, text: body.toString() });
      this.#event();
    });
    this.peers.onGone((isGone) => {
      this.gone.push(isGone);
      this.#event();
    });
    this.#server = createServer((_request, response) => void response.end());
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.on("upgrade", (request, socket, head) =>
      this.links.accept({ request, socket, head }, (link) => this.peers.accept(link)),
    );
  }
  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.peers.start();
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  get address(): string {
    return this.peers.address;
  }
  file(name: string): string {
    return join(this.home, "var", "run", name);
  }

  /** Waits until something is so; looked at whenever anything happens at this node. */
  async until<T>(look: () => T | undefined | false, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const shown = (): string => `${what} did not come; ${this.address} said:\n${this.logs.join("\n")}`;
      timer = setTimeout(() => reject(new Error(shown())), patience);
    });
    try {
      for (;;) {
        const found = look();
        if (found !== undefined && found !== false) return found;
        const change = new Promise<void>((resolve) => {
          this.#event = resolve;
        });
        await Promise.race([change, late]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
  said(part: string): Promise<string> {
    return this.until(() => this.logs.find((line) => line.includes(part)), `"${part}"`);
  }
  async is(address: string): Promise<void> {
    const isLinked = (): boolean => this.peers.peers().some(({ type }) => type === "master");
    await this.until(() => this.address === address && isLinked(), `the address ${address}`);
  }
  /** What is below, as `address:+` or `address:-`. */
  get below(): readonly string[] {
    return this.peers
      .below()
      .map(({ address, isOnline }) => `${address}:${isOnline ? "+" : "-"}`)
      .sort();
  }
  async knows(...below: readonly string[]): Promise<void> {
    await this.until(() => this.below.join() === below.join(), `${below.join()} instead of ${this.below.join()}`);
  }

  /** Ends it: in order, or as a process that is killed. */
  async stop(how: "kindly" | "killed" = "kindly"): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (how === "kindly") await this.peers.close();
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    if (how === "killed") await this.peers.close();
    await this.links.close();
    await closed;
  }
}

/** Makes nodes for one test; their folders go with it. */
export class Nodes {
  readonly #folder = mkdtempSync(join(tmpdir(), "ctx-nodes-"));
  readonly #nodes: TestNode[] = [];
  #count = 0;

  constructor(t: TestContext) {
    t.after(async () => {
      for (const node of this.#nodes.toReversed()) await node.stop();
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }
  /** A new folder, as of a node that has never run. */
  home(): string {
    const home = join(this.#folder, `${this.#count++}`);
    mkdirSync(join(home, "var", "run"), { recursive: true });
    return home;
  }
  async start(name: string, options: NodeOptions = {}): Promise<TestNode> {
    const node = new TestNode(name, options.home ?? this.home(), options);
    this.#nodes.push(node);
    await node.listen(options.port ?? 0);
    return node;
  }
  /** A node below another, invited and joined. */
  async below(above: TestNode, name: string, options: NodeOptions = {}): Promise<TestNode> {
    const home = options.home ?? this.home();
    invite(above.home, name, home);
    const node = await this.start(name, { above: () => above.url, ...options, home });
    await node.until(() => node.peers.peers().length > 0, `the link of ${name}`);
    return node;
  }
}

/** Writes a secret into the folders of two nodes, as `bin/boot.sh create` does. `age` is how long ago, in milliseconds. */
export function invite(above: string, name: string, home: string, age = 0): string {
  const secret = randomBytes(16).toString("hex");
  const file = join(above, "var", "run", "invite", name);
  makePrivateFolder(join(above, "var", "run", "invite"));
  writePrivate(file, `${secret}\n`);
  const time = systemClock.now() / 1000 - age / 1000;
  utimesSync(file, time, time);
  writePrivate(join(home, "var", "run", "join"), `${secret}\n`);
  return secret;
}
