/** Answers of commands as the caller's Accept asks for them. */
import {
  Batch,
  type CtxError,
  type Format,
  log,
  type Maybe,
  type Message,
  type Piece,
  type Renderer,
  renderer,
  type Sink,
  WireWriter,
} from "../../ctx/index.ts";
import type { Form } from "./accept.ts";
import { Refusal, sendProblem } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Where the answer of a call by HTTP goes. */
export interface Answer extends Sink {
  /** Says that the call is done. */
  finish(m: Message): void;
  /** Says why it is not: with a status while nothing has been sent, else in the way the form has. */
  fail(error: CtxError): void;
}

/** Whether each piece is sent when it comes. */
export function isLive({ format }: Form): boolean {
  return format === "ndjson" || format === "events" || format === "wire";
}

export function openAnswer(form: Form, reply: Reply): Answer {
  switch (form.format) {
    case "wire":
      return new Wire(reply);
    case "events":
      return new Events(reply);
    default:
      return new Rendered(form.format, reply);
  }
}

/** Sends the error if nothing was sent yet. */
function failedEarly(reply: Reply, error: CtxError): boolean {
  if (reply.begun || reply.closed) return reply.closed;
  reply.drop();
  sendProblem(reply.request, reply.response, new Refusal(error));
  return true;
}

/** What comes before the table in a page of its own. */
const pageHead =
  '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n' +
  '<title>ContextOS</title>\n<link rel="stylesheet" href="/librarys/context.css">\n';

/** An answer in one of the formats that files and the terminal have, too. */
class Rendered implements Answer {
  readonly #format: Format;
  readonly #reply: Reply;
  #renderer: Renderer | undefined;
  #message: Message | undefined;
  #waiting: Promise<void> | undefined;

  constructor(format: Format, reply: Reply) {
    this.#format = format;
    this.#reply = reply;
  }
  get closed(): boolean {
    return this.#reply.closed;
  }
  begin(m: Message): void {
    this.#message = m;
  }
  write(piece: Piece): Maybe<void> {
    this.#open().push(piece, this.#emit);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
  /** One answer may come from several commands: the end is said with `finish`. */
  end(): void {}
  note(text: string): void {
    noteIn(this.#message, text);
  }
  finish(m: Message): void {
    this.#message ??= m;
    this.#open().end(this.#emit);
    this.#reply.end();
  }
  fail(error: CtxError): void {
    if (failedEarly(this.#reply, error)) return;
    if (this.#format !== "json" && this.#format !== "ndjson") {
      this.#reply.cut();
      return;
    }
    this.#open().end(this.#emit, error);
    this.#reply.end();
  }

  #open(): Renderer {
    if (this.#renderer === undefined) {
      const { shownDetail = [], given = {} } = this.#message ?? {};
      this.#renderer = renderer(this.#format, { message: { detail: shownDetail, option: given } });
      if (this.#format === "html") this.#emit(pageHead);
    }
    return this.#renderer;
  }
  #emit = (chunk: string | Uint8Array): void => {
    const wait = this.#reply.write(chunk);
    if (wait !== undefined) this.#waiting = wait as Promise<void>;
  };
}

/** These forms have no place for what is said beside an answer. */
function noteIn(m: Message | undefined, text: string): void {
  m?.tree.use(log)("debug", text, { trace: m.who.trace });
}

/** The bytes that nodes and processes beside a node read. */
class Wire extends WireWriter implements Answer {
  readonly #reply: Reply;

  constructor(reply: Reply) {
    super(
      (bytes) => reply.write(bytes),
      () => reply.closed,
    );
    this.#reply = reply;
  }
  finish(): void {
    void this.close();
    this.#reply.end();
  }
  fail(error: CtxError): void {
    if (failedEarly(this.#reply, error)) return;
    void this.close(error);
    this.#reply.end();
  }
}

/** Milliseconds after which a silent stream of events says that it lives, before somebody on the way gives it up. */
const silence = 15_000;

/**
 * Server-sent events: `table` (the columns of a table that begins), `row`, `text`, `note`, then `end` or `error`, each
 * with JSON as its data.
 */
class Events implements Answer {
  readonly #reply: Reply;
  readonly #rows = renderer("ndjson");
  readonly #decoder = new TextDecoder();
  #columns: Batch["columns"] | undefined;
  readonly #alive: NodeJS.Timeout;

  constructor(reply: Reply) {
    this.#reply = reply;
    this.#alive = setInterval(() => void reply.write(": alive\n\n"), silence);
    this.#alive.unref();
    reply.response.once("close", () => clearInterval(this.#alive));
  }
  get closed(): boolean {
    return this.#reply.closed;
  }
  write(piece: Piece): Maybe<void> {
    if (!(piece instanceof Batch)) {
      const text = typeof piece === "string" ? piece : this.#decoder.decode(piece, { stream: true });
      return text === "" ? undefined : this.#reply.write(event("text", text));
    }
    let events = "";
    if (piece.columns !== this.#columns) {
      this.#columns = piece.columns;
      events = event(
        "table",
        piece.columns.map(({ name, type }) => ({ name, type })),
      );
    }
    this.#rows.push(piece, (lines) => {
      events += String(lines).replace(/.+\n/g, (line) => `event: row\ndata: ${line}\n`);
    });
    return this.#reply.write(events);
  }
  end(): void {}
  note(text: string): Maybe<void> {
    return this.#reply.write(event("note", text));
  }
  finish(): void {
    this.#close(event("end", {}));
  }
  fail(error: CtxError): void {
    clearInterval(this.#alive);
    if (!failedEarly(this.#reply, error)) this.#close(event("error", error));
  }
  #close(last: string): void {
    clearInterval(this.#alive);
    void this.#reply.write(last);
    this.#reply.end();
  }
}

const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
