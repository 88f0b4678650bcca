/** A WebSocket client that speaks as much of the protocol of links as a test wants it to, and as wrongly. */
import { once } from "node:events";
import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import type { Signer } from "../../src/ctx/index.ts";
import { type Frame, frameTypes, readFrame } from "../../src/modules/ssh/frame.ts";
import { Handshake, type Proven } from "../../src/modules/ssh/handshake.ts";
import { jsonFrame } from "../../src/modules/ssh/meeting.ts";
import { proofOf } from "../../src/modules/ssh/secret.ts";
import { makeSigner } from "./nodes.ts";

export interface Guise {
  readonly name?: string;
  readonly signer?: Signer;
  readonly epoch?: string;
}

export class Stranger {
  readonly signer: Signer;
  readonly handshake: Handshake;
  readonly got: Frame[] = [];
  /** What the end of the link said; there once it has ended. */
  reason: string | undefined;
  readonly #socket: WebSocket;
  #event: () => void = () => undefined;

  private constructor(socket: WebSocket, { name = "demo", signer = makeSigner(), epoch = "0".repeat(16) }: Guise) {
    this.#socket = socket;
    this.signer = signer;
    this.handshake = new Handshake("dial", { name, type: "worker", epoch, signer });
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      this.got.push(readFrame(data as Buffer));
      this.#event();
    });
    socket.on("close", (_code, reason) => {
      this.reason = reason.toString();
      this.#event();
    });
  }
  static async dial(t: TestContext, url: string, guise: Guise = {}): Promise<Stranger> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ctx`, "ctx.v1");
    t.after(() => socket.terminate());
    // It listens from the start: what the node says at once may come with its answer to the upgrade.
    const stranger = new Stranger(socket, guise);
    await once(socket, "open");
    return stranger;
  }

  send(message: Uint8Array | string): void {
    this.#socket.send(message);
  }
  /** Waits for the next message that was not waited for yet; undefined when the link ends before it comes. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.got.shift();
      if (frame !== undefined || this.reason !== undefined) return frame;
      await new Promise<void>((resolve) => {
        this.#event = resolve;
      });
    }
  }
  /** Waits for the end; gives what came before it. */
  async ended(): Promise<readonly Frame[]> {
    const before: Frame[] = [];
    for (;;) {
      const frame = await this.next();
      if (frame === undefined) return before;
      before.push(frame);
    }
  }
  /** Proves its key, and has the other side prove its own. */
  async meet(): Promise<Proven> {
    for (const frame of this.handshake.begin()) this.send(frame);
    while (this.handshake.proven === undefined) {
      const frame = await this.next();
      if (frame === undefined) throw new Error(`the link ended: ${this.reason}`);
      for (const answer of this.handshake.take(frame)) this.send(answer);
    }
    return this.handshake.proven;
  }
  /** Asks to join; gives the answer. */
  async join(secret?: string): Promise<{ readonly [key: string]: unknown }> {
    const { transcript } = await this.meet();
    const proof = secret === undefined ? undefined : proofOf(secret, "join-c", transcript).toString("base64url");
    this.send(jsonFrame(frameTypes.join, { proof }));
    const answer = await this.next();
    return JSON.parse(answer?.body.toString() ?? "{}") as { readonly [key: string]: unknown };
  }
}
