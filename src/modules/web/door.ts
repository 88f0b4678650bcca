/** What the door answers: a command of each path, and the few paths that are its own. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  allowedTo,
  CtxError,
  dispatch,
  fail,
  type Message,
  openapi,
  SpareAborts,
  type Tree,
  toCtxError,
} from "../../ctx/index.ts";
import { chooseForm } from "./accept.ts";
import { type Answer, isLive, openAnswer } from "./answer.ts";
import type { Gate } from "./gate.ts";
import { guarded } from "./headers.ts";
import { Refusal, sendProblem } from "./problem.ts";
import { Reply } from "./reply.ts";
import { type Body, Callers, givenBy, readObject, readPairs, splitAddress } from "./request.ts";
import { Routes, wrongMethod } from "./route.ts";
import { mostRunning, type Opened } from "./state.ts";

/** Answers what is not a command. */
type Own = (request: IncomingMessage, response: ServerResponse, body?: Body) => void;

export class Door {
  readonly #tree: Tree;
  readonly #gate: Gate;
  readonly #facts: Opened;
  readonly #routes: Routes;
  readonly #callers: Callers;
  readonly #aborts = new SpareAborts();
  readonly #own: ReadonlyMap<string, readonly [method: string, answer: Own]>;

  constructor(tree: Tree, gate: Gate, facts: Opened) {
    this.#tree = tree;
    this.#gate = gate;
    this.#facts = facts;
    this.#routes = new Routes(tree);
    this.#callers = new Callers(tree, `w${randomBytes(5).toString("hex")}`);
    this.#own = new Map<string, readonly [string, Own]>([
      ["/", ["GET, HEAD", (_, response) => send(response, 302, ["location", "/code"])]],
      ["/healthz", ["GET, HEAD", (request, response) => sendJson(request, response, { status: "ok" })]],
      ["/openapi.json", ["GET, HEAD", this.#describe]],
      ["/login", ["POST", this.#logIn]],
      ["/logout", ["POST", this.#logOut]],
    ]);
  }

  /** Lets a request pass, or answers with why not. */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    try {
      this.#gate.check(request, splitAddress(request.url ?? "")[0]);
      return true;
    } catch (error) {
      this.refuse(request, response, error);
      return false;
    }
  }

  /** Answers a request that has passed. */
  answer(request: IncomingMessage, response: ServerResponse, body?: Body): void {
    this.#facts.answered++;
    try {
      const [path, query] = splitAddress(request.url ?? "");
      const own = this.#own.get(path);
      if (own === undefined) this.#run(request, response, path, query, body);
      else {
        const [methods, act] = own;
        if (!methods.split(", ").includes(request.method ?? "")) throw wrongMethod(path, request.method, methods);
        act(request, response, body);
      }
    } catch (error) {
      this.refuse(request, response, error);
    }
  }

  /** Answers with an error, whatever was thrown. */
  refuse(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    const refusal = thrown instanceof Refusal ? thrown : new Refusal(this.#known(request, thrown));
    sendProblem(request, response, refusal);
  }
  #known(request: IncomingMessage, thrown: unknown): CtxError {
    if (thrown instanceof CtxError) return thrown;
    return toCtxError({ tree: this.#tree, who: this.#callers.who(request) }, thrown);
  }

  #run(request: IncomingMessage, response: ServerResponse, path: string, query: string, body?: Body): void {
    const { method } = request;
    const found = this.#routes.find(path, method);
    const form = chooseForm(request.headers.accept);
    if (this.#facts.running >= this.#tree.conf(mostRunning)) throw this.#busy();
    const given = givenBy(this.#tree, found, method, query, body);
    const answer = openAnswer(form, new Reply(request, response, form, isLive(form)));
    const who = this.#callers.who(request);
    const abort = this.#aborts.take();
    let done: Message | Promise<Message>;
    try {
      done = dispatch(found, given, { from: this.#tree.root, who, out: answer, signal: abort.signal });
    } catch (error) {
      answer.fail(this.#known(request, error));
      return;
    }
    if (done instanceof Promise) {
      this.#follow(done, answer, abort, request, response);
      return;
    }
    this.#aborts.giveBack(abort);
    answer.finish(done);
  }

  /** Follows a command that takes its time: a caller who leaves stops it. It counts until all of it is read, too. */
  #follow(
    done: Promise<Message>,
    answer: Answer,
    abort: AbortController,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    this.#facts.running++;
    const read = new Promise<void>((resolve) => {
      response.once("close", () => {
        if (!response.writableFinished) abort.abort();
        resolve();
      });
    });
    void done
      .then(
        (m) => answer.finish(m),
        (error: unknown) => answer.fail(this.#known(request, error)),
      )
      .catch((error: unknown) => this.refuse(request, response, error))
      .then(() => read)
      .then(() => this.#facts.running--);
  }

  #busy(): Refusal {
    const problem = `more than the ${this.#tree.conf(mostRunning)} commands of web.most_running run at once`;
    return new Refusal(fail("failed", { problem }), 503, ["retry-after", "1"]);
  }

  #describe = (request: IncomingMessage, response: ServerResponse): void => {
    const who = this.#callers.who(request);
    sendJson(request, response, openapi(this.#tree, { lang: who.lang, may: allowedTo(this.#tree, who) }));
  };
  #logIn = (_: IncomingMessage, response: ServerResponse, body?: Body): void => {
    const cookie = this.#gate.sessions.open(tokenIn(this.#tree, body));
    send(response, 204, ["set-cookie", `${this.#gate.cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`]);
  };
  #logOut = (request: IncomingMessage, response: ServerResponse): void => {
    const cookie = this.#gate.cookieOf(request);
    if (cookie !== undefined) this.#gate.sessions.close(cookie);
    const gone = `${this.#gate.cookieName}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`;
    send(response, 204, ["set-cookie", gone]);
  };
}

function tokenIn(tree: Tree, body: Body | undefined): unknown {
  if (body === undefined) return undefined;
  const isForm = body.type === "application/x-www-form-urlencoded";
  if (isForm) return readPairs(tree, body.text).get("token")?.[0];
  const given = readObject(body.text);
  return Object.hasOwn(given, "token") ? given["token"] : undefined;
}

function send(response: ServerResponse, status: number, headers: readonly string[]): void {
  const length = status === 204 ? [] : ["content-length", "0"];
  response.writeHead(status, [...guarded, "cache-control", "no-store", ...length, ...headers]);
  response.end();
}

function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): void {
  const body = `${JSON.stringify(value)}\n`;
  const length = String(Buffer.byteLength(body));
  const type = ["content-type", "application/json", "content-length", length, "cache-control", "no-store"];
  response.writeHead(200, [...guarded, ...type]);
  response.end(request.method === "HEAD" ? undefined : body);
}
