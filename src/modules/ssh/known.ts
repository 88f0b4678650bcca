/**
 * What a node remembers of others, in `var/run/node/known.json`: the key of the node above, and the names of those below
 * with their keys. A file that cannot be read is never written over: what is in it decides who is believed.
 */
import { dirname, join } from "node:path";
import { CtxError, fail, makePrivateFolder, readPrivate, writePrivate } from "../../ctx/index.ts";
import { Fields, type NodeType } from "./fields.ts";

/** The node above: its key and what it has certified of us. */
export interface KnownAbove {
  readonly key: string;
  /** From the root to this node. */
  readonly chain: readonly string[];
}

/** A node directly below. */
export interface KnownBelow {
  readonly name: string;
  /** The name it asked for; another one where that was taken. */
  readonly asked: string;
  readonly key: string;
  readonly type: NodeType;
  /** Since when it was last online or offline, in milliseconds since 1970. */
  readonly since: number;
}

export class Known {
  readonly #file: string;
  #above: KnownAbove | undefined;
  readonly #below = new Map<string, KnownBelow>();
  #isChanged = false;

  constructor(run: string) {
    this.#file = join(run, "node", "known.json");
    const kept = readPrivate(this.#file);
    if (kept !== undefined) this.#read(kept.text);
  }

  get above(): KnownAbove | undefined {
    return this.#above;
  }
  get below(): Iterable<KnownBelow> {
    return this.#below.values();
  }
  /** The node of a name. */
  named(name: string): KnownBelow | undefined {
    return this.#below.get(name);
  }
  /** The node that has a key and asked for a name. */
  find(asked: string, key: string): KnownBelow | undefined {
    for (const one of this.#below.values()) if (one.key === key && one.asked === asked) return one;
    return undefined;
  }

  setAbove(above: KnownAbove): void {
    this.#above = above;
    this.save(true);
  }
  /** Binds a name to a key; a name this key had before is free again. */
  bind(node: KnownBelow): void {
    for (const { name, key } of this.#below.values()) if (key === node.key) this.#below.delete(name);
    this.#below.set(node.name, node);
    this.save(true);
  }
  /** Gives up a name; false when nobody has it. */
  forget(name: string): boolean {
    const node = this.#below.get(name);
    if (node === undefined) return false;
    this.#below.delete(name);
    try {
      this.save(true);
    } catch (error) {
      this.#below.set(name, node);
      throw error;
    }
    return true;
  }
  /** Notes when a node came or went; kept with the next change that matters, or at the end. */
  touch(name: string, since: number): void {
    const node = this.#below.get(name);
    if (node === undefined) return;
    this.#below.set(name, { ...node, since });
    this.#isChanged = true;
  }
  save(isChanged = this.#isChanged): void {
    if (!isChanged) return;
    this.#isChanged = false;
    makePrivateFolder(dirname(this.#file));
    const all = { v: 1, above: this.#above, below: [...this.#below.values()] };
    writePrivate(this.#file, `${JSON.stringify(all, undefined, 1)}\n`);
  }

  #read(text: string): void {
    try {
      const fields = Fields.read("it", text);
      if (fields.integer("v") !== 1) throw fail("failed", { problem: "it is of another version" });
      if (fields.has("above")) {
        const above = new Fields("above", fields.only("above"));
        this.#above = { key: above.text("key", "key"), chain: above.texts("chain") };
      }
      for (const one of fields.list("below", Number.POSITIVE_INFINITY)) {
        const node = new Fields("a node below", one);
        const name = node.text("name", "label");
        const asked = node.text("asked", "label");
        const [key, type, since] = [node.text("key", "key"), node.type("type"), node.integer("since")];
        this.#below.set(name, { name, asked, key, type, since });
      }
    } catch (error) {
      const why = error instanceof CtxError ? error.message : String(error);
      const hint = "put it right, or move it away: then the nodes above and below have to join anew";
      throw fail("failed", { problem: `${this.#file} is damaged: ${why}` }, { hint, cause: error });
    }
  }
}
