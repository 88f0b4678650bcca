/**
 * The network of this node: its place in the tree of nodes, its links, and what passes over them. What is decided stands in
 * files of its own (handshake.ts, admit.ts, above.ts, route.ts, advertise.ts); here it is put together.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Clock, CtxError, fail, type Level, type Link, type Links, type Signer } from "../../ctx/index.ts";
import { type Asking, askAbove, checkAnswer, loop, readOwnChain } from "./above.ts";
import { Gate, Tries } from "./admit.ts";
import { advertise, hear } from "./advertise.ts";
import { Below } from "./below.ts";
import { type Certificate, certificateLife, makeCertificate, readChain } from "./certificate.ts";
import { Dialer } from "./dialer.ts";
import { Fields, type NodeType } from "./fields.ts";
import { type Frame, frameTypes, hop, readFrame, writeFrame } from "./frame.ts";
import { Handshake, type Identity, type Proven, type Role } from "./handshake.ts";
import { Known, type KnownBelow } from "./known.ts";
import { jsonFrame, meet, pong } from "./meeting.ts";
import type { KnownNode, Network, Peer, Place } from "./network.ts";
import { deepest, isInside, parentOf, placeOf, wayTo } from "./route.ts";
import { Secrets } from "./secret.ts";
import { Session } from "./session.ts";
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
  /** Told of each change: of the address, of the links, of the nodes below, of what was refused. */
  readonly changed: (facts: Facts) => void;
}

/** What is shown of a network. */
export interface Facts {
  readonly address: string;
  readonly links: number;
  readonly refused: number;
}

/** What a link that ends as its process stops says, and one that makes room for a newer one of the same node. */
const stopping = "the node stops";
const replaced = "a newer link of the same key took its place";

export class Peers implements Network {
  readonly #options: PeersOptions;
  readonly #known: Known;
  readonly #secrets: Secrets;
  readonly #gate: Gate;
  readonly #below = new Below(() => this.#tellSoon());
  readonly #children = new Map<string, Session>();
  #above: Session | undefined;
  #address: string;
  /** From the root to this node; made when it is needed. */
  #chain: readonly string[] | undefined;
  #certificates: readonly Certificate[] = [];
  /** Another one with each start of the process. */
  readonly #epoch = randomBytes(8).toString("hex");
  readonly #ends: (() => void)[] = [];
  readonly #takers: ((src: string, dst: string, body: Buffer) => void)[] = [];
  readonly #told: ((isGone: (address: string) => boolean) => void)[] = [];
  #refused = 0;
  #isTelling = false;
  #isClosed = false;

  constructor(options: PeersOptions) {
    this.#options = options;
    const { name, home, clock, limits } = options;
    const run = join(home, "var", "run");
    const now = (): number => clock.now();
    this.#known = new Known(run);
    this.#secrets = new Secrets(run, now);
    this.#gate = new Gate(this.#known, this.#secrets, new Tries(now, () => limits.tries));
    this.#address = name;
    this.#restore();
  }

