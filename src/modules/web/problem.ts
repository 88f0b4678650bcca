/** Errors as HTTP has them: `application/problem+json` (RFC 9457), or the sentence of the terminal for who asks for text. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type CtxError, drawError } from "../../ctx/index.ts";
import { guarded } from "./headers.ts";

/** A refusal that HTTP has a status of its own for. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: CtxError;
  /** Headers that belong to it: names and values in turn. */
  readonly headers: readonly string[];

  constructor(error: CtxError, status = error.status, headers: readonly string[] = []) {
    super(error.message, { cause: error });
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

/** Writes an error as the body of an answer: what `--json` shows of it, with title and status as RFC 9457 names them. */
function problemBody(error: CtxError, status = error.status): string {
  const { message, ...rest } = error.toJSON();
  const type = `urn:contextos:error:${error.code}`;
  return `${JSON.stringify({ type, title: message, status, ...rest })}\n`;
}

/** Answers with an error. What has begun to answer otherwise is cut off, so that nobody takes it for whole. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { error, status } = refusal;
  const isText = wantsText(request.headers.accept);
  const body = isText ? `${drawError(error)}\n` : problemBody(error, status);
  const type = isText ? "text/plain; charset=utf-8" : "application/problem+json";
  const length = String(Buffer.byteLength(body));
  const challenge = status === 401 ? ["www-authenticate", 'Bearer realm="contextos"'] : [];
  response.writeHead(status, [
    ...guarded,
    ...["content-type", type, "content-length", length, "cache-control", "no-store"],
    ...challenge,
    ...refusal.headers,
  ]);
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Answers on a socket that is no request's, or no request's any more, and closes it. */
export function sendRaw(socket: Duplex, { status, error }: Refusal): void {
  const body = problemBody(error, status);
  const headers = [...guarded, "content-type", "application/problem+json", "connection", "close"];
  headers.push("content-length", String(Buffer.byteLength(body)));
  let head = `HTTP/1.1 ${status} ${error.code}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  socket.end(`${head}\r\n${body}`, () => socket.destroy());
}

const wantsText = (accept: string | undefined): boolean => accept?.startsWith("text/plain") === true;
