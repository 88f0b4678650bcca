/**
 * The tree of contexts: where commands, settings and live facts are found. A `Tree` is one running set of contexts with
 * its services and its clock; two trees in one process share nothing. Node and tree stand in one file: each is half of how
 * a name is found.
 */
import type { AnyCommand, Effect } from "./command.ts";
import type { Cache, Config, Context } from "./context.ts";
import type { Calling, Given } from "./dispatch.ts";
import { fail } from "./errors.ts";
import { type Help, helpIn } from "./help-text.ts";
import type { Pattern } from "./kit/regex.ts";
import { didYouMean } from "./kit/suggest.ts";
import { Duration, Float, isMap, type Value } from "./kit/value.ts";
import type { Life } from "./life.ts";
import type { Maybe } from "./maybe.ts";
import type { Message } from "./message.ts";
import { isSecret, type Param } from "./param.ts";
import { log, type Port } from "./ports.ts";
import { Ring } from "./ring.ts";

/** A command in its place, with what dispatch needs worked out once. */
export interface Found {
  readonly node: ContextNode;
  readonly command: AnyCommand;
  /** The permission id, as roles grant it: `nfs.dir`. */
  readonly right: string;
  readonly effect: Effect;
  readonly args: readonly (readonly [string, Param])[];
  readonly options: ReadonlyMap<string, Param>;
  /** Whether some parameter is a secret, so that the words of a call are not kept as they are. */
  readonly hasSecret: boolean;
}

/** A setting in its place. */
export interface ConfigSlot {
  readonly node: ContextNode;
  readonly name: string;
  readonly help: Help;
  /** The value it was declared with; none for one made at run time. */
  readonly declared: Config | undefined;
  value: unknown;
  readonly watchers: Set<Watcher>;
}

/** Is told the new value of a setting. */
export type Watcher = (value: unknown) => void;

/** A live fact in its place. */
export interface CacheSlot {
  readonly node: ContextNode;
  readonly declared: Cache;
  value: string | number | boolean;
}

/** Copies a default, so that trees share none; what tells its own type is never changed and stays as it is. */
function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Float || value instanceof Duration) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (!isMap(value as Value)) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
}

export type Status = "begin" | "start" | "stop" | "error";

/** The place of a context in a tree. */
export class ContextNode {
  readonly tree: Tree;
  readonly name: string;
  readonly help: Help;
  readonly declared: Context;
  readonly parent: ContextNode | undefined;
  readonly children = new Map<string, ContextNode>();
  readonly commands = new Map<string, Found>();
  readonly configs = new Map<string, ConfigSlot>();
  readonly caches = new Map<string, CacheSlot>();
  /** `ctx.web.code`: from the root. */
  readonly path: string;
  status: Status = "begin";
  stream = "";
  /** How many messages it has answered. */
  answered = 0;
  /** How long its start took, in milliseconds. */
  startMs = 0;
  readonly #found = new Map<string, Found | undefined>();
  #foundAt = -1;

  constructor(tree: Tree, declared: Context, parent: ContextNode | undefined) {
    this.tree = tree;
    this.name = declared.name;
    this.help = declared.help;
    this.declared = declared;
    this.parent = parent;
    this.path = parent === undefined ? declared.name : `${parent.path}.${declared.name}`;
    for (const command of declared.commands ?? []) this.addCommand(command);
    for (const token of declared.configs ?? []) this.addConfig(token.name, token.value, token.help, token);
    for (const token of declared.caches ?? []) {
      const slot = { node: this, declared: token, value: token.value };
      this.caches.set(token.name, slot);
      tree.slots.set(token, slot);
    }
  }

  addCommand(command: AnyCommand): Found {
    const args = Object.entries<Param>(command.args ?? {});
    const options = new Map(Object.entries<Param>(command.options ?? {}));
    const inContext =
      this.parent === undefined ? command.name : `${this.path.slice(this.tree.root.name.length + 1)}.${command.name}`;
    const found: Found = {
      node: this,
      command,
      right: inContext,
      effect: command.effect ?? "write",
      args,
      options,
      hasSecret: [...args, ...options].some(([, param]) => isSecret(param)),
    };
    this.commands.set(command.name, found);
    this.tree.changed();
    return found;
  }
  removeCommand(name: string): boolean {
    const removed = this.commands.delete(name);
    this.tree.changed();
    return removed;
  }
  addConfig(name: string, value: unknown, help: Help, declared?: Config): ConfigSlot {
    const slot: ConfigSlot = { node: this, name, help, declared, value: copy(value), watchers: new Set() };
    this.configs.set(name, slot);
    if (declared !== undefined) this.tree.slots.set(declared, slot);
    return slot;
  }
  addChild(context: Context): ContextNode {
    if (this.children.has(context.name)) throw fail("already_exists", { what: "context", name: context.name });
    const child = new ContextNode(this.tree, context, this);
    this.children.set(context.name, child);
    for (const grandchild of context.contexts ?? []) child.addChild(grandchild);
    this.tree.changed();
    return child;
  }
  removeChild(name: string): void {
    this.children.delete(name);
    this.tree.changed();
  }

