/** A link whose other side is known: the node above or one directly below. */
import type { Link } from "../../ctx/index.ts";
import type { NodeType } from "./fields.ts";
import type { Proven } from "./handshake.ts";
import { ping } from "./meeting.ts";
import { isInside } from "./route.ts";

export class Session {
  readonly link: Link;
  readonly key: string;
  readonly type: NodeType;
  readonly epoch: string;
  readonly isAbove: boolean;
  /** When it was known, in milliseconds since 1970. */
  readonly since: number;
  /** The address of the other side. */
  #address: string;
  /** What a child was called before it heard its new address: what it sent meanwhile is no attack. */
  #former: string | undefined;
  #heard = true;
  #misses = 0;
  /** How many things it sent that an honest neighbour does not. */
  faults = 0;

  constructor(link: Link, other: Proven, address: string, isAbove: boolean, since: number) {
    this.link = link;
    this.key = other.key;
    this.type = other.type;
    this.epoch = other.epoch;
    this.isAbove = isAbove;
    this.since = since;
    this.#address = address;
  }
  get address(): string {
    return this.#address;
  }
  /** Notes that a child is called otherwise from now on. */
  rename(address: string): void {
    if (address === this.#address) return;
    this.#former = this.#address;
    this.#address = address;
  }

  /** Tells whether something may come over this link from a source: from a child only what is below it, from above the rest. */
  judge(src: string, own: string): "fits" | "late" | "false" {
    if (this.isAbove) return isInside(src, own) ? "false" : "fits";
    if (isInside(src, this.#address)) {
      this.#former = undefined;
      return "fits";
    }
    return this.#former !== undefined && isInside(src, this.#former) ? "late" : "false";
  }

  heard(): void {
    this.#heard = true;
  }
  /** Called at each beat of the heart: asks a silent other side whether it is there; false when it has not answered. */
  beat(mostMisses: number): boolean {
    if (this.#heard) this.#misses = 0;
    else if (++this.#misses > mostMisses) return false;
    else this.link.send(ping);
    this.#heard = false;
    return true;
  }
}