  /** Begins to dial and to listen to the hearts of the others. */
  start(): void {
    const { timers, limits, above, random, log } = this.#options;
    this.#ends.push(timers.every(limits.beat, () => this.#beat()));
    this.#ends.push(timers.every(certificateLife / 2, () => this.#certifyAll(true)));
    if (above === undefined) return;
    const dialer = new Dialer({
      dial: (signal) => this.#dial(above(), signal),
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
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const end of this.#ends.splice(0)) end();
    const ends = this.#sessions().map(({ link }) => new Promise<void>((resolve) => link.onClose(() => resolve())));
    for (const { link } of this.#sessions()) link.close(stopping);
    await Promise.all(ends);
    this.#known.save();
  }

  // --- what others ask ------------------------------------------------------------------------------------------

  get address(): string {
    return this.#address;
  }
  peers(): readonly Peer[] {
    return this.#sessions().map(({ isAbove, address, type, link, since }) => ({
      address,
      name: isAbove ? address : address.slice(address.lastIndexOf(".") + 1),
      type: isAbove ? "master" : type,
      module: link.name,
      since,
    }));
  }
  below(): readonly KnownNode[] {
    return this.#below.list();
  }
  knows(address: string): boolean {
    return this.#below.get(address) !== undefined;
  }
  place(address: string): Place {
    return placeOf(address, this.#address);
  }
  keyOf(address: string): string | undefined {
    if (address === this.#address) return this.#options.signer().key;
    return this.#below.get(address)?.key ?? this.#certificates.find(({ sub }) => sub === address)?.key;
  }
  chain(): readonly string[] {
    return this.#ownChain();
  }
  keyFromChain(address: string, chain: readonly string[]): string | undefined {
    // Of a node below this one itself has certified what there is to know.
    if (isInside(address, this.#address)) return this.keyOf(address);
    this.#ownChain();
    try {
      const read = readChain(chain, { verify: this.#options.signer().verify, now: this.#now() });
      const [root] = read;
      const last = read.at(-1);
      const isOurs = root?.key === this.#certificates[0]?.key && root?.sub === this.#certificates[0]?.sub;
      return isOurs && last?.sub === address ? last.key : undefined;
    } catch (error) {
      if (error instanceof CtxError) return undefined;
      throw error;
    }
  }
  send(dst: string, body: Uint8Array, prio: number): boolean {
    const { body: most } = this.#options.limits;
    if (body.length > most) {
      throw fail("too_large", { problem: `a message of ${body.length} bytes; ssh.link_body allows ${most}` });
    }
    const next = this.#next(dst);
    if (next === undefined || this.#isFull(next)) return false;
    next.link.send(writeFrame(frameTypes.batch, body, dst, this.#address, prio));
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
    this.#options.log("right", `refused of ${src}: ${what}`);
    this.#tellFacts();
  }

  // --- meeting -------------------------------------------------------------------------------------------------

  /** Takes a link that another node opened: it may come to be below this one. */
  accept(link: Link): void {
    let handshake: Handshake;
    try {
      handshake = this.#handshake("accept");
    } catch (error) {
      // The key of this node cannot be read: that is for whoever runs it, not for the other side.
      this.#options.log("error", `a link was not taken: ${error instanceof CtxError ? error.message : String(error)}`);
      link.close();
      return;
    }
    meet(
      link,
      handshake,
      {
        proven: () => [],
        join: (other, fields) => this.#takeChild(link, other, fields),
        failed: (error) =>
          this.refused(`${error.message} (link of ${link.address})`, handshake.proven?.name ?? "a stranger"),
      },
      this.#options.limits.meet,
      this.#options.timers,
    );
  }
  #handshake(role: Role): Handshake {
    const { type, name, signer } = this.#options;
    const self: Identity = { name: role === "dial" ? name : this.#address, type, epoch: this.#epoch, signer: signer() };
    return new Handshake(role, self);
  }

  #takeChild(link: Link, other: Proven, fields: Fields): (bytes: Buffer) => void {
    try {
      if (this.#isClosed) throw fail("failed", { problem: stopping });
      this.#refuseLoop(other);
      const proof = fields.has("proof") ? fields.bytes("proof", 32) : undefined;
      const { name, proof: answer } = this.#gate.admit(other, proof, link.address, this.#now());
      return this.#childIsUp(link, other, name, answer);
    } catch (error) {
      if (error instanceof CtxError) {
        const { code, message, hint } = error;
        link.send(jsonFrame(frameTypes.join, { error: code, message, hint }));
      }
      throw error;
    }
  }
  /** Nobody may be above and below the same node: then messages would go round for ever. */
  #refuseLoop({ key, name }: Proven): void {
    this.#ownChain();
    if (this.#certificates.some((one) => one.key === key)) throw loop(name);
    if (this.#certificates.length >= deepest) {
      throw fail("not_allowed", { problem: `the tree of nodes is ${deepest} levels deep already` });
    }
  }
  #childIsUp(link: Link, other: Proven, name: string, proof: Buffer | undefined): (bytes: Buffer) => void {
    const now = this.#now();
    const address = `${this.#address}.${name}`;
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
    const certificate = this.#certify(address, key, type);
    const body = { address, chain: [...this.#ownChain(), certificate], proof: proof?.toString("base64url") };
    link.send(jsonFrame(frameTypes.join, body));
    this.#lose(address);
    this.#below.put({ address, key, type, epoch, certificate, isOnline: true, since: now });
    link.onClose((reason) => this.#childIsGone(name, session, reason));
    this.#options.log("boot", `${address} is linked (${link.name})`);
    this.#tellFacts();
    return (bytes) => this.#take(session, bytes);
  }
  #childIsGone(name: string, session: Session, reason: string): void {
    if (this.#children.get(name) !== session) return;
    this.#children.delete(name);
    this.#known.touch(name, this.#now());
    this.#options.log("boot", `${session.address} has gone: ${reason}`);
    this.#lose(session.address);
    this.#tellFacts();
  }

  /** Dials the node above; done when the link that came of it has ended. */
  async #dial(url: string, signal: AbortSignal): Promise<void> {
    const handshake = this.#handshake("dial");
    const link = await this.#options.links.dial(url, signal);
    if (signal.aborted) link.close(stopping);
    let problem: CtxError | undefined;
    let session: Session | undefined;
    let asking: Asking | undefined;
    const ended = new Promise<void>((resolve, reject) => {
      link.onClose((reason) => {
        if (session !== undefined) this.#aboveIsGone(session, reason);
        if (reason === replaced)
          problem = fail("already_exists", { what: "a process with the key", name: "of this node" });
        if (problem === undefined && session === undefined) problem = fail("failed", { problem: `${url}: ${reason}` });
        if (problem === undefined) resolve();
        else reject(problem);
      });
    });
    const proven = (other: Proven): readonly Buffer[] => {
      if (other.key === this.#options.signer().key || this.#below.list().some(({ key }) => key === other.key)) {
        throw loop(other.name);
      }
      asking = askAbove(other, this.#known, this.#secrets);
      link.trust();
      return [jsonFrame(frameTypes.join, { proof: asking.proof?.toString("base64url") })];
    };
    const joined = (other: Proven, fields: Fields): ((bytes: Buffer) => void) => {
      if (asking === undefined) throw fail("failed", { problem: "a message out of order" });
      checkAnswer(other, fields, asking, this.#known);
      const up = new Session(link, other, parentOf(fields.text("address", "address")), true, this.#now());
      this.#adopt(up, fields);
      session = up;
      this.#aboveIsUp(up);
      return (bytes) => this.#take(up, bytes);
    };
    const failed = (error: CtxError): void => {
      problem = error;
    };
    meet(link, handshake, { proven, join: joined, failed }, this.#options.limits.meet, this.#options.timers);
    await ended;
  }
  #aboveIsUp(session: Session): void {
    this.#above = session;
    this.#secrets.joined();
    this.#options.log(
      "boot",
      `the node above is ${session.address} (${session.link.name}); this one is ${this.#address}`,
    );
    this.#tellAll();
    this.#tellFacts();
  }
  #aboveIsGone(session: Session, reason: string): void {
    if (this.#above !== session) return;
    this.#above = undefined;
    this.#options.log("boot", `the node above has gone: ${reason}`);
    this.#gone((address) => !isInside(address, this.#address));
    this.#tellFacts();
  }

  // --- addresses and certificates -------------------------------------------------------------------------------

  /** Takes up the address this node had before it was stopped, and the nodes below it. */
  #restore(): void {
    const { above } = this.#known;
    if (this.#options.above !== undefined && above !== undefined) {
      try {
        const { certificates, own } = readOwnChain(above.chain, above.key, this.#options.signer());
        this.#certificates = certificates;
        this.#chain = above.chain;
        this.#address = own.sub;
      } catch (error) {
        const why = error instanceof CtxError ? error.message : String(error);
        this.#options.log("error", `the address of before is not taken up: ${why}`);
      }
    }
    for (const node of this.#known.below) this.#placeKnown(node);
  }
  #placeKnown({ name, key, type, since }: KnownBelow): void {
    const address = `${this.#address}.${name}`;
    const session = this.#children.get(name);
    const isOnline = session !== undefined;
    const how = { isOnline, since: session?.since ?? since, epoch: session?.epoch ?? "" };
    this.#below.put({ address, key, type, certificate: this.#certify(address, key, type), ...how });
  }

  /** Takes the address and the certificates that the node above has given. */
  #adopt(session: Session, fields: Fields): void {
    const chain = fields.texts("chain");
    const { certificates, own, above } = readOwnChain(chain, session.key, this.#options.signer());
    if (own.sub !== fields.text("address", "address"))
      throw fail("failed", { problem: "an address without certificate" });
    const before = this.#address;
    this.#chain = chain;
    this.#certificates = certificates;
    this.#address = own.sub;
    session.rename(above.sub);
    this.#known.setAbove({ key: session.key, chain });
    if (own.sub !== before) this.#isRenamed();
    else this.#certifyAll(false);
  }
  /** Everything below has another address too. */
  #isRenamed(): void {
    this.#below.clear();
    for (const node of this.#known.below) this.#placeKnown(node);
    for (const [name, session] of this.#children) {
      session.rename(`${this.#address}.${name}`);
      this.#giveChain(session);
    }
    this.#gone(() => true);
    this.#tellAll();
    this.#tellFacts();
  }
  /** Renews the certificates of all directly below, and gives them those above them. */
  #certifyAll(isOwnToo: boolean): void {
    if (isOwnToo && this.#certificates.length === 1) this.#chain = undefined;
    for (const node of this.#known.below) this.#placeKnown(node);
    for (const session of this.#children.values()) this.#giveChain(session);
  }
  #giveChain({ address, link }: Session): void {
    const certificate = this.#below.get(address)?.certificate;
    if (certificate === undefined) return;
    link.send(jsonFrame(frameTypes.join, { address, chain: [...this.#ownChain(), certificate] }));
  }
  #certify(address: string, key: string, type: NodeType): string {
    const now = this.#now();
    const about = { sub: address, key, type, iss: this.#address, iat: now, exp: now + certificateLife };
    return makeCertificate(about, this.#options.signer());
  }
  /** The certificates that prove who this node is; a root signs its own. */
  #ownChain(): readonly string[] {
    if (this.#chain === undefined) {
      const { type, signer } = this.#options;
      this.#chain = [this.#certify(this.#address, signer().key, type)];
      this.#certificates = readChain(this.#chain, { verify: signer().verify });
    }
    return this.#chain;
  }

  // --- messages -------------------------------------------------------------------------------------------------

  #take(session: Session, bytes: Buffer): void {
    session.heard();
    try {
      this.#takeFrame(session, readFrame(bytes), bytes);
    } catch (error) {
      if (!(error instanceof CtxError)) throw error;
      this.#fault(session, error.message);
    }
  }
  #takeFrame(session: Session, frame: Frame, bytes: Buffer): void {
    const { type, dst, src, body } = frame;
    if (type === frameTypes.ping) session.link.send(pong);
    else if (type === frameTypes.pong) return;
    else if (type === frameTypes.join && session.isAbove) this.#adopt(session, Fields.read("a JOIN", body));
    else if (type !== frameTypes.batch && type !== frameTypes.route) {
      throw fail("failed", { problem: "a message out of order" });
    } else {
      const judged = session.judge(src, this.#address);
      if (judged === "false")
        throw fail("not_allowed", { problem: `a message of ${src} came from ${session.address}` });
      if (judged === "late") return;
      if (dst !== "") this.#pass(session, frame, bytes);
      else if (type === frameTypes.route && !session.isAbove) this.#hear(session, body);
      else throw fail("failed", { problem: "a message without an address" });
    }
  }
  /** What an honest neighbour does not send; who goes on doing so loses the link. */
  #fault(session: Session, what: string): void {
    this.refused(what, session.address);
    if (++session.faults >= this.#options.limits.faults) session.link.close("too many messages that do not fit");
  }
  #hear(session: Session, body: Buffer): void {
    hear(this.#below, session, body, {
      verify: this.#options.signer().verify,
      now: this.#now(),
      most: this.#options.limits.nodes,
      away: (top) => this.#gone((address) => isInside(address, top)),
    });
  }

  /** Gives a frame to whom it is for, or passes the same bytes on. */
  #pass(from: Session, { type, dst, src, body }: Frame, bytes: Buffer): void {
    if (dst === this.#address) {
      if (type === frameTypes.batch) for (const take of this.#takers) take(src, dst, body);
      else this.#hearNoWay(from, body);
      return;
    }
    const next = this.#next(dst);
    const isPassed = next !== undefined && next !== from && !this.#isFull(next) && hop(bytes);
    if (isPassed) next.link.send(bytes);
    else if (type === frameTypes.batch) this.#tellNoWay(from, src, dst);
  }
  /** Tells the sender of a message that it could not be passed on. */
  #tellNoWay(to: Session, src: string, dst: string): void {
    to.link.send(jsonFrame(frameTypes.route, { gone: dst }, src, this.#address));
  }
  /** Somebody on the way says that an address cannot be reached: believed of those beyond whoever says it. */
  #hearNoWay(from: Session, body: Buffer): void {
    const gone = Fields.read("a ROUTE", body).text("gone", "address");
    if (from.judge(gone, this.#address) === "fits") this.#gone((address) => address === gone);
  }
  #next(dst: string): Session | undefined {
    const way = wayTo(dst, this.#address, (name) => this.#children.has(name), this.#above !== undefined);
    if (way.to === "child") return this.#children.get(way.name);
    return way.to === "up" ? this.#above : undefined;
  }
  #isFull({ link }: Session): boolean {
    return link.waiting > this.#options.limits.queue;
  }

  // --- coming and going -----------------------------------------------------------------------------------------

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
  #tellAll(): void {
    this.#tellAbove(true);
  }
  #tellAbove(isAll: boolean): void {
    if (this.#above === undefined) return;
    for (const frame of advertise(this.#below, this.#address, isAll)) this.#above.link.send(frame);
  }
  #tellFacts(): void {
    this.#options.changed({ address: this.#address, links: this.#sessions().length, refused: this.#refused });
  }

  #sessions(): readonly Session[] {
    return this.#above === undefined ? [...this.#children.values()] : [this.#above, ...this.#children.values()];
  }
  #now(): number {
    return this.#options.clock.now();
  }
}

const inBrackets = (hint: string | undefined): string => (hint === undefined ? "" : ` (${hint})`);
