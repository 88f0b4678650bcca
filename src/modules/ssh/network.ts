/** What carries batches between nodes: links, who is at their ends, and the way to an address. */

/** A node that this one has a link with. */
export interface Peer {
  /** Its address: `com.demo`. */
  readonly address: string;
  /** Its name as people call it from here: the label of one below, the whole address of the one above. */
  readonly name: string;
  /** `master` is the one above. */
  readonly type: "master" | "worker" | "server";
  /** The name of the link. */
  readonly module: string;
  /** When the link came up, in milliseconds since 1970. */
  readonly since: number;
}

/** A node below this one, at any depth, whether it can be reached now or not. */
export interface KnownNode {
  readonly address: string;
  readonly key: string;
  readonly type: "worker" | "server";
  readonly isOnline: boolean;
  /** Since when it is as it is, in milliseconds since 1970. */
  readonly since: number;
}

/** Where an address is, seen from this node. */
export type Place = "self" | "above" | "below" | "elsewhere";

/**
 * The links of this node as one network. It proves who is at the other end of each link, finds the way to an address, and
 * passes on what is for others; what is for this node it gives to `onBatch`.
 */
export interface Network {
  /** The address of this node, once it has one; the name of a node without one above is its address. */
  readonly address: string;
  /** The nodes at the other ends of the links that are up. */
  peers(): readonly Peer[];
  /** All nodes below this one. */
  below(): readonly KnownNode[];
  /** The node of an address below this one, whether it can be reached now or not. */
  node(address: string): KnownNode | undefined;
  /** Forgets a node right below this one: its link ends, its name is free. False when there is none of that name. */
  forget(name: string): boolean;
  place(address: string): Place;
  /** The public key of a node above or below, as its certificate says; undefined for others. */
  keyOf(address: string): string | undefined;
  /** The certificates that prove the key of this node, root first, for a node that cannot know it. */
  chain(): readonly string[];
  /** Checks the certificates of a node elsewhere in the tree; gives its key, undefined when they do not hold. */
  keyFromChain(address: string, chain: readonly string[]): string | undefined;
  /** Sends a body towards an address; false when there is no way to it now. */
  send(dst: string, body: Uint8Array, prio: number): boolean;
  /** Bytes that wait on the way to an address. */
  waiting(dst: string): number;
  /** Takes what is for this node. `src` and `dst` are those of the header: the body must say the same. */
  onBatch(take: (src: string, dst: string, body: Buffer) => void): void;
  /** Told of addresses that cannot be reached any more, or were started anew: what waits for them waits in vain. */
  onGone(told: (isGone: (address: string) => boolean) => void): void;
  /** Told when something that looks like an attack is refused; written to the right log and counted. */
  refused(what: string, src: string): void;
}
