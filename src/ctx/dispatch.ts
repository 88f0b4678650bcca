/**
 * The hall. A typed line, an HTTP request and a frame from another node all come through here:
 * find → may they? → read input → run → answer or error. It gives a value when the command is done at once and a
 * promise only when it is not.
 */
import { randomBytes } from "node:crypto";
import { help } from "./describe/help.ts";
import { CtxError, fail, fromSystem } from "./errors.ts";
import { type ReadInput, readJson, readTexts, readWords } from "./input.ts";
import { didYouMean } from "./kit/suggest.ts";
import { after, deeper, type Maybe } from "./maybe.ts";
import { declaredColumns, Message, type Travel } from "./message.ts";
import type { Piped, Sink } from "./pipe.ts";
import { guard, log } from "./ports.ts";
import { Batch, batchesOf, type Row } from "./table/batch.ts";
import type { Operator } from "./table/operator.ts";
import { placing } from "./table/place.ts";
import type { ContextNode, Found, Tree } from "./tree.ts";
import { resolvePath, type Who } from "./who.ts";
import { placeOf, textOf, type Words } from "./word.ts";

/** What is called: words as typed, or a name with an input object (JSON, typed calls) or with texts by key (a query, a form). */
export type Given =
  | { readonly words: Words }
  | { readonly name: string; readonly input: { readonly [key: string]: unknown } }
  | { readonly name: string; readonly texts: ReadonlyMap<string, readonly string[]> };

/** Who calls, from where, and where the answer goes; without `out` it is collected in the message. */
export interface Calling {
  readonly from: ContextNode;
  readonly who: Who;
  readonly out?: Sink | undefined;
  readonly piped?: Piped | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly travel?: Travel | undefined;
}

/** Finds a command by name and calls it. */
export function call(given: Given, calling: Calling): Maybe<Message> {
  const name = "words" in given ? textOf(given.words[0] ?? "") : given.name;
  const found = calling.from.find(name);
  if (found === undefined) throw unknownCommand(name, calling.from);
  return dispatch(found, given, calling);
}

/** Says that a name is no command here, with the nearest one that is. */
export function unknownCommand(name: string, from: ContextNode): CtxError {
  const dot = name.lastIndexOf(".");
  if (dot > 0) {
    const node = from.tree.context(name.slice(0, dot), from);
    if (node !== undefined) {
      const near = didYouMean(name.slice(dot + 1), node.commands.keys());
      return fail("unknown_command", { name: name.slice(dot + 1), context: node.name }, { hint: near });
    }
    const names = [...from.tree.root.walk()].map((one) => one.name);
    return fail("unknown_command", { name }, { hint: didYouMean(name.slice(0, dot), names) });
  }
  const isContext = from.tree.context(name, from) !== undefined;
  const hint = isContext ? `~${name} is the module of that name` : didYouMean(name, from.commandNames());
  return fail("unknown_command", { name, context: from.name }, { hint });
}

/** Most calls that may lead to one another; more are commands that call themselves without end. */
const deepest = 10_000;

/** Calls a command that was found. */
export function dispatch(found: Found, given: Given, calling: Calling): Maybe<Message> {
  return deeper(() => dispatchNow(found, given, calling));
}

function open(found: Found, words: Words, calling: Calling): Message {
  const { from, who, out, piped, signal, travel } = calling;
  const { tree } = found.node;
  return new Message({ tree, found, source: from, words, who, signal, piped, out, travel });
}

function dispatchNow(found: Found, given: Given, calling: Calling): Maybe<Message> {
  const m = open(found, "words" in given ? given.words : [given.name], calling);
  const started = m.tree.clock.ticks();
  try {
    const done = run(m, given);
    if (done instanceof Promise) {
      return done.then(
        () => answered(m, started),
        (error: unknown) => {
          throw refused(m, started, error);
        },
      );
    }
    return answered(m, started);
  } catch (error) {
    throw refused(m, started, error);
  }
}

