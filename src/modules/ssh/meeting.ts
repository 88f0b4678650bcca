/** The first messages of a link, until both sides know each other: their order, their number, and how long it may take. */
import { CtxError, drawError, type Link } from "../../ctx/index.ts";
import { errorOf } from "./fault.ts";
import { Fields } from "./fields.ts";
import { type FrameType, frameTypes, readFrame, writeFrame } from "./frame.ts";
import type { Handshake, Proven } from "./handshake.ts";
import type { Timers } from "./timers.ts";

/** What the two sides do differently. */
export interface Manners {
  /** Both have proven their keys: gives what is sent now, throws when the other one is not who it has to be. */
  proven(other: Proven): readonly Buffer[];
  /** The other side's JOIN: gives who takes all later messages, throws when it cannot be. */
  join(other: Proven, fields: Fields): (bytes: Buffer) => void;
  /** It came to nothing, for a reason of this side. */
  failed(error: CtxError): void;
}

/** How many PINGs are answered before the other side is known. */
const mostPings = 10;

export const pong = writeFrame(frameTypes.pong, Buffer.alloc(0));
export const ping = writeFrame(frameTypes.ping, Buffer.alloc(0));
export const jsonFrame = (type: FrameType, body: unknown, dst = "", src = ""): Buffer =>
  writeFrame(type, Buffer.from(JSON.stringify(body)), dst, src);

/** Lets a link meet: whatever is not right ends it, without another answer than the end. */
export function meet(link: Link, handshake: Handshake, manners: Manners, limitMs: number, timers: Timers): void {
  let later: ((bytes: Buffer) => void) | undefined;
  let pings = 0;
  const first = (bytes: Buffer): void => {
    const frame = readFrame(bytes);
    const known = handshake.proven;
    if (frame.type === frameTypes.ping && ++pings <= mostPings) link.send(pong);
    else if (known === undefined) {
      send(handshake.take(frame));
      if (handshake.proven !== undefined) send(manners.proven(handshake.proven));
    } else if (frame.type === frameTypes.join) {
      later = manners.join(known, Fields.read("a JOIN", frame.body));
      stopWaiting();
    } else handshake.take(frame);
  };
  const send = (frames: readonly Buffer[]): void => {
    for (const frame of frames) link.send(frame);
  };
  const stopWaiting = timers.after(limitMs, () => link.close(`not known within ${limitMs} ms (ssh.link_meet)`));
  link.onClose(stopWaiting);
  link.onMessage((bytes) => {
    if (later !== undefined) return later(bytes);
    try {
      first(bytes);
    } catch (error) {
      manners.failed(errorOf(error));
      link.close(error instanceof CtxError ? drawError(error).slice("error: ".length) : "a fault of the other side");
    }
  });
  send(handshake.begin());
}
