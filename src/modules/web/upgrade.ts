import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { fail, type Upgrade, type Upgrades } from "../../ctx/index.ts";
import type { Gate } from "./gate.ts";
import { Refusal, sendRaw } from "./problem.ts";
import { splitAddress } from "./request.ts";

/** Hands connections that are to become another protocol's to whoever wants those of their path. */
export class Upgrader {
  readonly #gate: () => Gate | undefined;
  readonly #takers = new Map<string, (upgrade: Upgrade) => void>();
  readonly #sockets = new Set<Duplex>();
  #isClosed = false;

  constructor(gate: () => Gate | undefined) {
    this.#gate = gate;
  }

  /** What the port gives to others. */
  readonly offer: Upgrades = (path, take) => {
    if (this.#takers.has(path)) throw fail("already_exists", { what: "upgrade path", name: path });
    this.#takers.set(path, take);
    return () => {
      if (this.#takers.get(path) === take) this.#takers.delete(path);
    };
  };

  /** Takes an upgrade from the server. */
  readonly take = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A stranger who goes away in the middle is no event.
    socket.on("error", () => socket.destroy());
    if (this.#isClosed) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    try {
      const gate = this.#gate();
      if (gate === undefined) throw new Refusal(fail("failed", { problem: "the node starts" }), 503);
      gate.checkOrigin(request);
      const [path] = splitAddress(request.url ?? "");
      const take = this.#takers.get(path);
      if (take === undefined) throw new Refusal(fail("not_found", { what: "path", name: path }));
      take({ request, socket, head });
    } catch (error) {
      sendRaw(socket, error instanceof Refusal ? error : new Refusal(fail("internal", { id: "" })));
    }
  };

  /** Ends the connections that were handed on and are still open, and takes no more. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}
