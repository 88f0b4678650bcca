/** Requests as calls: what a query, a form or a JSON body gives to a command, and who calls. */
import type { IncomingMessage } from "node:http";
import {
  type ContextNode,
  type Found,
  fail,
  type Given,
  here,
  isMap,
  type Lang,
  parseJson,
  type Tree,
  type Value,
  type Who,
} from "../../ctx/index.ts";
import { Refusal } from "./problem.ts";
import { mostKeys } from "./state.ts";

/** A body as it came, and its media type. */
export interface Body {
  readonly text: string;
  readonly type: string;
}

/** The path of an address, and what stands behind its `?`. */
export function splitAddress(url: string): readonly [path: string, query: string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

/** Gives the call that a request makes: GET has its values in the query, POST in the body. */
export function givenBy(tree: Tree, found: Found, method: string | undefined, query: string, body?: Body): Given {
  const { name } = found.command;
  if (method !== "POST") return { name, texts: readPairs(tree, query) };
  if (query !== "") {
    const problem = "takes its values from the body of a POST, not from the address";
    throw fail("bad_argument", { command: name, problem });
  }
  if (body === undefined || body.text === "") return { name, input: {} };
  if (body.type === "application/x-www-form-urlencoded") {
    if (/^\s*\{/.test(body.text)) throw noForm();
    return { name, texts: readPairs(tree, body.text) };
  }
  return { name, input: readObject(body.text) };
}

/** Reads the object that a JSON body is. */
export function readObject(text: string): { readonly [key: string]: Value } {
  const value = parseJson(text, "body");
  if (!isMap(value)) throw fail("parse_error", { problem: "the body must be a JSON object" });
  return value;
}

const noForm = (): Error => {
  const error = fail(
    "parse_error",
    { problem: "a JSON body came as a form" },
    { hint: "send content-type: application/json" },
  );
  return new Refusal(error);
};

const nothing: ReadonlyMap<string, readonly string[]> = new Map();

/** Reads `key=value&key=value`; a key that comes again has several values. */
export function readPairs(tree: Tree, text: string): ReadonlyMap<string, readonly string[]> {
  if (text === "") return nothing;
  const limit = tree.conf(mostKeys);
  const pairs = new Map<string, string[]>();
  let count = 0;
  for (let from = 0; from < text.length; ) {
    if (++count > limit) throw fail("too_large", { problem: `more than the ${limit} values of web.most_keys` });
    const next = text.indexOf("&", from);
    const end = next < 0 ? text.length : next;
    const equals = text.indexOf("=", from);
    const keyEnd = equals < 0 || equals > end ? end : equals;
    if (end > from) add(pairs, plain(text.slice(from, keyEnd)), plain(text.slice(keyEnd + 1, end)));
    from = end + 1;
  }
  return pairs;
}

function add(pairs: Map<string, string[]>, key: string, value: string): void {
  const before = pairs.get(key);
  if (before === undefined) pairs.set(key, [value]);
  else before.push(value);
}

/** Text as it was before a client escaped it. */
function plain(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch (cause) {
    throw fail("parse_error", { problem: `"${spaced.slice(0, 60)}" is not escaped as addresses are` }, { cause });
  }
}

/** Says who calls: the person whose node this is, because only that person can read its token. */
export class Callers {
  readonly #tree: Tree;
  readonly #root: ContextNode;
  readonly #user: string;
  /** Begins the traces of this run; a number follows. */
  readonly #prefix: string;
  #count = 0;

  constructor(tree: Tree, prefix: string) {
    this.#tree = tree;
    this.#root = tree.root;
    this.#user = tree.host.env["USER"] ?? tree.host.env["LOGNAME"] ?? "";
    this.#prefix = prefix;
  }

  /** The caller of a request that passed the gate. Nothing in the request says who that is. */
  who({ headers, socket }: IncomingMessage): Who {
    const { home } = this.#tree.host;
    const id = this.#prefix + (++this.#count).toString(36);
    return {
      user: this.#user,
      post: "",
      session: { id, context: this.#root, cwd: home, lastCwd: home, history: [] },
      node: this.#tree.use(here)(),
      address: socket.remoteAddress ?? "",
      via: "token",
      width: undefined,
      colour: false,
      lang: langOf(headers["accept-language"]),
      trace: id,
    };
  }
}

/** The first language that is named; those who prefer another one put it in front. */
function langOf(accepted: string | undefined): Lang {
  return accepted !== undefined && /^\s*zh\b/i.test(accepted) ? "zh" : "en";
}