/**
 * Opens an operator of a pipeline: guard, input and log as for any command, but the rows go through what it gives.
 * The sink that feeds it is the caller's.
 */
export function openOperator(found: Found, words: Words, calling: Calling): { m: Message; operator: Operator } {
  const m = open(found, words, { ...calling, piped: undefined });
  const started = m.tree.clock.ticks();
  try {
    const { input, help: asksHelp } = admit(m, { words });
    if (asksHelp === true) return { m, operator: saying(help(found, m.who.lang)) };
    const operator = found.command.operator?.(input, m);
    if (operator === undefined) throw fail("bad_argument", { command: found.command.name, problem: "is no operator" });
    answered(m, started);
    return { m, operator: placing(operator, words) };
  } catch (error) {
    throw refused(m, started, error);
  }
}

/** Guard, then input. */
function admit(m: Message, given: Given): ReadInput {
  const { tree, found } = m;
  if (m.depth > deepest) throw fail("failed", { problem: `${found.right} was called through ${deepest} calls` });
  tree.use(guard)(found, m.who);
  const read = readGiven(tree, found, given);
  m.format = read.format;
  m.given = read.given;
  return read;
}

function readGiven(tree: Tree, found: Found, given: Given): ReadInput {
  if ("words" in given) return readWords(tree, found, given.words);
  return "input" in given ? readJson(tree, found, given.input) : readTexts(tree, found, given.texts);
}

/** An operator that wants no rows and answers with a text. */
function saying(answer: string): Operator {
  let done = false;
  return {
    push: () => {
      done = true;
    },
    end: (emit) => emit(answer),
    get done() {
      return done;
    },
  };
}

function run(m: Message, given: Given): Maybe<void> {
  const { command } = m.found;
  const read = admit(m, given);
  // Who shows the answer learns of the format even if an error is all there is.
  if (read.format !== undefined) m.begin();
  if (read.help === true) {
    m.echo(help(m.found, m.who.lang));
    return m.finish();
  }
  if (m.piped !== undefined && command.input === undefined) {
    throw fail("bad_argument", { command: command.name, problem: "takes no input from a pipe" });
  }
  if (command.operator !== undefined) return after(operate(m, command.operator(read.input, m)), () => m.finish());
  return after(command.run(m, read.input) as Maybe<unknown>, (answer) => after(take(m, answer), () => m.finish()));
}

async function operate(m: Message, operator: Operator): Promise<void> {
  if (m.piped === undefined) {
    const { name } = m.found.command;
    throw fail(
      "bad_argument",
      { command: name, problem: `needs a table before it` },
      { hint: `such as: dir % ${name} …` },
    );
  }
  const emit = (piece: Batch | string | Uint8Array): void => void m.write(piece);
  for await (const batch of m.piped.batches()) {
    operator.push(batch, emit);
    await m.ready();
    if (operator.done) break;
  }
  operator.end(emit);
}

/** Takes what a handler returned: text, a row, rows, batches, a stream of these, or the answer of another call. */
function take(m: Message, answer: unknown): Maybe<void> {
  if (answer === undefined || answer === null || answer === m) return;
  if (typeof answer === "string") {
    m.echo(answer);
    return;
  }
  if (answer instanceof Message) {
    for (const piece of answer.pieces) m.write(piece);
    return;
  }
  if (answer instanceof Batch) {
    m.write(answer);
    return;
  }
  if (Array.isArray(answer)) {
    for (const batch of batchesOf(answer as Row[], declaredColumns(m.found.command))) m.write(batch);
    return;
  }
  if (typeof answer === "object") {
    if (Symbol.asyncIterator in answer || Symbol.iterator in answer) {
      return drain(m, answer as AsyncIterable<unknown> | Iterable<unknown>);
    }
    m.push(answer as Row);
  }
}

