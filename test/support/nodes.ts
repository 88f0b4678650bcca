/** Nodes in one process whose links are a function call: for what no real link lets a test do, such as altering a message. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { Context, Signer } from "../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../src/ctx/testing.ts";
import type { KnownNode, Network, Place } from "../../src/modules/ssh/network.ts";
import { Nodes, nodes } from "../../src/modules/ssh/nodes.ts";

/** A signer with a key of its own. */
export function makeSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const jwk = publicKey.export({ format: "jwk" });
  const secret = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
  return {
    key: String(jwk["x"]),
    sign: (bytes) => sign(null, bytes, secret),
    verify: (key, bytes, signature) => {
      try {
        const known = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" });
        return verify(null, bytes, known, signature);
      } catch {
        return false;
      }
    },
  };
}

/** One frame on its way. */
export interface Sent {
  src: string;
  dst: string;
  body: Buffer;
}

/** The air between nodes: everything that is sent goes through `pass`, which may change it, keep it back or send it twice. */
export class Air {
  readonly #nodes = new Map<string, TestNode>();
  readonly #trees: TestTree[] = [];
  /** What was sent so far. */
  readonly sent: Sent[] = [];
  pass: (sent: Sent) => Sent[] = (one) => [one];

  /** Adds a node; all nodes know the keys of all others. */
  async add(address: string, modules: readonly Context[]): Promise<TestNode> {
    const made = await makeTestTree(modules);
    this.#trees.push(made);
    const node = new TestNode(this, address, made);
    this.#nodes.set(address, node);
    return node;
  }
  node(address: string): TestNode | undefined {
    return this.#nodes.get(address);
  }
  get all(): TestNode[] {
    return [...this.#nodes.values()];
  }
  send(one: Sent): void {
    this.sent.push(one);
    for (const now of this.pass(one)) setImmediate(() => this.#nodes.get(now.dst)?.hear(now));
  }
  async stop(): Promise<void> {
    for (const tree of this.#trees) await tree.stop();
  }
}

/** A node whose network is the air. */
export class TestNode implements Network {
  readonly address: string;
  readonly test: TestTree;
  readonly signer = makeSigner();
  readonly nodes: Nodes;
  readonly refusals: string[] = [];
  isOnline = true;
  readonly #air: Air;
  #take: ((src: string, dst: string, body: Buffer) => void) | undefined;
  #told: ((isGone: (address: string) => boolean) => void) | undefined;

  constructor(air: Air, address: string, test: TestTree) {
    this.#air = air;
    this.address = address;
    this.test = test;
    this.nodes = new Nodes(test.tree, this, this.signer);
    test.tree.provide(nodes, this.nodes);
  }
  peers() {
    const above = this.address.split(".").slice(0, -1).join(".");
    return this.#air.all.flatMap(({ address }) => {
      const isAbove = address === above;
      const isChild = address.split(".").slice(0, -1).join(".") === this.address;
      if (!isAbove && !isChild) return [];
      const name = isAbove ? address : (address.split(".").at(-1) ?? "");
      const type = isAbove ? ("master" as const) : ("worker" as const);
      return [{ address, name, type, module: "air", since: 0 }];
    });
  }
  below(): KnownNode[] {
    return this.#air.all
      .filter(({ address }) => address.startsWith(`${this.address}.`))
      .map(({ address, signer, isOnline }) => ({ address, key: signer.key, type: "worker", isOnline, since: 0 }));
  }
  node(address: string): KnownNode | undefined {
    return this.below().find((one) => one.address === address);
  }
  forget(): boolean {
    return false;
  }
  place(address: string): Place {
    if (address === this.address) return "self";
    if (address.startsWith(`${this.address}.`)) return "below";
    return this.address.startsWith(`${address}.`) ? "above" : "elsewhere";
  }
  keyOf(address: string): string | undefined {
    return this.place(address) === "elsewhere" ? undefined : this.#air.node(address)?.signer.key;
  }
  chain(): string[] {
    return [`${this.address} ${this.signer.key}`];
  }
  keyFromChain(address: string, [first = ""]: readonly string[]): string | undefined {
    const [name, key] = first.split(" ");
    return name === address && this.#air.node(address)?.signer.key === key ? key : undefined;
  }
  send(dst: string, body: Uint8Array): boolean {
    if (this.#air.node(dst)?.isOnline !== true) return false;
    this.#air.send({ src: this.address, dst, body: Buffer.from(body) });
    return true;
  }
  waiting(): number {
    return 0;
  }
  onBatch(take: (src: string, dst: string, body: Buffer) => void): void {
    this.#take = take;
  }
  onGone(told: (isGone: (address: string) => boolean) => void): void {
    this.#told = told;
  }
  refused(what: string, src: string): void {
    this.refusals.push(`${src}: ${what}`);
  }
  hear({ src, dst, body }: Sent): void {
    this.#take?.(src, dst, body);
  }
  /** Says that a node is gone. */
  lose(address: string): void {
    this.#told?.((one) => one === address);
  }
}
