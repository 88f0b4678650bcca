/**
 * The network of this node: its links, what passes over them, and what is known of the nodes below. How links come to be
 * stands in joiner.ts, what is decided on the way in files of their own: admit.ts, above.ts, route.ts, advertise.ts. The rest
 * stays together because all of it changes the same few facts: the address, the links, the nodes below.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Clock, CtxError, fail, type Level, type Link, type Links, type Signer } from "../../ctx/index.ts";
import type { Admitted } from "./admit.ts";
import { advertise, hear } from "./advertise.ts";
import { Below } from "./below.ts";
import { certificateLife } from "./certificate.ts";
import { Dialer } from "./dialer.ts";
import { errorOf } from "./fault.ts";
import { Fields, type NodeType } from "./fields.ts";
import { frameTypes, writeFrame } from "./frame.ts";
import type { Proven } from "./handshake.ts";
import { Joiner, replaced, stopping } from "./joiner.ts";
import { Known, type KnownBelow } from "./known.ts";
import { jsonFrame } from "./meeting.ts";
import type { KnownNode, Network, Peer, Place } from "./network.ts";
import { Passage } from "./passage.ts";
import { Refusals } from "./refusals.ts";
import { isInside, labelOf, placeOf, wayTo } from "./route.ts";
import { Secrets } from "./secret.ts";
import { Session } from "./session.ts";
import { Standing } from "./standing.ts";
import type { Limits } from "./state.ts";
import type { Timers } from "./timers.ts";

export interface PeersOptions {
  /** What this node would like to be called; its address as long as there is none above. */
  readonly name: string;
  readonly type: NodeType;
  /** The folder of the node. */
  readonly home: string;
  readonly signer: () => Signer;
  readonly links: Links;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits: Limits;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: (level: Level, text: string) => void;
  /** Gives the URL of the node above, asked before each attempt; left out where there is none above. */
  readonly above?: (() => string) | undefined;
  /** Told of each change: of the address and what proves it, of the links, of the nodes below, of what was refused. */
  readonly changed: (facts: Facts) => void;
}

/** What is shown of a network. */
export interface Facts {
  readonly address: string;
  readonly links: number;
  readonly refused: number;
}

export class Peers implements Network {
  readonly #options: PeersOptions;
  readonly #known: Known;
  readonly #standing: Standing;
  readonly #joiner: Joiner;
  readonly #passage: Passage;
  readonly #below = new Below(() => this.#tellSoon());
  readonly #children = new Map<string, Session>();
  #above: Session | undefined;
  readonly #ends: (() => void)[] = [];
  readonly #takers: ((src: string, dst: string, body: Buffer) => void)[] = [];
  readonly #told: ((isGone: (address: string) => boolean) => void)[] = [];
  readonly #refusals: Refusals;
  #refused = 0;
  #isTelling = false;

