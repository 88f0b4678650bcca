/**
 * Calls commands of a node, and through it those of other nodes. Needs nothing but `fetch`.
 */
import { WireReader } from "./wire.js";

/** @typedef {import("./wire.js").Piece} Piece */
/**
 * What is called: a command by its permission id, on this node or (`node`) on another one, with an input object or
 * with words as they would be typed.
 * @typedef {{ readonly node?: string, readonly command: string, readonly input?: object, readonly words?: readonly string[] }} Target
 */

/** What a call failed with: the sentence, what to do about it, the way it came. */
export class CallError extends Error {
  /**
   * @param {Record<string, unknown>} given - an error as the node writes it, or problem details
   * @param {number} [status]
   */
  constructor(given, status = 0) {
    super(text(given["message"]) ?? text(given["title"]) ?? "the call failed");
    this.name = "CallError";
    this.status = status;
    this.code = text(given["code"]) ?? "failed";
    this.hint = text(given["hint"]);
    /** The place in a source. */
    this.at = text(given["where"]) ?? text(given["at"]);
    /** From where to where the call went that failed. @type {readonly string[]} */
    this.trail = Array.isArray(given["trail"]) ? given["trail"].map(String) : [];
  }
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value : undefined;
}

export class Client {
  /** @param {string} [base] - where the node is, when it is not where the page came from */
  constructor(base = "") {
    this.base = base;
  }

  /**
   * Turns a token into a cookie, which the browser sends from then on.
   * @param {string} token
   */
  async login(token) {
    await this.#post("/login", { token }, "application/json");
  }

  /**
   * Calls a command and hands its answer on piece by piece.
   * @param {Target} target
   * @param {(piece: Piece) => void} take
   * @param {AbortSignal} [signal] - aborting it stops the command
   */
  async stream(target, take, signal) {
    const response = await this.ask(target, "application/x-ctx", signal);
    /** @type {CallError | undefined} */
    let error;
    const wire = new WireReader((piece) => {
      if (piece.kind !== "end") take(piece);
      else if (piece.error !== undefined) error = new CallError(Object(piece.error));
    });
    const reader = response.body?.getReader();
    for (;;) {
      const part = await reader?.read().catch((cause) => {
        if (signal?.aborted) throw cause;
        throw lost();
      });
      if (part === undefined || part.done) break;
      wire.push(part.value);
    }
    if (error !== undefined) throw error;
    if (!wire.ended) throw lost();
  }

  /**
   * Calls a command and gives the rows of its answer as objects.
   * @param {Target} target
   * @param {AbortSignal} [signal]
   * @returns {Promise<Record<string, unknown>[]>}
   */
  async rows(target, signal) {
    /** @type {readonly import("./wire.js").Column[]} */
    let columns = [];
    /** @type {Record<string, unknown>[]} */
    const rows = [];
    await this.stream(
      target,
      (piece) => {
        if (piece.kind === "head") columns = piece.columns;
        if (piece.kind !== "rows") return;
        const { length, cells } = piece.batch;
        for (let row = 0; row < length; row++) {
          rows.push(Object.fromEntries(columns.map(({ name }, c) => [name, cells[c]?.[row] ?? null])));
        }
      },
      signal,
    );
    return rows;
  }

  /**
   * Calls a command and gives the answer in a format of one's choice, as it comes.
   * @param {Target} target
   * @param {string} accept - a media type: `text/csv`, `application/json`, …
   * @param {AbortSignal} [signal]
   */
  ask({ node = "", command, input, words }, accept, signal) {
    if (node === "")
      return this.#post(pathOf(command), words === undefined ? (input ?? {}) : { args: words }, accept, signal);
    const call = words === undefined ? { command: [command], input: input ?? {} } : { command: [command, ...words] };
    return this.#post("/ssh/remote", { node, ...call }, accept, signal);
  }

  /** Lists the nodes that can be called from this one. */
  nodes() {
    return this.rows({ command: "ssh.remote" });
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {string} accept
   * @param {AbortSignal} [signal]
   */
  async #post(path, body, accept, signal) {
    const response = await fetch(this.base + path, {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify(body),
      signal: signal ?? null,
    }).catch((cause) => {
      if (signal?.aborted) throw cause;
      throw new CallError({ code: "node_offline", message: "the node does not answer", hint: "does it still run?" });
    });
    if (!response.ok) throw new CallError(await problemOf(response), response.status);
    return response;
  }
}

function lost() {
  return new CallError({ message: "the answer broke off", hint: "the connection to the node was lost" });
}

/**
 * Gives the address of a command: `nfs.dir` is reached at `/nfs/dir`.
 * @param {string} command
 */
function pathOf(command) {
  return `/${command.split(".").map(encodeURIComponent).join("/")}`;
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, unknown>>}
 */
async function problemOf(response) {
  try {
    return Object(await response.json());
  } catch {
    return { message: `the node answered ${response.status}` };
  }
}

/**
 * Makes an error of a call of whatever was thrown.
 * @param {unknown} error
 */
export function asCallError(error) {
  return error instanceof CallError ? error : new CallError({ message: String(error) });
}
