/**
 * The nodes this one can call and is called by. It opens what the network brings, checks it (signature, time, addressee,
 * number), and gives each item to whoever it concerns.
 */
import { CtxError, config, port, type Signer, type Tree, type Via } from "../../ctx/index.ts";
import { Answerer } from "./answerer.ts";
import { type Asking, Caller } from "./caller.ts";
import { chainIn, type Item, type Opened, open, type Reply } from "./envelope.ts";
import { Freshness } from "./freshness.ts";
import type { Network, Place } from "./network.ts";
import { Outbox } from "./outbox.ts";

export const answerLimit = config("answer_limit", 30_000, {
  en: "How long another node may take to say that it has a call, in milliseconds",
  zh: "应答时限(毫秒)",
});
export const runLimit = config("run_limit", 1_000, {
  en: "Most calls of one other node that run here at a time",
  zh: "每个节点的并发调用数上限",
});

/** Other nodes, for the commands of this room; nothing in a process that has no links. */
export const nodes = port<Nodes | undefined>("nodes", undefined);

/** How far a node is trusted by where it stands: those above may call down, and nobody else (S4: whole labels count). */
const trust: Readonly<Record<Place, Via>> = {
  above: "parent",
  self: "stranger",
  below: "stranger",
  elsewhere: "stranger",
};

export class Nodes {
  readonly network: Network;
  readonly #signer: Signer;
  readonly #caller: Caller;
  readonly #answerer: Answerer;
  readonly #freshness: Freshness;

  constructor(tree: Tree, network: Network, signer: Signer) {
    this.network = network;
    this.#signer = signer;
    const now = (): number => tree.clock.now();
    const own = (): string => network.address;
    const outbox = new Outbox({ network, signer, now });
    this.#freshness = new Freshness(now);
    this.#caller = new Caller({
      outbox,
      own,
      answerLimit: () => tree.conf(answerLimit),
      ticks: () => tree.clock.ticks(),
      refused: (what, src) => network.refused(what, src),
    });
    const waiting = (address: string): number => network.waiting(address);
    this.#answerer = new Answerer({ tree, outbox, own, waiting, runLimit: () => tree.conf(runLimit) });
    network.onBatch((src, dst, body) => this.#take(src, dst, body));
    network.onGone((isGone) => {
      this.#caller.gone(isGone);
      this.#answerer.gone(isGone);
    });
  }

  /** Calls a command on the node of an address; throws what it failed with. */
  call(address: string, asking: Asking): Promise<void> {
    return this.#caller.call(address, asking);
  }

  #take(src: string, dst: string, body: Buffer): void {
    let opened: Opened;
    try {
      opened = this.#open(src, dst, body);
    } catch (error) {
      this.network.refused(error instanceof CtxError ? error.message : String(error), src);
      return;
    }
    const { head, bytes, hash } = opened;
    const via = trust[this.network.place(src)];
    let at = 0;
    for (const item of head.items) {
      if (!("re" in item)) {
        this.#ask(src, item, hash, via);
        continue;
      }
      const end = at + (Number.isSafeInteger(item.n) && item.n > 0 ? item.n : 0);
      if (end > bytes.length) {
        this.network.refused("a batch that ends too early", src);
        return;
      }
      this.#caller.take(src, item, bytes.subarray(at, end));
      at = end;
    }
  }

  #open(src: string, dst: string, body: Buffer): Opened {
    const { network } = this;
    const key = network.keyOf(src) ?? network.keyFromChain(src, chainIn(body));
    if (key === undefined) throw new CtxError("bad_signature", `nobody vouches for the key of ${src}`);
    const opened = open(body, src, key, this.#signer);
    const { head } = opened;
    if (head.src !== src || head.dst !== dst) throw new CtxError("bad_signature", `${src} did not send it to ${dst}`);
    this.#freshness.check(head, network.address, key);
    return opened;
  }

  #ask(src: string, item: Exclude<Item, Reply>, hash: string, via: Via): void {
    // What it says has been signed, not checked.
    if ("credit" in item && typeof item.credit === "string") this.#answerer.credit(src, item.credit, item.more);
    else if ("cancel" in item && typeof item.cancel === "string") this.#answerer.cancel(src, item.cancel);
    else if ("id" in item && typeof item.id === "string") this.#answerer.take(src, item, hash, via);
    else this.network.refused("an item of an unknown kind", src);
  }
}
