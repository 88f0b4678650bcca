/** Reads the JSON that other nodes send: each field has a kind, and what does not fit ends the reading. */
import { fail } from "../../ctx/index.ts";
import { isAddress, isLabel } from "./route.ts";

/** The kinds of nodes that are below another. */
export type NodeType = "worker" | "server";

/** The kinds of text that fields hold. */
const kinds = {
  key: (text: string) => /^[\w-]{43}$/.test(text) && Buffer.from(text, "base64url").toString("base64url") === text,
  epoch: (text: string) => /^[0-9a-f]{16}$/.test(text),
  label: isLabel,
  address: isAddress,
  type: (text: string) => text === "worker" || text === "server",
  bytes: (text: string) => /^[\w-]+$/.test(text),
  words: (text: string) => text.length <= 1000,
} as const;

const mostItems = 1000;

/** A JSON object of another node. */
export class Fields {
  readonly #what: string;
  readonly #object: { readonly [key: string]: unknown };

  constructor(what: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw damaged(what);
    this.#what = what;
    this.#object = value as { readonly [key: string]: unknown };
  }
  static read(what: string, json: Uint8Array | string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(typeof json === "string" ? json : Buffer.from(json).toString("utf8"));
    } catch {
      throw damaged(what);
    }
    return new Fields(what, value);
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }
  text(name: string, kind: keyof typeof kinds): string {
    const value = this.#get(name);
    if (typeof value !== "string" || !kinds[kind](value)) throw damaged(this.#what, name);
    return value;
  }
  type(name: string): NodeType {
    return this.text(name, "type") as NodeType;
  }
  /** Bytes of a fixed length. */
  bytes(name: string, length: number): Buffer {
    const bytes = Buffer.from(this.text(name, "bytes"), "base64url");
    if (bytes.length !== length) throw damaged(this.#what, name);
    return bytes;
  }
  /** A whole number: a version, a time in milliseconds since 1970. */
  integer(name: string): number {
    const value = this.#get(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw damaged(this.#what, name);
    return value;
  }
  flag(name: string): boolean {
    return this.#get(name) === true;
  }
  /** Any value, to be read further. */
  only(name: string): unknown {
    return this.#get(name);
  }
  list(name: string, most = mostItems): readonly unknown[] {
    const value = this.#get(name);
    if (!Array.isArray(value) || value.length > most) throw damaged(this.#what, name);
    return value;
  }
  texts(name: string): readonly string[] {
    const list = this.list(name);
    if (!list.every((one) => typeof one === "string")) throw damaged(this.#what, name);
    return list as readonly string[];
  }
  #get(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }
}

const damaged = (what: string, field?: string) =>
  fail("failed", { problem: field === undefined ? `${what} is no JSON object` : `${what} has no right "${field}"` });
