/** Decides whether a node may be below this one, and what it is called: names are bound to keys (S5, C-42). */
import { fail } from "../../ctx/index.ts";
import type { Proven } from "./handshake.ts";
import type { Known } from "./known.ts";
import { isLabel } from "./route.ts";
import { isProof, proofOf, type Secrets } from "./secret.ts";

/** What a node that is let in is told. */
export interface Admitted {
  readonly name: string;
  /** Proves that this node knows the secret too, where the other one proved it. */
  readonly proof: Buffer | undefined;
}

/** How to let a node join. */
const hint = "run bin/boot.sh create with its folder, or invite it again, and start it within a day";

export class Gate {
  readonly #known: Known;
  readonly #secrets: Secrets;
  readonly #tries: Tries;
  readonly #unreadable: (error: unknown) => void;

  /** `unreadable` is told of an invitation that cannot be used, which is no news for a stranger. */
  constructor(known: Known, secrets: Secrets, tries: Tries, unreadable: (error: unknown) => void) {
    this.#known = known;
    this.#secrets = secrets;
    this.#tries = tries;
    this.#unreadable = unreadable;
  }

  /**
   * Lets a node in that is known by name and key, or that has the secret it was invited with, which is used up. A name that
   * another key has is never given away: then it is called `demo_1`. `from` is the network address of the other side.
   */
  admit(other: Proven, proof: Buffer | undefined, from: string, now: number): Admitted {
    const { name: asked, key, type } = other;
    if (!isLabel(asked)) throw fail("not_allowed", { problem: `"${asked}" cannot be the name of a node` });
    const known = this.#known.find(asked, key);
    const secret = proof === undefined ? undefined : this.#secretOf(other, proof, from);
    if (known === undefined && secret === undefined) throw this.#refusal(other, proof, from);
    if (secret !== undefined && !this.#secrets.useInvite(asked) && known === undefined) {
      throw this.#refusal(other, proof, from);
    }
    const name = known?.name ?? this.#freeName(asked);
    if (known === undefined || known.type !== type) this.#known.bind({ name, asked, key, type, since: now });
    const answer = secret === undefined ? undefined : proofOf(secret, "join-s", other.transcript);
    return { name, proof: answer };
  }

  #secretOf({ name, transcript }: Proven, proof: Buffer, from: string): string | undefined {
    if (!this.#tries.may(from)) return undefined;
    const secret = this.#invite(name);
    return secret !== undefined && isProof(proof, secret, "join-c", transcript) ? secret : undefined;
  }
  #invite(name: string): string | undefined {
    try {
      return this.#secrets.invite(name);
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }
  #refusal({ name }: Proven, proof: Buffer | undefined, from: string) {
    if (!this.#tries.may(from)) {
      return fail(
        "not_allowed",
        { problem: "too many attempts to join (ssh.link_tries a minute)" },
        { hint: "wait a minute" },
      );
    }
    this.#tries.failed(from);
    const why = this.#known.named(name) === undefined ? "is not known here" : "is known here with another key";
    const what = proof === undefined ? "" : ", and its secret is not the right one, used up or too old";
    return fail("not_allowed", { problem: `the node ${name} ${why}${what}` }, { hint });
  }
  #freeName(asked: string): string {
    let name = asked;
    for (let i = 1; this.#known.named(name) !== undefined; i++) name = `${asked}_${i}`;
    return name;
  }
}

/** How many failed attempts are counted for how many addresses; when there are more, the oldest are forgotten. */
const mostAddresses = 1000;
const window = 60_000;

/** Attempts to join that failed, by network address. */
export class Tries {
  readonly #failed = new Map<string, { count: number; readonly until: number }>();
  readonly #now: () => number;
  readonly #most: () => number;

  constructor(now: () => number, most: () => number) {
    this.#now = now;
    this.#most = most;
  }
  may(from: string): boolean {
    const tried = this.#failed.get(from);
    return tried === undefined || tried.until <= this.#now() || tried.count < this.#most();
  }
  failed(from: string): void {
    const now = this.#now();
    const tried = this.#failed.get(from);
    if (tried !== undefined && tried.until > now) {
      tried.count++;
      return;
    }
    const [oldest] = this.#failed.keys();
    if (this.#failed.size >= mostAddresses && oldest !== undefined) this.#failed.delete(oldest);
    this.#failed.delete(from);
    this.#failed.set(from, { count: 1, until: now + window });
  }
}
