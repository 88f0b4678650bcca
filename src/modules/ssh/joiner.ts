/** How links come to be: those that nodes below open, and those to the node above. */
import { CtxError, fail, type Level, type Link, type Links } from "../../ctx/index.ts";
import { askAbove, checkAnswer, type JoinRequest, loop } from "./above.ts";
import { type Admitted, Gate, Tries } from "./admit.ts";
import { errorOf } from "./fault.ts";
import type { Fields, NodeType } from "./fields.ts";
import { frameTypes } from "./frame.ts";
import { Handshake, type Proven, type Role } from "./handshake.ts";
import type { Known } from "./known.ts";
import { jsonFrame, meet } from "./meeting.ts";
import { deepest, longestAddress, parentOf } from "./route.ts";
import type { Secrets } from "./secret.ts";
import { Session } from "./session.ts";
import type { Standing } from "./standing.ts";
import type { Limits } from "./state.ts";
import type { Timers } from "./timers.ts";

type Take = (bytes: Buffer) => void;

/** What a joiner needs, and whom it tells of new links; each of these gives who takes what comes over it. */
export interface JoinerOptions {
  readonly name: string;
  readonly type: NodeType;
  /** Another one with each start of the process. */
  readonly epoch: string;
  readonly standing: Standing;
  readonly known: Known;
  readonly secrets: Secrets;
  readonly links: Links;
  readonly timers: Timers;
  readonly limits: Limits;
  readonly now: () => number;
  readonly log: (level: Level, text: string) => void;
  /** Tells whether a node of a key is below this one. */
  readonly isBelow: (key: string) => boolean;
  readonly child: (link: Link, other: Proven, admitted: Admitted) => Take;
  readonly above: (session: Session, fields: Fields) => Take;
  readonly aboveIsGone: (session: Session, reason: string) => void;
  readonly refused: (what: string, src: string) => void;
}

/** What a link that ends as its process stops says, and one that makes room for a newer one of the same node. */
export const stopping = "the node stops";
export const replaced = "a newer link of the same key took its place";

/** The characters that may come behind a name that is taken: `demo_1`. */
const longestNumber = 10;

export class Joiner {
  readonly #options: JoinerOptions;
  readonly #gate: Gate;
  #isClosed = false;

  constructor(options: JoinerOptions) {
    const { known, secrets, now, limits } = options;
    this.#options = options;
    this.#gate = new Gate(known, secrets, new Tries(now, () => limits.tries), (error) =>
      options.log("error", `an invitation was not used: ${errorOf(error).message}`),
    );
  }
  /** Lets nobody in any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Takes a link that another node opened: it may come to be below this one. */
  accept(link: Link): void {
    const { log, refused, limits, timers, standing } = this.#options;
    let handshake: Handshake;
    try {
      handshake = this.#handshake("accept", standing.address);
    } catch (error) {
      // The key of this node cannot be read: that is for whoever runs it, not for the other side.
      log("error", `a link was not taken: ${errorOf(error).message}`);
      link.close();
      return;
    }
    const failed = ({ message }: CtxError): void =>
      refused(`${message} (link of ${link.address})`, handshake.proven?.name ?? "a stranger");
    const join = (other: Proven, fields: Fields): Take => this.#letIn(link, other, fields);
    meet(link, handshake, { proven: () => [], join, failed }, limits.meet, timers);
  }
  #letIn(link: Link, other: Proven, fields: Fields): Take {
    const { now, child } = this.#options;
    try {
      if (this.#isClosed) throw fail("failed", { problem: stopping });
      this.#refuseLoop(other);
      const proof = fields.has("proof") ? fields.bytes("proof", 32) : undefined;
      return child(link, other, this.#gate.admit(other, proof, link.address, now()));
    } catch (error) {
      // What is wrong with this node is not for a stranger to know.
      const isForOther = error instanceof CtxError;
      const { code, message, hint } = isForOther ? error : fail("failed", { problem: "it has a fault; see its log" });
      link.send(jsonFrame(frameTypes.join, { error: code, message, hint }));
      throw error;
    }
  }
  /** Nobody may be above and below the same node: then messages would go round for ever. */
  #refuseLoop({ key, name }: Proven): void {
    const { certificates, address } = this.#options.standing;
    if (certificates.some((one) => one.key === key)) throw loop(name);
    if (certificates.length >= deepest) {
      throw fail("not_allowed", { problem: `the tree of nodes is ${deepest} levels deep already` });
    }
    if (Buffer.byteLength(`${address}.${name}`) > longestAddress - longestNumber) {
      throw fail("not_allowed", { problem: `the address of ${name.slice(0, 60)} would be too long` });
    }
  }

  /** Dials the node above; done when the link that came of it has ended. Throws when none came of it. */
  async dial(url: string, signal: AbortSignal): Promise<void> {
    const { name, links, limits, timers } = this.#options;
    const handshake = this.#handshake("dial", name);
    const link = await links.dial(url, signal);
    if (signal.aborted) link.close(stopping);
    await new Promise<void>((resolve, reject) => {
      const climb = new Climb(link, this.#options);
      link.onClose((reason) => {
        const problem = climb.end(reason, url);
        if (problem === undefined) resolve();
        else reject(problem);
      });
      meet(link, handshake, climb, limits.meet, timers);
    });
  }
  #handshake(role: Role, name: string): Handshake {
    const { type, epoch, standing } = this.#options;
    return new Handshake(role, { name, type, epoch, signer: standing.signer });
  }
}

/** One link to the node above, from the first message to the last. */
class Climb {
  readonly #link: Link;
  readonly #options: JoinerOptions;
  #asking: JoinRequest | undefined;
  #session: Session | undefined;
  #problem: CtxError | undefined;

  constructor(link: Link, options: JoinerOptions) {
    this.#link = link;
    this.#options = options;
  }
  proven(other: Proven): readonly Buffer[] {
    const { standing, isBelow, known, secrets } = this.#options;
    if (other.key === standing.signer.key || isBelow(other.key)) throw loop(other.name);
    this.#asking = askAbove(other, known, secrets);
    this.#link.trust();
    return [jsonFrame(frameTypes.join, { proof: this.#asking.proof?.toString("base64url") })];
  }
  join(other: Proven, fields: Fields): Take {
    const { known, secrets, above, now } = this.#options;
    checkAnswer(other, fields, this.#asking, known);
    const session = new Session(this.#link, other, parentOf(fields.text("address", "address")), true, now());
    const take = above(session, fields);
    this.#session = session;
    secrets.joined();
    return take;
  }
  failed(error: CtxError): void {
    this.#problem = error;
  }
  /** The link has ended: gives why none came of it, undefined when one did. */
  end(reason: string, url: string): CtxError | undefined {
    if (this.#session !== undefined) this.#options.aboveIsGone(this.#session, reason);
    if (reason === replaced) return fail("already_exists", { what: "a process with the key", name: "of this node" });
    if (this.#problem !== undefined || this.#session !== undefined) return this.#problem;
    return fail("failed", { problem: `${url}: ${reason}` });
  }
}