  constructor(options: PeersOptions) {
    this.#options = options;
    const { name, type, signer, home, links, timers, limits, log } = options;
    const run = join(home, "var", "run");
    const now = (): number => this.#now();
    this.#refusals = new Refusals((text) => log("right", text), now);
    const broken = new Refusals((text) => log("error", text), now);
    this.#known = new Known(run);
    this.#standing = new Standing({ name, type, signer, now });
    this.#joiner = new Joiner({
      ...{ name, type, links, timers, limits, now, log },
      epoch: randomBytes(8).toString("hex"),
      standing: this.#standing,
      known: this.#known,
      secrets: new Secrets(run, now),
      isBelow: (key) => this.#below.list().some((one) => one.key === key),
      child: (link, other, admitted) => this.#childIsUp(link, other, admitted),
      above: (session, fields) => this.#aboveIsUp(session, fields),
      aboveIsGone: (session, reason) => this.#aboveIsGone(session, reason),
      refused: (what, src) => this.refused(what, src),
    });
    this.#passage = new Passage({
      own: () => this.address,
      next: (dst) => this.#next(dst),
      batch: (src, dst, body) => {
        for (const take of this.#takers) take(src, dst, body);
      },
      route: (child, body) => this.#hear(child, body),
      join: (session, body) => this.#adoptOrLeave(session, body),
      gone: (isGone) => this.#gone(isGone),
      refused: (what, src) => this.refused(what, src),
      broken: (error) => broken.write(errorOf(error).message),
      mostFaults: () => limits.faults,
    });
    this.#restore();
  }

  /** Begins to dial and to listen to the hearts of the others. */
  start(): void {
    const { timers, limits, above, random, log } = this.#options;
    this.#ends.push(timers.every(limits.beat, () => this.#beat()));
    this.#ends.push(timers.every(certificateLife / 2, () => this.#certifyAll(true)));
    if (above === undefined) return;
    const dialer = new Dialer({
      dial: (signal) => this.#joiner.dial(above(), signal),
      failed: (error) => log("error", `no link to the node above: ${error.message}${inBrackets(error.hint)}`),
      timers,
      random,
      limits,
    });
    this.#ends.push(() => dialer.stop());
    void dialer.run();
  }
  /** Says goodbye to all, and waits until they have heard it. */
  async close(): Promise<void> {
    this.#joiner.close();
    for (const end of this.#ends.splice(0)) end();
    const ends = this.#sessions().map(({ link }) => new Promise<void>((resolve) => link.onClose(() => resolve())));
    for (const { link } of this.#sessions()) link.close(stopping);
    await Promise.all(ends);
    this.#known.save();
  }

  // --- what others ask ------------------------------------------------------------------------------------------

  get address(): string {
    return this.#standing.address;
  }
  peers(): readonly Peer[] {
    return this.#sessions().map(({ isAbove, address, type, link, since }) => ({
      address,
      name: isAbove ? address : labelOf(address),
      type: isAbove ? "master" : type,
      module: link.name,
      since,
    }));
  }
  below(): readonly KnownNode[] {
    return this.#below.list();
  }
  node(address: string): KnownNode | undefined {
    return this.#below.get(address);
  }
  forget(name: string): boolean {
    if (!this.#known.forget(name)) return false;
    const session = this.#children.get(name);
    this.#children.delete(name);
    session?.link.close("the node above has forgotten this one");
    this.#options.log("right", `${this.address}.${name} is forgotten`);
    this.#forget(`${this.address}.${name}`);
    this.#tellFacts();
    return true;
  }
  place(address: string): Place {
    return placeOf(address, this.address);
  }
  keyOf(address: string): string | undefined {
    return this.#below.get(address)?.key ?? this.#standing.keyOf(address);
  }
  chain(): readonly string[] {
    return this.#standing.chain();
  }
  keyFromChain(address: string, chain: readonly string[]): string | undefined {
    // Of those below, this node itself has certified what there is to know.
    return isInside(address, this.address) ? this.keyOf(address) : this.#standing.keyFromChain(address, chain);
  }
  send(dst: string, body: Uint8Array, prio: number): boolean {
    const { body: most } = this.#options.limits;
    if (body.length > most) {
      throw fail("too_large", { problem: `a message of ${body.length} bytes; ssh.link_body allows ${most}` });
    }
    const next = this.#next(dst);
    if (next === undefined) return false;
    next.link.send(writeFrame(frameTypes.batch, body, dst, this.address, prio));
    return true;
  }
  waiting(dst: string): number {
    return this.#next(dst)?.link.waiting ?? 0;
  }
  onBatch(take: (src: string, dst: string, body: Buffer) => void): void {
    this.#takers.push(take);
  }
  onGone(told: (isGone: (address: string) => boolean) => void): void {
    this.#told.push(told);
  }
  refused(what: string, src: string): void {
    this.#refused++;
    this.#refusals.write(`refused of ${src}: ${what}`);
    this.#tellFacts();
  }

  // --- links that come and go -----------------------------------------------------------------------------------

  /** Takes a link that another node opened: it may come to be below this one. */
  accept(link: Link): void {
    this.#joiner.accept(link);
  }
  #childIsUp(link: Link, other: Proven, { name, proof }: Admitted): (bytes: Buffer) => void {
    const now = this.#now();
    const address = `${this.address}.${name}`;
    for (const old of this.#children.values()) if (old.key === other.key) old.link.close(replaced);
    // A key that is called otherwise now has left its old place.
    for (const node of this.#below.list()) {
      if (node.key === other.key && node.address !== address) this.#forget(node.address);
    }
    const session = new Session(link, other, address, false, now);
    this.#children.set(name, session);
    this.#known.touch(name, now);
    link.trust();
    const { key, type, epoch } = other;
    const certificate = this.#standing.certify(address, key, type);
    const body = { address, chain: [...this.chain(), certificate], proof: proof?.toString("base64url") };
    link.send(jsonFrame(frameTypes.join, body));
    this.#lose(address);
    this.#below.put({ address, key, type, epoch, certificate, isOnline: true, since: now });
    link.onClose((reason) => this.#childIsGone(name, session, reason));
    this.#options.log("boot", `${address} is linked (${link.name})`);
    this.#tellFacts();
    return (bytes) => this.#passage.take(session, bytes);
  }
  #childIsGone(name: string, session: Session, reason: string): void {
    if (this.#children.get(name) !== session) return;
    this.#children.delete(name);
    this.#known.touch(name, this.#now());
    this.#options.log("boot", `${session.address} has gone: ${reason}`);
    this.#lose(session.address);
    this.#tellFacts();
  }

  #aboveIsUp(session: Session, fields: Fields): (bytes: Buffer) => void {
    this.#adopt(session, fields);
    this.#above = session;
    const { address, link } = session;
    this.#options.log("boot", `the node above is ${address} (${link.name}); this one is ${this.address}`);
    this.#tellAbove(true);
    this.#tellFacts();
    return (bytes) => this.#passage.take(session, bytes);
  }
  #aboveIsGone(session: Session, reason: string): void {
    if (this.#above !== session) return;
    this.#above = undefined;
    this.#options.log("boot", `the node above has gone: ${reason}`);
    this.#gone((address) => !isInside(address, this.address));
    this.#tellFacts();
  }

  // --- addresses and certificates -------------------------------------------------------------------------------

  /** Takes up the address this node had before it was stopped, and the nodes below it. */
  #restore(): void {
    const { above } = this.#known;
    if (this.#options.above !== undefined && above !== undefined) {
      try {
        this.#standing.adopt(above);
      } catch (error) {
        this.#options.log("error", `the address of before is not taken up: ${errorOf(error).message}`);
      }
    }
    for (const node of this.#known.below) this.#placeKnown(node);
  }
  #placeKnown({ name, key, type, since }: KnownBelow): void {
    const address = `${this.address}.${name}`;
    const session = this.#children.get(name);
    const isOnline = session !== undefined;
    const how = { isOnline, since: session?.since ?? since, epoch: session?.epoch ?? "" };
    this.#below.put({ address, key, type, certificate: this.#standing.certify(address, key, type), ...how });
  }

  /** Takes the address and the certificates that the node above has given. */
  #adopt(session: Session, fields: Fields): void {
    const before = this.address;
    const above = { key: session.key, chain: fields.texts("chain") };
    session.rename(this.#standing.adopt(above));
    this.#known.setAbove(above);
    if (this.address !== before) this.#isRenamed();
    else this.#certifyAll(false);
    this.#tellFacts();
  }
  /** Takes a new address or renewed certificates; a node above whose word cannot be taken is none. */
  #adoptOrLeave(session: Session, body: Buffer): void {
    try {
      this.#adopt(session, Fields.read("a JOIN", body));
    } catch (error) {
      if (!(error instanceof CtxError)) throw error;
      this.refused(error.message, session.address);
      session.link.close(error.message);
    }
  }
  /** Everything below has another address too. */
  #isRenamed(): void {
    this.#below.clear();
    for (const node of this.#known.below) this.#placeKnown(node);
    for (const [name, session] of this.#children) {
      session.rename(`${this.address}.${name}`);
      this.#giveChain(session);
    }
    this.#gone(() => true);
    this.#tellAbove(true);
  }
  /** Renews the certificates of all directly below, and gives them those above them. */
  #certifyAll(isOwnToo: boolean): void {
    if (isOwnToo) this.#standing.renew();
    for (const node of this.#known.below) this.#placeKnown(node);
    for (const session of this.#children.values()) this.#giveChain(session);
  }
  #giveChain({ address, link }: Session): void {
    const certificate = this.#below.get(address)?.certificate;
    if (certificate === undefined) return;
    link.send(jsonFrame(frameTypes.join, { address, chain: [...this.chain(), certificate] }));
  }
  // --- coming and going -----------------------------------------------------------------------------------------

  #hear(session: Session, body: Buffer): void {
    hear(this.#below, session, body, {
      verify: this.#standing.signer.verify,
      now: this.#now(),
      most: this.#options.limits.nodes,
      away: (top) => this.#gone((address) => isInside(address, top)),
    });
  }
  /** The link towards an address; undefined when there is none, or too much waits on it. */
  #next(dst: string): Session | undefined {
    const way = wayTo(dst, this.address, (name) => this.#children.has(name), this.#above !== undefined);
    const session = way.to === "child" ? this.#children.get(way.name) : way.to === "up" ? this.#above : undefined;
    return session === undefined || session.link.waiting > this.#options.limits.queue ? undefined : session;
  }
  #lose(top: string): void {
    this.#below.lose(top, this.#now());
    this.#gone((address) => isInside(address, top));
  }
  #forget(top: string): void {
    this.#below.forget(top);
    this.#gone((address) => isInside(address, top));
  }
  #gone(isGone: (address: string) => boolean): void {
    for (const told of this.#told) told(isGone);
  }
  #beat(): void {
    for (const session of this.#sessions()) {
      if (!session.beat(this.#options.limits.misses)) session.link.close("it does not answer");
    }
  }
  /** Tells the node above what has changed below, once a turn. */
  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      this.#tellAbove(false);
      this.#tellFacts();
    });
  }
  #tellAbove(isAll: boolean): void {
    if (this.#above === undefined) return;
    for (const frame of advertise(this.#below, this.address, isAll)) this.#above.link.send(frame);
  }
  #tellFacts(): void {
    this.#options.changed({ address: this.address, links: this.#sessions().length, refused: this.#refused });
  }

  #sessions(): readonly Session[] {
    return this.#above === undefined ? [...this.#children.values()] : [this.#above, ...this.#children.values()];
  }
  #now(): number {
    return this.#options.clock.now();
  }
}

const inBrackets = (hint: string | undefined): string => (hint === undefined ? "" : ` (${hint})`);
