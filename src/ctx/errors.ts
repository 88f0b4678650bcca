import { drawPlace, type Place } from "./source.ts";

/**
 * Every error a person can meet: what is said, the exit code, the HTTP status, and whether trying again may help.
 * Exit 1 is a plain failure; 2, 124, 126, 127, 130 are what shells use; 69 and 70 are sysexits.
 * `docs/errors.md` explains each; a house test holds the two together.
 */
export const catalogue = {
  parse_error: { exit: 2, status: 400, say: (p: { problem: string }) => p.problem },
  bad_argument: {
    exit: 2,
    status: 400,
    say: (p: { command: string; problem: string }) => `${p.command}: ${p.problem}`,
  },
  unknown_command: {
    exit: 127,
    status: 404,
    say: (p: { name: string; context?: string }) =>
      `unknown command "${p.name}"${p.context === undefined ? "" : ` in ${p.context}`}`,
  },
  unknown_context: { exit: 127, status: 404, say: (p: { name: string }) => `unknown context "${p.name}"` },
  unknown_node: { exit: 127, status: 404, say: (p: { name: string }) => `unknown node "${p.name}"` },
  not_found: { exit: 1, status: 404, say: (p: { what: string; name: string }) => `no ${p.what} "${p.name}"` },
  already_exists: {
    exit: 1,
    status: 409,
    say: (p: { what: string; name: string }) => `${p.what} "${p.name}" is already there`,
  },
  not_logged_in: { exit: 126, status: 401, say: () => "log in first" },
  not_allowed: { exit: 126, status: 403, say: (p: { problem: string }) => p.problem },
  bad_signature: {
    exit: 126,
    status: 403,
    say: (p: { node: string }) => `the signature of ${p.node} does not fit the message`,
  },
  too_large: { exit: 1, status: 413, say: (p: { problem: string }) => p.problem },
  timed_out: {
    exit: 124,
    status: 504,
    retry: true,
    say: (p: { what: string; limit: string }) => `${p.what} did not end within ${p.limit}`,
  },
  node_offline: { exit: 69, status: 503, retry: true, say: (p: { node: string }) => `node ${p.node} is offline` },
  cancelled: { exit: 130, status: 499, say: () => "stopped" },
  unsupported: { exit: 1, status: 501, say: (p: { problem: string }) => p.problem },
  failed: { exit: 1, status: 422, say: (p: { problem: string }) => p.problem },
  internal: { exit: 70, status: 500, say: (p: { id: string }) => `internal error ${p.id}, see var/log/error.log` },
} as const satisfies Record<string, { exit: number; status: number; retry?: true; say: (p: never) => string }>;

type Catalogue = typeof catalogue;
export type Code = keyof Catalogue;
type About<C extends Code> = Parameters<Catalogue[C]["say"]>[0] extends undefined
  ? Record<string, never>
  : Parameters<Catalogue[C]["say"]>[0];

export interface ErrorExtra {
  /** What to do about it, such as `did you mean "dir"?`. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** Where in a source it happened. */
  readonly at?: Place | undefined;
  /** The exit code, where it is not the catalogue's: that of a system program. */
  readonly exit?: number | undefined;
  /** More text could repair it: the shell asks for another line. */
  readonly partial?: boolean | undefined;
  /** The place in a source of another node: `line:1:5`. */
  readonly where?: string | undefined;
  /** From where to where the call went that failed: nodes, then the command. */
  readonly trail?: readonly string[] | undefined;
}

/** The only error that commands throw on purpose. Anything else is a bug and is shown as `internal`. */
export class CtxError extends Error {
  override readonly name = "CtxError";
  readonly code: Code;
  readonly hint: string | undefined;
  readonly exit: number;
  readonly partial: boolean;
  /** A program of the system ended with a code of its own: a no, where somebody asks; an error elsewhere. */
  readonly isProgramCode: boolean;
  /** The place in a source; set once, by whoever knows it first. */
  at: Place | undefined;
  /** The place in a source of another node, where the error came from there. */
  readonly where: string | undefined;
  /** From where to where the call went that failed: nodes, then the command. Empty when it did not leave this node. */
  readonly trail: readonly string[];
  /** It has been said where it was to be said: in the file behind `2>`. */
  isSaid = false;

