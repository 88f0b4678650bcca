/** The nodes below this one, at any depth, as they and the nodes between have told; and what the node above has to hear. */
import type { KnownNode } from "./network.ts";
import { isBelow, isInside } from "./route.ts";

export interface NodeBelow extends KnownNode {
  /** What proves its key, by the node directly above it. */
  readonly certificate: string;
  /** Another one with each start of its process; empty as long as it is not known. */
  readonly epoch: string;
}

/** How a node that was known before is, compared with that: it was away, so that what waits for it waits in vain. */
function wasAway(before: NodeBelow, now: NodeBelow): boolean {
  return before.isOnline && (!now.isOnline || now.epoch !== before.epoch || now.since !== before.since);
}

export class Below {
  readonly #nodes = new Map<string, NodeBelow>();
  /** What has changed since the node above was told; all of it when nothing has been told. */
  readonly #changed = new Set<string>();
  /** Nodes that were told by a child before and not yet again, while it tells all. */
  readonly #stale = new Set<string>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }
  get size(): number {
    return this.#nodes.size;
  }
  list(): readonly NodeBelow[] {
    return [...this.#nodes.values()];
  }
  get(address: string): NodeBelow | undefined {
    return this.#nodes.get(address);
  }

  /** Notes how a node is; tells whether it was away meanwhile. */
  put(node: NodeBelow): boolean {
    const before = this.#nodes.get(node.address);
    this.#stale.delete(node.address);
    this.#nodes.set(node.address, node);
    this.#change(node.address);
    return before !== undefined && wasAway(before, node);
  }
  /** Notes that a node, and all below it, cannot be reached any more. */
  lose(top: string, now: number): void {
    for (const node of this.#nodes.values()) {
      if (!node.isOnline || !isInside(node.address, top)) continue;
      this.#nodes.set(node.address, { ...node, isOnline: false, since: now });
      this.#change(node.address);
    }
  }
  /** Forgets a node and all below it. */
  forget(top: string): void {
    // Who has nothing above it is not there: it need not be looked for.
    if (!this.#nodes.has(top)) return;
    for (const address of this.#nodes.keys()) if (isInside(address, top)) this.#remove(address);
  }
  clear(): void {
    this.#nodes.clear();
    this.#changed.clear();
    this.#stale.clear();
  }

  /** A child begins to tell all that is below it. */
  beginAll(child: string): void {
    for (const address of this.#nodes.keys()) if (isBelow(address, child)) this.#stale.add(address);
  }
  /** It has told all: what it left out is not there any more. */
  endAll(child: string): void {
    for (const address of this.#stale) if (isBelow(address, child)) this.#remove(address);
  }

  /** Gives what has changed since this was asked the last time; a node that is gone is an address alone. */
  takeChanged(): readonly (NodeBelow | string)[] {
    const changed = [...this.#changed].map((address) => this.#nodes.get(address) ?? address);
    this.#changed.clear();
    return changed;
  }

  #remove(address: string): void {
    this.#nodes.delete(address);
    this.#stale.delete(address);
    this.#change(address);
  }
  #change(address: string): void {
    this.#changed.add(address);
    this.#onChange();
  }
}
