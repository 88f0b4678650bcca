/** What passes over the links of this node: messages for it, which it takes, and those for others, which it passes on. */
import { CtxError, fail } from "../../ctx/index.ts";
import { Fields } from "./fields.ts";
import { type Frame, frameTypes, hop, readFrame } from "./frame.ts";
import { jsonFrame, pong } from "./meeting.ts";
import { isBelow, isInside } from "./route.ts";
import type { Session } from "./session.ts";

/** Who decides where a message goes, and takes what is for this node. */
export interface PassageOptions {
  readonly own: () => string;
  /** The link towards an address that has room for a message; undefined when there is none. */
  readonly next: (dst: string) => Session | undefined;
  readonly batch: (src: string, dst: string, body: Buffer) => void;
  /** News of the nodes below a child. */
  readonly route: (child: Session, body: Buffer) => void;
  /** A new address, or renewed certificates. */
  readonly join: (above: Session, body: Buffer) => void;
  readonly gone: (isGone: (address: string) => boolean) => void;
  readonly refused: (what: string, src: string) => void;
  /** A fault of this program. */
  readonly broken: (error: unknown) => void;
  /** After how many faults a neighbour loses its link. */
  readonly mostFaults: () => number;
}

/**
 * What a neighbour's own messages cause to be sent back is dropped while so many bytes wait: it does not read. Where others
 * wait, nobody needs a PONG to know that this node lives.
 */
const most = { pong: 64 << 10, gone: 8 << 20 } as const;

export class Passage {
  readonly #options: PassageOptions;

  constructor(options: PassageOptions) {
    this.#options = options;
  }

  /** Takes one message of a link. Nothing that comes in by it can end the process. */
  take(session: Session, bytes: Buffer): void {
    session.heard();
    try {
      this.#take(session, readFrame(bytes), bytes);
    } catch (error) {
      if (error instanceof CtxError) this.#fault(session, error.message);
      else this.#options.broken(error);
    }
  }
  #take(session: Session, frame: Frame, bytes: Buffer): void {
    const { type, body } = frame;
    if (type === frameTypes.batch || type === frameTypes.route) this.#takeRouted(session, frame, bytes);
    else if (type === frameTypes.ping) answer(session, pong, most.pong);
    else if (type === frameTypes.join && session.isAbove) this.#options.join(session, body);
    else if (type !== frameTypes.pong) throw fail("failed", { problem: "a message out of order" });
  }
  #takeRouted(session: Session, frame: Frame, bytes: Buffer): void {
    const { type, dst, src, body } = frame;
    const judged = session.judge(src, this.#options.own());
    if (judged === "false") throw fail("not_allowed", { problem: `a message of ${src} came from ${session.address}` });
    if (judged === "late") return;
    if (dst !== "") this.#pass(session, frame, bytes);
    else if (type === frameTypes.route && !session.isAbove) this.#options.route(session, body);
    else throw fail("failed", { problem: "a message without an address" });
  }

  /** Gives a message to whom it is for, or passes the same bytes on. */
  #pass(from: Session, { type, dst, src, body }: Frame, bytes: Buffer): void {
    const { own, next, batch } = this.#options;
    if (dst === own()) {
      if (type === frameTypes.batch) batch(src, dst, body);
      else this.#hearNoWay(src, body);
      return;
    }
    const to = next(dst);
    if (to !== undefined && to !== from && hop(bytes)) to.link.send(bytes);
    else if (type === frameTypes.batch) answer(from, jsonFrame(frameTypes.route, { gone: dst }, src, own()), most.gone);
  }
  /** A node on the way could not pass a message on. That is for those to say who would have had to: all others may lie. */
  #hearNoWay(src: string, body: Buffer): void {
    const { own, gone, refused } = this.#options;
    const dst = Fields.read("a ROUTE", body).text("gone", "address");
    const isOurs = isInside(dst, own());
    const isOnTheWay = isInside(dst, src) ? !isOurs || isBelow(src, own()) : !isOurs && isInside(own(), src);
    if (isOnTheWay) gone((address) => address === dst);
    else refused(`says that ${dst} cannot be reached`, src);
  }
  /** What an honest neighbour does not send; who goes on doing so loses the link. */
  #fault(session: Session, what: string): void {
    this.#options.refused(what, session.address);
    if (++session.faults >= this.#options.mostFaults()) session.link.close("too many messages that do not fit");
  }
}

function answer({ link }: Session, bytes: Buffer, most: number): void {
  if (link.waiting < most) link.send(bytes);
}