  constructor(code: Code, message: string, extra: ErrorExtra = {}) {
    super(message, { cause: extra.cause });
    this.code = code;
    this.hint = extra.hint;
    this.at = extra.at;
    this.exit = extra.exit ?? catalogue[code].exit;
    this.partial = extra.partial ?? false;
    this.where = extra.where;
    this.trail = extra.trail ?? [];
    this.isProgramCode = code === "failed" && extra.exit !== undefined;
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  /** What crosses a link or leaves by HTTP: no stack, no cause. */
  toJSON(): ErrorJson {
    const place = this.at?.source.place(this.at.span.start);
    return {
      code: this.code,
      message: this.message,
      ...(this.hint !== undefined && { hint: this.hint }),
      ...((this.isProgramCode || this.exit !== catalogue[this.code].exit) && { exit: this.exit }),
      ...(this.at !== undefined &&
        place !== undefined && { at: `${this.at.source.name}:${place.line}:${place.column}` }),
      ...(this.where !== undefined && { where: this.where }),
      ...(this.trail.length > 0 && { trail: this.trail }),
    };
  }
}

/** A `CtxError` as JSON. */
export interface ErrorJson {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  readonly exit?: number;
  readonly at?: string;
  readonly where?: string;
  readonly trail?: readonly string[];
}

/** Makes an error of the catalogue: `throw fail("unknown_command", { name }, { hint: 'did you mean "dir"?' })`. */
export function fail<C extends Code>(code: C, about: About<C>, extra?: ErrorExtra): CtxError {
  const say = catalogue[code].say as (p: About<C>) => string;
  return new CtxError(code, say(about), extra);
}

/** Gives an error of another node with the way it came put before its own. */
export function along(error: CtxError, ...way: readonly string[]): CtxError {
  const { code, message, hint, exit, partial, where, at } = error;
  return new CtxError(code, message, {
    hint,
    partial,
    where,
    at,
    trail: [...way, ...error.trail],
    cause: error,
    exit: error.isProgramCode || exit !== catalogue[code].exit ? exit : undefined,
  });
}

/**
 * Writes an error as people read it: the sentence, the hint in brackets, the way it came with the place it has there, the
 * place it has here. No final newline.
 */
export function drawError(error: CtxError, width?: (text: string) => number): string {
  const hint = error.hint === undefined ? "" : ` (${error.hint})`;
  const place = error.at === undefined ? "" : `\n${indent(drawPlace(error.at, width))}`;
  return `error: ${error.message}${hint}${drawWay(error)}${place}`;
}

function drawWay({ trail, where }: CtxError): string {
  if (trail.length === 0) return where === undefined ? "" : `\n  ${where}`;
  return `\n  ${trail.join(" → ")}${where === undefined ? "" : ` (${where})`}`;
}

const indent = (text: string): string => text.replace(/^/gm, "  ");

interface SystemError extends Error {
  readonly code?: unknown;
  readonly path?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
}

/**
 * Turns an error of the operating system into one of the catalogue, or gives `undefined` when it is none.
 * A missing file is the user's news, not a bug.
 */
export function fromSystem(error: unknown): CtxError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "AbortError") return fail("cancelled", {}, { cause: error });
  const { code, path, address, port } = error as SystemError;
  if (typeof code !== "string") return undefined;
  const name = path ?? (address === undefined ? "" : `${address}${port === undefined ? "" : `:${port}`}`);
  const extra = { cause: error };
  const named = name === "" ? "" : `: "${name}"`;
  switch (code) {
    case "ENOENT":
      return fail("not_found", { what: "file", name }, extra);
    case "EEXIST":
      return fail("already_exists", { what: "file", name }, extra);
    case "EACCES":
    case "EPERM":
      return fail("not_allowed", { problem: `permission denied${named}` }, extra);
    case "ETIMEDOUT":
      return fail("timed_out", { what: name || "the call", limit: "the time limit" }, extra);
    case "EADDRINUSE":
      return fail("already_exists", { what: "listener", name }, extra);
    default: {
      const said = systemSays[code];
      return said === undefined ? undefined : fail("failed", { problem: `${said}${named}` }, extra);
    }
  }
}

const systemSays: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  ENOTDIR: "not a folder",
  EISDIR: "is a folder",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENOTEMPTY: "the folder is not empty",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  EFBIG: "the file is too large",
  EXDEV: "source and target are on different disks",
  ETXTBSY: "the file is being run",
  EBUSY: "is busy",
  EIO: "the disk reports an input/output error",
  EINVAL: "the system refuses the value",
  ENXIO: "no such device, or a pipe that nobody reads",
  ENODEV: "no such device",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection lost",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host name cannot be looked up now",
  EPIPE: "the reader has gone",
});