  /** Gives the contexts below this one, by name. */
  below(): ContextNode[] {
    return [...this.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  /** Gives this context and all below it, parents first, breadth first. */
  *walk(): Generator<ContextNode> {
    let level: ContextNode[] = [this];
    while (level.length > 0) {
      yield* level;
      level = level.flatMap((node) => node.below());
    }
  }
  /** Gives this context and its parents up to the root. */
  *upward(): Generator<ContextNode> {
    for (let node: ContextNode | undefined = this; node !== undefined; node = node.parent) yield node;
  }
  /** Gives the contexts that names are looked up in: this one and its parents, then those of `ctx.chain` and theirs. */
  *lookup(): Generator<ContextNode> {
    const seen = new Set<ContextNode>();
    for (const start of [this, ...this.tree.chain()]) {
      for (const node of start.upward()) {
        if (seen.has(node)) continue;
        seen.add(node);
        yield node;
      }
    }
  }

  /** Finds a command as it is typed here: `dir`, `nfs.dir`, `ctx.nfs.dir`. */
  find(name: string): Found | undefined {
    if (this.#foundAt !== this.tree.version) {
      this.#found.clear();
      this.#foundAt = this.tree.version;
    }
    const known = this.#found.get(name);
    if (known !== undefined || this.#found.has(name)) return known;
    const found = this.#search(name);
    if (this.#found.size < 1000) this.#found.set(name, found);
    return found;
  }
  #search(name: string): Found | undefined {
    for (const node of this.lookup()) {
      const found = node.commands.get(name);
      if (found !== undefined) return found;
    }
    const dot = name.lastIndexOf(".");
    if (dot <= 0) return undefined;
    return this.tree.context(name.slice(0, dot), this)?.commands.get(name.slice(dot + 1));
  }
  /** Names all commands that can be typed here without a route. */
  commandNames(): string[] {
    const names = new Set<string>();
    for (const node of this.lookup()) for (const name of node.commands.keys()) names.add(name);
    return [...names];
  }
  findConfig(name: string): ConfigSlot | undefined {
    for (const node of this.lookup()) {
      const slot = node.configs.get(name);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }
  findCache(name: string): CacheSlot | undefined {
    for (const node of this.lookup()) {
      const slot = node.caches.get(name);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }
}

/** Tells the time. The real one is in life.ts; tests pass one of their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that only go forward. */
  ticks(): number;
}

/** What the host tells a tree about itself. */
export interface Host {
  /** The folder of the node: `var`, `etc` and `usr` are in it. */
  readonly home: string;
  /** The folder of the program. */
  readonly program: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** How the process was started: one command, a shell, a service. */
  readonly mode: "one-shot" | "shell" | "service" | "test";
}

/** The parts of a tree that know messages, handed in so that this file need not. */
export interface Hall {
  call(given: Given, calling: Calling): Maybe<Message>;
  life(tree: Tree): Life;
}

/** One running set of contexts. */
export class Tree {
  readonly root: ContextNode;
  readonly host: Host;
  readonly clock: Clock;
  readonly life: Life;
  readonly ring = new Ring();
  /** Tokens to their places. */
  readonly slots = new Map<unknown, ConfigSlot | CacheSlot>();
  /** What was offered for each port, the newest last. */
  readonly #services = new Map<unknown, readonly unknown[]>();
  /** Counts changes of contexts and commands, so that what was looked up can be kept. */
  version = 0;
  /** The serial number of the last message. */
  lastCode = 0;
  #chain: readonly ContextNode[] | undefined;

  readonly #hall: Hall;

  constructor(root: Context, host: Host, clock: Clock, hall: Hall) {
    this.host = host;
    this.clock = clock;
    this.#hall = hall;
    this.life = hall.life(this);
    this.root = new ContextNode(this, root, undefined);
    for (const child of root.contexts ?? []) this.root.addChild(child);
  }

  /** Finds a command by name and calls it: the way into the hall. */
  call(given: Given, calling: Calling): Maybe<Message> {
    return this.#hall.call(given, calling);
  }

  changed(): void {
    this.version++;
    this.#chain = undefined;
  }
  /** The contexts of config `ctx.chain`, whose commands can be typed anywhere. */
  chain(): readonly ContextNode[] {
    const names = this.root?.configs.get("chain")?.value;
    this.#chain ??= (Array.isArray(names) ? names : []).flatMap(
      (name: unknown) => this.root.children.get(String(name)) ?? [],
    );
    return this.#chain;
  }

  /** Finds a context by route: from a place (`code` below `web`), from the root (`web.code`, `ctx.web.code`), or by a unique name anywhere. */
  context(route: string, from: ContextNode = this.root): ContextNode | undefined {
    const labels = route.split(".");
    const below = (start: ContextNode | undefined): ContextNode | undefined =>
      labels.reduce<ContextNode | undefined>((node, label) => node?.children.get(label), start);
    if (route === this.root.name) return this.root;
    const absolute =
      labels[0] === this.root.name
        ? labels.slice(1).reduce<ContextNode | undefined>((node, label) => node?.children.get(label), this.root)
        : undefined;
    if (absolute !== undefined) return absolute;
    const found = below(from) ?? below(this.root);
    if (found !== undefined) return found;
    if (labels.length > 1) return undefined;
    const anywhere = [...this.root.walk()].filter((node) => node.name === route);
    return anywhere.length === 1 ? anywhere[0] : undefined;
  }

  /** Finds a context as people say it: by route, else by the only name that begins so. Throws with the candidates otherwise. */
  contextNamed(name: string, from: ContextNode = this.root): ContextNode {
    const found = this.context(name, from);
    if (found !== undefined) return found;
    const all = [...this.root.walk()];
    const begins = all.filter(
      (node) => node.name.startsWith(name) || node.path.slice(this.root.name.length + 1).startsWith(name),
    );
    const top = begins.filter(
      (node) => !begins.some((other) => other !== node && node.path.startsWith(`${other.path}.`)),
    );
    if (name !== "" && top.length === 1 && top[0] !== undefined) return top[0];
    const hint =
      top.length > 1
        ? `could be ${top.map((node) => node.path).join(", ")}`
        : didYouMean(name, [...all.map((node) => node.name), ...all.map((node) => node.path)]);
    throw fail("unknown_context", { name }, { hint });
  }

  /** Finds contexts whose name or help, in any language, fits a pattern. */
  search(pattern: Pattern): ContextNode[] {
    const texts = (node: ContextNode): string[] => [node.name, helpIn(node.help, "en"), helpIn(node.help, "zh")];
    return [...this.root.walk()].filter((node) => texts(node).some((text) => pattern.test(text)));
  }

  /** Offers a service; gives the function that takes it back. */
  provide<T>(port: Port<T>, service: T): () => void {
    const offers = (): readonly unknown[] => this.#services.get(port) ?? [];
    this.#services.set(port, [...offers(), service]);
    let offered = true;
    return () => {
      if (!offered) return;
      offered = false;
      const at = offers().lastIndexOf(service);
      this.#services.set(port, offers().toSpliced(at, 1));
    };
  }
  /** Gives the service of a port, or its stand-in. */
  use<T>(port: Port<T>): T {
    const offers = this.#services.get(port) as readonly T[] | undefined;
    return offers?.[offers.length - 1] ?? port.standIn;
  }

  conf<T>(token: Config<T>): T {
    const slot = this.slots.get(token);
    return slot === undefined ? token.value : (slot.value as T);
  }
  /** Sets a setting and tells those who watch it. */
  setConf(slot: ConfigSlot, value: unknown): void {
    slot.value = value;
    if (slot.name === "chain") this.changed();
    for (const told of [...slot.watchers]) {
      try {
        told(slot.value);
      } catch (error) {
        const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.use(log)("error", `a watcher of ${slot.node.path}.${slot.name} failed: ${why}`);
      }
    }
  }
  /** Tells whoever is interested each new value of a setting; gives the function that ends it. */
  watch(slot: ConfigSlot, told: Watcher): () => void {
    // Each watch is its own, even of the same function.
    const watcher: Watcher = (value) => told(value);
    slot.watchers.add(watcher);
    return () => void slot.watchers.delete(watcher);
  }
}
