/** Links to other nodes, as WebSockets; the only file that knows the package `ws`. */
import type { IncomingHttpHeaders } from "node:http";
import type { WebSocket, WebSocketServer } from "ws";
import { type CtxError, fail, fromSystem, type Link, type Links, type Upgrade } from "../../ctx/index.ts";
import type { LinkLimits } from "./state.ts";

/** The path of links at the HTTP door of a node, and what is spoken there. */
const linkPath = "/ctx";
const protocol = "ctx.v1";

/** What holds for each WebSocket; the other side has a second to answer a goodbye. */
const usual = { perMessageDeflate: false, closeTimeout: 1000 };
/** How the end of a WebSocket is said: usual, against the rules, no bytes. */
const codes = { usual: 1000, refused: 1008, text: 1003 } as const;
/** Where no reason is given: what the codes of an end mean. */
const endings: Readonly<Record<number, string>> = {
  1006: "the connection was lost",
  1009: "a message was too long",
};

/** All links of one node. */
export class OpenLinks implements Links {
  readonly #limits: LinkLimits;
  readonly #changed: (count: number) => void;
  readonly #open = new Set<SocketLink>();
  /** How many links of an address have not been trusted yet. */
  readonly #strangers = new Map<string, number>();
  #server: WebSocketServer | undefined;
  #last = 0;

  /** `changed` is told how many links are open, each time that changes. */
  constructor(limits: LinkLimits, changed: (count: number) => void = () => undefined) {
    this.#limits = limits;
    this.#changed = changed;
  }

  async dial(url: string, signal: AbortSignal): Promise<Link> {
    const target = addressOf(url);
    const { WebSocket } = await import("ws");
    signal.throwIfAborted();
    const { stranger, dial } = this.#limits;
    const socket = new WebSocket(target, protocol, { ...usual, maxPayload: stranger, handshakeTimeout: dial });
    await opened(socket, url, signal);
    return this.#add(socket, new URL(target).host);
  }

  accept({ request, socket, head }: Upgrade, take: (link: Link) => void): void {
    socket.on("error", () => socket.destroy());
    const address = request.socket.remoteAddress ?? "";
    const strangers = this.#strangers.get(address) ?? 0;
    const refusal = refusalOf(request.headers, strangers >= this.#limits.waiting);
    if (refusal !== undefined) {
      // Not waiting for the other side's end: who never sends it would keep the connection, and all there may be.
      socket.end(refusal, () => socket.destroy());
      return;
    }
    this.#strangers.set(address, strangers + 1);
    const known = (): void => this.#forgetStranger(address);
    socket.once("close", known);
    void this.#upgrader().then((server) =>
      server.handleUpgrade(request, socket, head, (made) => {
        socket.off("close", known);
        take(this.#add(made, address, known));
      }),
    );
  }

  /** Ends all links; the other sides are told. */
  async close(): Promise<void> {
    const ends = [...this.#open].map((link) => new Promise<void>((resolve) => link.onClose(() => resolve())));
    for (const link of [...this.#open]) link.close("the node stops");
    await Promise.all(ends);
    this.#server?.close();
  }

  async #upgrader(): Promise<WebSocketServer> {
    const { WebSocketServer } = await import("ws");
    this.#server ??= new WebSocketServer({
      ...usual,
      noServer: true,
      clientTracking: false,
      maxPayload: this.#limits.stranger,
      handleProtocols: () => protocol,
    });
    return this.#server;
  }
  #add(socket: WebSocket, address: string, known: () => void = () => undefined): SocketLink {
    this.#last += 1;
    const link = new SocketLink(socket, `tcp.link${this.#last}`, address, () => {
      raiseLimit(socket, this.#limits.message);
      known();
    });
    this.#changed(this.#open.add(link).size);
    link.onClose(() => {
      this.#open.delete(link);
      this.#changed(this.#open.size);
      if (!link.isTrusted) known();
    });
    return link;
  }
  #forgetStranger(address: string): void {
    const left = (this.#strangers.get(address) ?? 1) - 1;
    if (left > 0) this.#strangers.set(address, left);
    else this.#strangers.delete(address);
  }
}

/** One link. Messages wait until there is somebody to take them. */
class SocketLink implements Link {
  readonly name: string;
  readonly address: string;
  readonly #socket: WebSocket;
  readonly #trusted: () => void;
  readonly #told: ((reason: string) => void)[] = [];
  #closed = false;
  #ended: string | undefined;
  isTrusted = false;