async function drain(m: Message, stream: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  let sliceEnd = m.tree.clock.ticks() + slice;
  for await (const part of stream) {
    if (part instanceof Batch || part instanceof Uint8Array) m.write(part);
    else if (typeof part === "string") m.echo(part);
    else m.push(part as Row);
    const wait = m.ready();
    if (wait !== undefined) await wait;
    if (m.tree.clock.ticks() > sliceEnd) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnd = m.tree.clock.ticks() + slice;
    }
  }
}

/** After so many milliseconds of work at one go, others get their turn. */
const slice = 10;
/** Calls longer than this are written to the bench log. */
const slow = 100;
/** Longer words are kept short in what is remembered of a message. */
const wordLimit = 256;
/** Of more words only the first are remembered. */
const mostWords = 100;

function answered(m: Message, started: number): Message {
  const ms = remember(m, started, "");
  const { effect } = m.found;
  if (ms > slow || effect !== "read") {
    m.tree.use(log)("bench", `${m.found.right} ${keptWords(m).slice(1).join(" ")}`, {
      trace: m.who.trace,
      code: m.code,
      user: m.who.user,
      source: m.source.path,
      target: m.target.path,
      ms: Math.round(ms * 10) / 10,
    });
  }
  return m;
}

/** Makes whatever a handler threw an error of the catalogue, remembers and logs it. */
function refused(m: Message, started: number, thrown: unknown): CtxError {
  const error =
    m.signal.aborted && !(thrown instanceof CtxError)
      ? fail("cancelled", {}, { cause: thrown })
      : toCtxError(m, thrown);
  error.at ??= placeOf(m.words, error.message, (file) => (file.includes("\0") ? file : resolvePath(m.who, file)));
  m.giveUp();
  // Of words that nobody could read nobody knows whether one is a secret.
  if (error.code === "unknown_command") m.hideWords();
  const ms = remember(m, started, error.code);
  if (error.code !== "cancelled") {
    const level = error.code === "not_allowed" || error.code === "not_logged_in" ? "right" : "error";
    m.tree.use(log)(level, `${m.found.right}: ${error.message}`, {
      trace: m.who.trace,
      code: m.code,
      user: m.who.user,
      source: m.source.path,
      target: m.target.path,
      error: error.code,
      ...(error.trail.length > 0 && { trail: error.trail.join(" → ") }),
      ms: Math.round(ms * 10) / 10,
    });
  }
  return error;
}

/** Where something was thrown: a message, or a line between two of them. */
interface Caught {
  readonly tree: Tree;
  readonly who: Who;
  readonly code?: number;
}

/** Gives an error of the catalogue for anything that was thrown; a bug gets an id, and its stack goes to the log. */
export function toCtxError({ tree, who, code }: Caught, thrown: unknown): CtxError {
  if (thrown instanceof CtxError) return thrown;
  const known = fromSystem(thrown);
  if (known !== undefined) return known;
  const id = randomBytes(4).toString("hex");
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  tree.use(log)("error", `internal error ${id}: ${stack}`, { trace: who.trace, ...(code !== undefined && { code }) });
  return fail("internal", { id }, { cause: thrown });
}

function remember(m: Message, started: number, error: string): number {
  const { tree, found, who } = m;
  const ms = tree.clock.ticks() - started;
  found.node.answered++;
  tree.ring.add({
    code: m.code,
    time: tree.clock.now() - ms,
    trace: who.trace,
    source: m.source.path,
    target: found.node.path,
    command: found.command.name,
    detail: keptWords(m),
    user: who.user,
    ms,
    error,
  });
  return ms;
}

/** The words of a call as they may be kept: secrets hidden, long ones cut. */
function keptWords(m: Message): readonly string[] {
  const words = m.shownDetail;
  const kept = words.length > mostWords ? [...words.slice(0, mostWords), "…"] : words;
  return kept.some((word) => word.length > wordLimit) ? kept.map(cutWord) : kept;
}

/** Cuts a word; the cut is a text of its own, which does not hold the long one in memory. */
function cutWord(word: string): string {
  return word.length > wordLimit ? `${Buffer.from(word.slice(0, wordLimit)).toString()}…` : word;
}
