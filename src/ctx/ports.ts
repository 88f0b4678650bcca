import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { fail } from "./errors.ts";
import type { Value } from "./kit/value.ts";
import type { Maybe } from "./maybe.ts";
import type { Travel } from "./message.ts";
import type { Piped, Sink } from "./pipe.ts";
import type { Found } from "./tree.ts";
import type { Who } from "./who.ts";
import type { WireTarget } from "./wire.ts";
import type { Words } from "./word.ts";

/**
 * A port is a typed name for a service that one module gives and others use (VS Code: service ids; Fastify: decorators).
 * Without a provider the stand-in speaks. Ports are for what is called often or holds sockets; everything else is a command.
 */
export interface Port<T> {
  readonly name: string;
  readonly standIn: T;
}

export function port<T>(name: string, standIn: T): Port<T> {
  return { name, standIn };
}

/** Decides whether a call may run, before its input is read. Throws `not_allowed` or `not_logged_in` when it may not. */
export type Guard = (found: Found, who: Who) => void;

/** Lets through the terminal, the token printed at start, and a verified parent calling down; nothing else. */
export const guard = port<Guard>("guard", (found, who) => {
  if (who.via === "stranger") throw fail("not_allowed", { problem: `you may not run ${found.right}` });
});

export type Level = "boot" | "bench" | "right" | "error" | "debug";
/** Writes one line of a log. `fields` are what one searches for: trace, code, source, target, ms. */
export type Log = (level: Level, text: string, fields?: Readonly<Record<string, Value>>) => void;

/** Keeps log lines; without the log module nothing is kept. */
export const log = port<Log>("log", () => undefined);

/**
 * What is run: text of a line or script; words that came one by one from the outer shell, where words that are operators
 * work as such; or one call whose words are final.
 */
export type ScriptSource =
  | { readonly text: string; readonly name: string }
  | { readonly argv: readonly string[] }
  | { readonly call: Words };

/** What a line or script needs from whoever runs it. */
export interface ScriptRequest {
  readonly source: ScriptSource;
  readonly who: Who;
  readonly out: Sink;
  readonly signal: AbortSignal;
  readonly piped?: Piped | undefined;
  /** What travels along from the message this runs under. */
  readonly travel?: Travel | undefined;
}

/** The script language: runs text, and tells whether a text is complete. */
export interface Script {
  /** Runs a text; what its commands show goes to `out`. Gives the code of the last command; throws its error. */
  run(request: ScriptRequest): Maybe<number>;
  /** Tells whether more lines are needed to complete a text. */
  isPartial(text: string): boolean;
}

export const script = port<Script>("script", {
  run() {
    throw fail("unsupported", { problem: "no script engine is loaded" });
  },
  isPartial: () => false,
});

/** The terminal of a shell, which may be lent to a program: until it gives it back nothing is read and Ctrl-C is its own. */
export interface Terminal {
  lend<T>(work: () => Promise<T>): Promise<T>;
}
export const terminal = port<Terminal>("terminal", { lend: (work) => work() });

/** Finds a program outside of the tree (a system program, a script by suffix) for a first word that is no command. */
export type Fallback = (name: string, who: Who) => Found | undefined;
export const fallback = port<Fallback>("fallback", () => undefined);

/** Replaces a first word that is an alias by the words it stands for. */
export type Aliases = (name: string) => string | readonly string[] | undefined;
export const aliases = port<Aliases>("aliases", () => undefined);

/** A call for the node that runs in this folder, from a process beside it. */
export interface BesideRequest {
  readonly words: Words;
  readonly who: Who;
  readonly signal: AbortSignal;
  readonly out: WireTarget;
}
/** Asks the node that runs in this folder. Throws what the command failed with, `node_offline` when no node runs. */
export type Beside = (request: BesideRequest) => Promise<void>;
export const beside = port<Beside>("beside", () => {
  throw fail("node_offline", { node: "of this folder" });
});

/** The address of this node in its tree of nodes, such as `com.demo`; empty in a process that is none. */
export const here = port<() => string>("here", () => "");

/** The key of this node: it signs what the node sends, and checks what others have signed (Ed25519). */
export interface Signer {
  /** The public key: its 32 bytes, base64url. */
  readonly key: string;
  /** Signs bytes; 64 bytes. */
  sign(bytes: Uint8Array): Buffer;
  /** Tells whether a signature of these bytes is by that key; false for anything that is no key. */
  verify(key: string, bytes: Uint8Array, signature: Uint8Array): boolean;
}
/** Gives the signer of this node; its key is made when there is none. */
export const signer = port<() => Signer>("signer", () => {
  throw fail("unsupported", { problem: "no module keeps keys" });
});

/** A connection to another node: messages of bytes, whole and in order. */
export interface Link {
  /** Its name in this process, `tcp.link3`. */
  readonly name: string;
  /** The network address of the other side. */
  readonly address: string;
  send(message: Uint8Array): void;
  /** Bytes that wait to be sent. */
  readonly waiting: number;
  /** Lets longer messages in: until then only short ones are, because nobody knows who the other side is. */
  trust(): void;
  /** Closes it; `reason` is told the other side. */
  close(reason?: string): void;
  onMessage(take: (message: Buffer) => void): void;
  /** Told once, however it ended. */
  onClose(told: (reason: string) => void): void;
}
/** Opens links, and takes those that others open. */
export interface Links {
  /** Connects to a node by the URL of its HTTP door. */
  dial(url: string, signal: AbortSignal): Promise<Link>;
  /** Makes a link of a WebSocket upgrade, or answers it with a refusal. */
  accept(upgrade: Upgrade, take: (link: Link) => void): void;
}
export const links = port<Links>("links", {
  dial: () => {
    throw fail("unsupported", { problem: "no module opens links" });
  },
  accept: ({ socket }) => socket.destroy(),
});

/** A request to make a connection another protocol's (HTTP `Upgrade`). */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}
/** The HTTP door of this node: who wants upgrades on a path says so. Gives the function that ends it. */
export type Upgrades = (path: string, take: (upgrade: Upgrade) => void) => () => void;
export const upgrades = port<Upgrades>("upgrades", () => () => undefined);
