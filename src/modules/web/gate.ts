/**
 * Who may pass. Until there are people, one token opens the door, which only the owner of the node can read; browsers
 * change it for a cookie. A page of somebody else, in the owner's browser, must get nothing done by it.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Clock, fail } from "../../ctx/index.ts";
import { Refusal } from "./problem.ts";
import { Sessions } from "./sessions.ts";

/** What a browser may ask for before it has a session. */
const openPaths: ReadonlySet<string> = new Set(["/", "/code", "/healthz", "/login"]);
const isOpen = (path: string): boolean => openPaths.has(path) || path.startsWith("/librarys/");

/** The longest address that is read. */
const addressLimit = 8192;

export class Gate {
  readonly sessions: Sessions;
  /** The name of the cookie: browsers do not tell ports apart. */
  readonly cookieName: string;
  readonly #hosts: ReadonlySet<string>;
  readonly #bearer: Buffer;
  readonly #given: Buffer;
  readonly #cookie: RegExp;

  constructor(token: string, port: number, clock: Clock) {
    this.sessions = new Sessions(token, clock);
    this.cookieName = `ctx_${port}`;
    this.#hosts = new Set(["127.0.0.1", "localhost", "[::1]"].flatMap((name) => [name, `${name}:${port}`]));
    this.#bearer = Buffer.from(`Bearer ${token}`, "latin1");
    this.#given = Buffer.alloc(this.#bearer.length);
    this.#cookie = new RegExp(`(?:^|;)\\s*${this.cookieName}=([A-Za-z0-9_-]{43})(?=;|$)`);
  }

  /** Throws unless the request may pass. */
  check(request: IncomingMessage, path: string): void {
    const { headers, method, url } = request;
    this.checkOrigin(request);
    if (url !== undefined && url.length > addressLimit) throw tooLong();
    const isRead = method === "GET" || method === "HEAD";
    const site = headers["sec-fetch-site"];
    const isElsewhere = site !== undefined && site !== "same-origin" && site !== "none";
    // A link to the page may stand anywhere.
    const isLink = isRead && headers["sec-fetch-mode"] === "navigate" && openPaths.has(path);
    if (isElsewhere && !isLink) throw forbidden("another site's page may not call");
    if (isOpen(path)) return;
    if (headers.authorization !== undefined) {
      if (!this.#isBearer(headers.authorization)) throw unknown();
      return;
    }
    const cookie = this.cookieOf(request);
    if (cookie === undefined || !this.sessions.has(cookie)) throw unknown();
    if (!isRead && headers.origin === undefined) throw forbidden("a call with a cookie must tell its origin");
  }

  /** Throws unless a request is for this node by one of its own names, and from no page of somebody else. */
  checkOrigin({ headers, rawHeaders }: IncomingMessage): void {
    const { host, origin } = headers;
    if (countOf("host", rawHeaders) > 1) throw new Refusal(fail("parse_error", { problem: "Host must come once" }));
    // A foreign name that leads here is how a page elsewhere would talk to us (DNS rebinding).
    if (host === undefined || !this.#isOurs(host)) throw forbidden("this node has no such name");
    if (origin !== undefined && origin !== `http://${host}`) throw forbidden("another site's page may not call");
  }

  /** Gives the session's cookie of a request. */
  cookieOf({ headers }: IncomingMessage): string | undefined {
    return headers.cookie === undefined ? undefined : this.#cookie.exec(headers.cookie)?.[1];
  }

  #isOurs(host: string): boolean {
    return this.#hosts.has(host) || this.#hosts.has(host.toLowerCase());
  }
  /** Compares in a time that says nothing about the token. */
  #isBearer(given: string): boolean {
    if (given.length !== this.#bearer.length) return false;
    this.#given.write(given, "latin1");
    return timingSafeEqual(this.#given, this.#bearer);
  }
}

/** Tells how often a header came: of those that may come once, `headers` has the first alone. */
function countOf(name: string, raw: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const given = raw[i] as string;
    if (given.length === name.length && given.toLowerCase() === name) count++;
  }
  return count;
}

const forbidden = (problem: string): Refusal => new Refusal(fail("not_allowed", { problem }));

const tooLong = (): Refusal =>
  new Refusal(fail("too_large", { problem: `the address is longer than ${addressLimit} characters` }), 414);

const unknown = (): Refusal =>
  new Refusal(
    fail(
      "not_logged_in",
      {},
      { hint: "send Authorization: Bearer and the token in var/run/token, or POST it to /login" },
    ),
  );
