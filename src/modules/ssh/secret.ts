/**
 * The one-time secret of a new node: `bin/boot.sh create` writes it into the folder of the node (`var/run/join`) and that
 * of the node above (`var/run/invite/NAME`). Each proves to the other that it has it; it never crosses the link.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { readPrivate, removeFile } from "../../ctx/index.ts";

/** How long an invitation holds, in milliseconds. */
const inviteLife = 24 * 3_600_000;

/** The side that proves. */
export type Side = "join-c" | "join-s";

export function proofOf(secret: string, side: Side, transcript: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${side}\0`).update(transcript).digest();
}
export function isProof(given: Uint8Array, secret: string, side: Side, transcript: Uint8Array): boolean {
  const right = proofOf(secret, side, transcript);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** The secrets in the `var/run` of a node. */
export class Secrets {
  readonly #run: string;
  readonly #now: () => number;

  constructor(run: string, now: () => number) {
    this.#run = run;
    this.#now = now;
  }
  /** The secret this node may join with; undefined when it has none. */
  join(): string | undefined {
    return secretOf(readPrivate(this.#joinFile)?.text);
  }
  joined(): void {
    removeFile(this.#joinFile);
  }
  /** The secret a node of a name is invited with; undefined when there is none, or it is too old. */
  invite(name: string): string | undefined {
    const file = readPrivate(this.#inviteFile(name));
    if (file === undefined || this.#now() - file.time > inviteLife) return undefined;
    return secretOf(file.text);
  }
  /** Uses an invitation up; false when another was faster. */
  useInvite(name: string): boolean {
    return removeFile(this.#inviteFile(name));
  }
  get #joinFile(): string {
    return join(this.#run, "join");
  }
  #inviteFile(name: string): string {
    return join(this.#run, "invite", name);
  }
}

/** A secret as it stands in a file: at least 16 random bytes in hex. */
function secretOf(text: string | undefined): string | undefined {
  const secret = text?.trim() ?? "";
  return /^[0-9a-f]{32,}$/.test(secret) ? secret : undefined;
}