  constructor(socket: WebSocket, name: string, address: string, trusted: () => void) {
    this.#socket = socket;
    this.name = name;
    this.address = address;
    this.#trusted = trusted;
    socket.pause();
    socket.on("error", () => undefined);
    socket.on("close", (code, reason) => this.#end(reason.toString() || (endings[code] ?? "the other side went")));
  }
  get waiting(): number {
    return this.#socket.bufferedAmount;
  }
  send(message: Uint8Array): void {
    if (!this.#closed) this.#socket.send(message, noReport);
  }
  trust(): void {
    if (this.isTrusted || this.#closed) return;
    this.isTrusted = true;
    this.#trusted();
  }
  close(reason = ""): void {
    this.#closeWith(codes.usual, reason);
  }
  onMessage(take: (message: Buffer) => void): void {
    this.#socket.on("message", (data, isBinary) => {
      if (this.#closed) return;
      if (isBinary) take(data as Buffer);
      else this.#closeWith(codes.text, "only bytes are spoken here");
    });
    this.#socket.resume();
  }
  onClose(told: (reason: string) => void): void {
    const reason = this.#ended;
    if (reason === undefined) this.#told.push(told);
    else setImmediate(() => told(reason));
  }
  #closeWith(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.resume();
    this.#socket.close(code, shortened(reason));
  }
  #end(reason: string): void {
    this.#closed = true;
    this.#ended = reason;
    for (const told of this.#told.splice(0)) told(reason);
  }
}

/** What could not be sent is told by the end of the link. */
const noReport = (): void => undefined;

/** The longest reason that the end of a WebSocket carries, in bytes. */
const longestReason = 123;
function shortened(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= longestReason) return reason;
  // A character that was cut in two is shown as U+FFFD.
  return bytes.toString("utf8", 0, longestReason).replace(/\ufffd$/, "");
}

/** Lets longer messages in. The receiver of `ws` holds its limit in a field that is its own; a test proves that this works. */
function raiseLimit(socket: WebSocket, bytes: number): void {
  const { _receiver: receiver } = socket as unknown as { _receiver?: { _maxPayload?: number } };
  if (receiver?._maxPayload === undefined) throw new Error("this version of ws keeps its limit elsewhere");
  receiver._maxPayload = bytes;
}

/** The refusal of an upgrade, as plain HTTP; undefined when there is no reason for one. */
function refusalOf({ origin, "sec-websocket-protocol": spoken = "" }: IncomingHttpHeaders, isFull: boolean) {
  if (origin !== undefined) return answer("403 Forbidden", "links are not for pages");
  const isSpoken = spoken.split(",").some((one) => one.trim() === protocol);
  if (!isSpoken) return answer("400 Bad Request", `the subprotocol must be ${protocol}`);
  if (!isFull) return undefined;
  return answer("503 Service Unavailable", "too many links wait to be known (tcp.link_waiting)", "Retry-After: 5\r\n");
}

function answer(status: string, why: string, header = ""): string {
  const about = `Connection: close\r\n${header}Content-Type: text/plain\r\nContent-Length: ${why.length + 1}`;
  return `HTTP/1.1 ${status}\r\n${about}\r\n\r\n${why}\n`;
}

/** Gives the address that a node is dialled at. Only nodes of this machine are, as long as links are not encrypted. */
function addressOf(url: string): string {
  const hintUrl = { hint: "such as http://localhost:9094" };
  if (!URL.canParse(url)) throw fail("failed", { problem: `"${url}" is no URL of a node` }, hintUrl);
  const { protocol: scheme, hostname, port } = new URL(url);
  if (scheme !== "http:") throw fail("unsupported", { problem: `links begin with http://, not with ${scheme}//` });
  const isHere = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  if (!isHere) {
    const hint = "links are not encrypted yet, so that only nodes of this machine can be joined";
    throw fail("unsupported", { problem: `${hostname} is not this machine` }, { hint });
  }
  // Another machine could be called localhost by the name service; the number is always this one.
  const host = hostname === "localhost" ? "127.0.0.1" : hostname;
  return `ws://${host}:${port || "80"}${linkPath}`;
}

/** Waits until a WebSocket is open; says why when it does not open. */
function opened(socket: WebSocket, url: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => socket.terminate();
    const failed = (why: unknown): void => {
      signal.removeEventListener("abort", stop);
      reject(signal.aborted ? fail("cancelled", {}) : why);
    };
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", (error) => failed(dialError(error, url)));
    socket.on("unexpected-response", (request, { statusCode }) => {
      failed(fail("failed", { problem: `${url} answers a link with ${statusCode}` }));
      request.destroy();
    });
    socket.once("open", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}

function dialError(error: Error, url: string): CtxError {
  return fromSystem(error) ?? fail("failed", { problem: `${url}: ${error.message}` }, { cause: error });
}
