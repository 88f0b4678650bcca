/** The HTTP server: what it reads, its limits, its files. The only file that knows fastify. */
import { existsSync, realpathSync } from "node:fs";
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { join, sep } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { CtxError, fail, type Tree } from "../../ctx/index.ts";
import type { Door } from "./door.ts";
import { pageHeaders } from "./headers.ts";
import { Refusal, sendRaw } from "./problem.ts";
import { type Body, splitAddress } from "./request.ts";
import { bodyLimit, requestLimit } from "./state.ts";

/** Milliseconds a connection may be kept open for the next request. */
const keepAlive = 60_000;
/** More connections are turned away. */
const mostConnections = 2000;

export interface Server {
  readonly app: FastifyInstance;
  readonly http: HttpServer;
}

/** The door, once it is known which port it has. */
type Opening = () => Door | undefined;

/**
 * Makes a server that hands requests to the door. The gate is asked before anything else is looked at. Fastify reads
 * bodies and sends files; what has no body needs neither its routes nor its objects, which cost as much as our own work.
 */
export async function makeServer(tree: Tree, opening: Opening): Promise<Server> {
  const { fastify } = await import("fastify");
  const http = createServer({ connectionsCheckingInterval: 5000 });
  http.requestTimeout = tree.conf(requestLimit) * 1000;
  http.headersTimeout = Math.min(10_000, http.requestTimeout);
  http.keepAliveTimeout = keepAlive;
  http.maxConnections = mostConnections;
  const app = fastify({
    logger: false,
    bodyLimit: tree.conf(bodyLimit),
    exposeHeadRoutes: false,
    clientErrorHandler: refuseClient,
    serverFactory: (handler) =>
      http.on("request", (request, response) => {
        const door = opening();
        if (door === undefined) response.destroy();
        else if (!door.admits(request, response)) return;
        else if (hasBody(request) || isFile(request)) handler(request, response);
        else door.answer(request, response);
      }),
    frameworkErrors: (error, { raw }, reply) => {
      void reply.hijack();
      opening()?.refuse(raw, reply.raw, refusalOf(error, tree));
    },
  });
  await app.register((await import("@fastify/static")).fastifyStatic, { root: tree.host.program, serve: false });
  readBodies(app);
  app.setErrorHandler((error, { raw }, reply) => {
    void reply.hijack();
    opening()?.refuse(raw, reply.raw, refusalOf(error, tree));
  });
  app.all("/*", ({ raw, body }, reply) => {
    if (isFile(raw)) {
      const file = fileOf(tree, raw);
      if (isInside(file)) return sendFile(reply, file);
      reply.callNotFound();
      return reply;
    }
    void reply.hijack();
    opening()?.answer(raw, reply.raw, (body ?? undefined) as Body | undefined);
  });
  app.setNotFoundHandler(({ raw }, reply) => {
    void reply.hijack();
    const [name] = splitAddress(raw.url ?? "");
    opening()?.refuse(raw, reply.raw, fail("not_found", { what: "path", name }));
  });
  return { app, http };
}

const isRead = ({ method }: IncomingMessage): boolean => method === "GET" || method === "HEAD";
const hasBody = (request: IncomingMessage): boolean => !isRead(request);

/** Tells whether a path stands for a file: the page, or one of its parts. */
function isFile(request: IncomingMessage): boolean {
  const { url = "" } = request;
  return isRead(request) && (url.startsWith("/librarys/") || url === "/code" || url.startsWith("/code?"));
}

interface StaticFile {
  readonly root: string;
  readonly name: string;
}

/** Finds the file of a path: in the folder of the node, else in that of the program. */
function fileOf({ host: { home, program } }: Tree, { url = "" }: IncomingMessage): StaticFile {
  const isPart = url.startsWith("/librarys/");
  const folder = isPart ? "usr/librarys" : "usr/template/code";
  const root = [home, program].map((top) => join(top, folder)).find((one) => existsSync(one)) ?? join(home, folder);
  return { root, name: isPart ? splitAddress(url)[0].slice("/librarys/".length) : "index.html" };
}

/** Tells whether a file is where its name says, and no link that leads out of its folder. What is not there is found so later. */
function isInside({ root, name }: StaticFile): boolean {
  try {
    return realpathSync(join(root, decodeURIComponent(name))).startsWith(realpathSync(root) + sep);
  } catch {
    return true;
  }
}

function sendFile(reply: FastifyReply, { root, name }: StaticFile): FastifyReply {
  const headers = [...pageHeaders, "cache-control", "no-cache"];
  for (let i = 0; i < headers.length; i += 2) reply.header(headers[i] as string, headers[i + 1]);
  return reply.sendFile(name, root, { dotfiles: "ignore", index: false, cacheControl: false });
}

function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
    app.addContentTypeParser<string>(type, { parseAs: "string" }, (_request, text, done) => {
      done(null, { text, type } satisfies Body);
    });
  }
}

/** What fastify finds wrong with a request, as an error of ours. */
function refusalOf(error: unknown, tree: Tree): unknown {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  if (error instanceof CtxError || error instanceof Refusal || typeof statusCode !== "number" || statusCode >= 500) {
    return error;
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const problem = `the body is longer than the ${tree.conf(bodyLimit)} bytes of web.body_limit`;
    return new Refusal(fail("too_large", { problem }));
  }
  if (statusCode === 415) {
    const hint = "send application/json or application/x-www-form-urlencoded";
    return new Refusal(fail("unsupported", { problem: "a body of this content type is not read" }, { hint }), 415);
  }
  return new Refusal(fail("parse_error", { problem: "the request is malformed" }), statusCode);
}

const clientErrors: ReadonlyMap<string, readonly [status: number, problem: string]> = new Map([
  ["HPE_HEADER_OVERFLOW", [431, "the headers are too long"]],
  ["ERR_HTTP_REQUEST_TIMEOUT", [408, "the request did not come in time"]],
]);

/** Answers what is no HTTP, on the bare socket. */
function refuseClient(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, problem] = clientErrors.get(error.code ?? "") ?? [400, "this is no HTTP request"];
  sendRaw(socket, new Refusal(fail("parse_error", { problem }), status));
}
