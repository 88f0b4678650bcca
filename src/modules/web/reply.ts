/** The bytes of an answer on their way: small ones are sent whole, long ones as they come and no faster than they are read. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Maybe } from "../../ctx/index.ts";
import type { Form } from "./accept.ts";
import { guarded, pageHeaders } from "./headers.ts";

/** Bytes that are held back: what is shorter is sent whole, with its length and a tag. */
const heldLimit = 64 << 10;

const headersOf = new Map<Form, readonly string[]>();

function baseHeaders(form: Form): readonly string[] {
  let headers = headersOf.get(form);
  if (headers === undefined) {
    const common = form.format === "html" ? pageHeaders : guarded;
    headers = ["content-type", form.sent, ...common];
    headersOf.set(form, headers);
  }
  return headers;
}

/** One answer on its socket. */
export class Reply {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #form: Form;
  readonly #isLive: boolean;
  readonly #isHead: boolean;
  #held: (string | Uint8Array)[] = [];
  #size = 0;
  #begun = false;
  #drained: Promise<void> | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, form: Form, isLive: boolean) {
    this.request = request;
    this.response = response;
    this.#form = form;
    this.#isLive = isLive;
    this.#isHead = request.method === "HEAD";
  }
  /** True once some of it has been sent: its status is said. */
  get begun(): boolean {
    return this.#begun;
  }
  /** True once nobody reads any more. */
  get closed(): boolean {
    return this.response.destroyed || (this.#begun && this.#isHead);
  }

  /** Adds to the answer; a promise means that the reader is behind. */
  write(chunk: string | Uint8Array): Maybe<void> {
    if (this.closed) return;
    if (!this.#begun) {
      this.#held.push(chunk);
      this.#size += chunk.length;
      return this.#isLive || this.#size > heldLimit ? this.#begin() : undefined;
    }
    return this.response.write(chunk) ? undefined : this.#drain();
  }
  /** Says that it is complete. */
  end(): void {
    if (this.#begun) this.response.end();
    else if (!this.response.destroyed) this.#sendWhole(joined(this.#held));
  }
  /** Forgets what is held back. */
  drop(): void {
    this.#held = [];
    this.#size = 0;
  }
  /** Cuts it off, so that nobody takes it for whole. */
  cut(): void {
    this.response.destroy();
  }

  #begin(): Maybe<void> {
    this.#begun = true;
    this.response.writeHead(200, [...baseHeaders(this.#form), "cache-control", "no-store"]);
    const held = joined(this.#held);
    this.#held = [];
    if (this.#isHead) {
      this.response.end();
      return;
    }
    return this.response.write(held) ? undefined : this.#drain();
  }
  #drain(): Promise<void> {
    const { response } = this;
    this.#drained ??= new Promise((resolve) => {
      const go = (): void => {
        response.off("drain", go);
        response.off("close", go);
        this.#drained = undefined;
        resolve();
      };
      response.on("drain", go);
      response.on("close", go);
    });
    return this.#drained;
  }

  #sendWhole(body: string | Uint8Array): void {
    const { request, response } = this;
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const isKept = request.method !== "POST";
    const tag = isKept ? tagOf(body) : "";
    const isKnown = isKept && hasTag(request.headers["if-none-match"], tag);
    response.writeHead(isKnown ? 304 : 200, wholeHeaders(this.#form, String(length), tag));
    if (isKnown || this.#isHead) response.end();
    // Text without other letters is its own bytes: that is the quicker way to write it.
    else if (typeof body === "string" && length === body.length) response.end(body, "latin1");
    else response.end(body);
  }
}

/** The headers of an answer that is sent whole: those of `baseHeaders`, written out because most answers are such. */
function wholeHeaders(form: Form, length: string, tag: string): string[] {
  const kept = tag === "" ? "no-store" : "private, no-cache";
  if (form.format === "html") {
    const last = tag === "" ? [] : ["etag", tag];
    return [...baseHeaders(form), "content-length", length, "cache-control", kept, ...last];
  }
  const [a, b, c, d] = guarded as readonly [string, string, string, string];
  if (tag === "") return ["content-type", form.sent, a, b, c, d, "content-length", length, "cache-control", kept];
  return ["content-type", form.sent, a, b, c, d, "content-length", length, "cache-control", kept, "etag", tag];
}

/**
 * A tag for a body: its length and 32 bits of a quick hash (FNV-1a). It tells versions of one answer apart, no more; a
 * digest would cost as much as all else that a small answer costs here.
 */
function tagOf(body: string | Uint8Array): string {
  const text = typeof body === "string" ? body : Buffer.from(body).toString("latin1");
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `W/"${text.length}-${hash >>> 0}"`;
}

function hasTag(given: string | undefined, tag: string): boolean {
  return given !== undefined && (given === "*" || given.split(",").some((one) => one.trim() === tag));
}

function joined(parts: readonly (string | Uint8Array)[]): string | Uint8Array {
  if (parts.length === 1) return parts[0] as string | Uint8Array;
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}
