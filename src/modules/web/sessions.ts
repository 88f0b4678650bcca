import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Clock, fail } from "../../ctx/index.ts";
import { Refusal } from "./problem.ts";

/** A session that nobody uses ends after so many milliseconds. */
const lifetime = 12 * 60 * 60 * 1000;
/** Of more sessions the one that was not used for longest ends. */
const mostSessions = 100;
/** So many wrong tokens in a minute, then others are told to wait. */
const mostGuesses = 10;
const guessWindow = 60_000;

/** 256 random bits as text. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

const digest = (text: string): string => hash("sha256", text, "base64url");

/** Tells whether two texts are the same, in a time that says nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}

/** Sessions of browsers: who shows the token gets a cookie, of which only a digest is kept, in memory. */
export class Sessions {
  readonly #token: string;
  readonly #clock: Clock;
  /** When each ends, by the digest of its cookie; the one used last is last. */
  readonly #ends = new Map<string, number>();
  #guesses = 0;
  #windowEnds = 0;

  constructor(token: string, clock: Clock) {
    this.#token = token;
    this.#clock = clock;
  }

  /** Opens a session for who knows the token; gives the value of its cookie. */
  open(token: unknown): string {
    const now = this.#clock.ticks();
    if (typeof token !== "string" || !isSame(token, this.#token)) throw this.#wrong(now);
    const cookie = newSecret();
    this.#ends.set(digest(cookie), now + lifetime);
    if (this.#ends.size > mostSessions) this.#ends.delete(this.#ends.keys().next().value ?? "");
    return cookie;
  }
  /** Tells whether a cookie is that of a session; it then goes on for as long again. */
  has(cookie: string): boolean {
    const key = digest(cookie);
    const ends = this.#ends.get(key);
    if (ends === undefined) return false;
    this.#ends.delete(key);
    const now = this.#clock.ticks();
    if (now >= ends) return false;
    this.#ends.set(key, now + lifetime);
    return true;
  }
  close(cookie: string): void {
    this.#ends.delete(digest(cookie));
  }

  /** The answer to a wrong token. The right one is always taken: 256 bits are not guessed, and nobody can lock its owner out. */
  #wrong(now: number): Error {
    if (now >= this.#windowEnds) this.#guesses = 0;
    if (this.#guesses < mostGuesses) {
      if (this.#guesses === 0) this.#windowEnds = now + guessWindow;
      this.#guesses++;
      return fail("not_logged_in", {}, { hint: "the token is wrong; this run's stands in var/run/token" });
    }
    const seconds = Math.ceil((this.#windowEnds - now) / 1000);
    const error = fail("not_allowed", { problem: "too many wrong tokens" }, { hint: `try again in ${seconds} s` });
    return new Refusal(error, 429, ["retry-after", String(seconds)]);
  }
}
