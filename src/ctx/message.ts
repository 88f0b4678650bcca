/**
 * The message: one call of one command, from its words to its answer. It stays whole although it is long, because all of
 * it is what one handler meets as `m`; it is cut by headings: what travels along, the answer, calling on, services.
 */
import type { AnyCommand, InputOf, RowOf } from "./command.ts";
import type { Cache, Config } from "./context.ts";
import type { Given } from "./dispatch.ts";
import { fail } from "./errors.ts";
import { helpIn } from "./help-text.ts";
import type { Value } from "./kit/value.ts";
import { type Maybe, waitBoth } from "./maybe.ts";
import { Collector, type Piped, type Sink } from "./pipe.ts";
import { type Level, log, type Port } from "./ports.ts";
import type { Format } from "./render/index.ts";
import { Batch, BatchBuilder, type Columns, columnsOf, type Row } from "./table/batch.ts";
import type { Piece } from "./table/operator.ts";
import type { CacheSlot, ContextNode, Found, Tree } from "./tree.ts";
import { resolvePath, type Who } from "./who.ts";
import { textOf, type Words } from "./word.ts";

/** What a handler may return; it may also push and echo, and return nothing. */
export type Answer<R> =
  | string
  | R
  | readonly R[]
  | Batch
  | Iterable<R | Batch>
  | AsyncIterable<R | Batch | string | Uint8Array>
  | Message
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing
  | void;
export type Reply<R> = Answer<R> | Promise<Answer<R>>;

/** A signal that is never aborted, for calls that nobody can stop. */
export const endless: AbortSignal = new AbortController().signal;

/** The options that travel with a call; each message adds to those it inherits without changing them. */
interface Option {
  readonly key: string;
  readonly value: unknown;
  readonly rest: Option | undefined;
}

/** What a call takes along from the message that makes it. */
export interface Travel {
  readonly caller: Message;
  readonly options: Option | undefined;
}

export interface MessageParts {
  readonly tree: Tree;
  readonly found: Found;
  readonly source: ContextNode;
  readonly words: Words;
  readonly who: Who;
  readonly signal: AbortSignal | undefined;
  readonly piped: Piped | undefined;
  readonly out: Sink | undefined;
  readonly travel: Travel | undefined;
}

/**
 * One call of one command. It knows who asked, what was asked, what was answered, and how to call on.
 *
 * The seed's four words: `detail` are the words, `option` the values that travel along, `push` adds to the table
 * (append), `echo` to the text (result).
 */
export class Message<R extends Row = Row> {
  readonly tree: Tree;
  readonly found: Found;
  /** The serial number in this process. */
  readonly code: number;
  /** The context that asks. */
  readonly source: ContextNode;
  readonly words: Words;
  readonly who: Who;
  /** Aborted when the caller goes away or has enough. */
  readonly signal: AbortSignal;
  readonly piped: Piped | undefined;
  /** How many messages this one was called through. */
  readonly depth: number;
  /** How the answer is wanted, where the caller said so. */
  format: Format | undefined;
  /** The command's own options as they were given; secrets are left out. */
  given: { readonly [key: string]: Value } = {};
  #out: Sink | undefined;
  #collector: Collector | undefined;
  #builder: BatchBuilder | undefined;
  #columns: Columns | undefined;
  #flushing = false;
  #began = false;
  readonly #caller: Message | undefined;
  #options: Option | undefined;
  #isDone = false;
  #hidesWords = false;
  #waiting: Promise<void> | undefined;
  #wroteRows = false;
  #wroteText = false;
  #nothing = false;
  /** Text that is shown only if no rows come, for a reader that wants rows. */
  #held: (string | Uint8Array)[] | undefined;

  constructor({ tree, found, source, words, who, signal, piped, out, travel }: MessageParts) {
    this.tree = tree;
    this.found = found;
    this.code = ++tree.lastCode;
    this.source = source;
    this.words = words;
    this.who = who;
    this.signal = signal ?? endless;
    this.piped = piped;
    this.#out = out;
    this.#caller = travel?.caller;
    this.#options = travel?.options;
    this.depth = travel === undefined ? 0 : travel.caller.depth + 1;
    if (found.hasSecret) this.hideWords();
  }

  /** The context that answers. */
  get target(): ContextNode {
    return this.found.node;
  }
  /** The words as they were typed: command, then arguments. */
  get detail(): readonly string[] {
    return this.words.map(textOf);
  }
  /** The words as they may be shown and kept: without those of a call that takes a secret, or that led to one. */
  get shownDetail(): readonly string[] {
    return this.#hidesWords ? [textOf(this.words[0] ?? ""), "…"] : this.detail;
  }
  /** Hides the words of this message and of those that called it: their words hold the words of this one. */
  hideWords(): void {
    for (let m: Message | undefined = this as unknown as Message; m !== undefined; m = m.#caller) m.#hidesWords = true;
  }

  // --- what travels along ---------------------------------------------------------------------------------------

  /** Gives a value that travels with the call: set here, or by a message this one was called from. */
  option(key: string): unknown {
    for (let at = this.#options; at !== undefined; at = at.rest) if (at.key === key) return at.value;
    return undefined;
  }
  /** Sets a value for this message and the calls it makes. */
  setOption(key: string, value: unknown): this {
    this.#options = { key, value, rest: this.#options };
    return this;
  }

  // --- the answer ------------------------------------------------------------------------------------------------

  /** Where the answer goes: the caller's sink, or a collector. */
  get out(): Sink {
    if (this.#out === undefined) {
      this.#collector = new Collector((text) => this.tree.use(log)("debug", text, { trace: this.who.trace }));
      this.#out = this.#collector;
    }
    if (!this.#began) {
      this.#began = true;
      this.#out.begin?.(this as unknown as Message);
    }
    return this.#out;
  }
  /** Tells the sink whose answer comes, before there is a piece of it. */
  begin(): void {
    void this.out;
  }

  /** Says which columns the rows of this answer have, where that depends on the call. */
  head(columns: Columns): this {
    this.#flush();
    this.#columns = columns;
    this.#builder = undefined;
    return this.write(Batch.head(columns));
  }
  /** Says that this call did something and has no table to show, not even an empty one. */
  nothing(): void {
    this.#nothing = true;
  }
  /** Adds one row to the table. */
  push(row: R): this {
    this.#columns ??= declaredColumns(this.found.command) ?? columnsOf([row]);
    this.#builder ??= new BatchBuilder(this.#columns);
    this.#builder.push(row);
    if (this.#builder.full) this.#flush();
    else this.#flushSoon();
    return this;
  }
  /** Adds text to the result. */
  echo(...text: readonly string[]): this {
    return this.write(text.join(""));
  }
  /** Adds a piece: a batch of rows, text or bytes. */
  write(piece: Piece): this {
    if (piece instanceof Batch ? false : piece.length === 0) return this;
    this.#flush();
    this.#send(piece);
    return this;
  }
  /** Waits, if the reader is behind; stops with `cancelled` when nobody wants more. */
  ready(): Maybe<void> {
    if (this.signal.aborted || this.out.closed) throw fail("cancelled", {});
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
  /** Says something beside the answer: a warning, progress. It goes to standard error, never into a pipe. */
  note(text: string): void {
    this.#waiting = waitBoth(this.#waiting, this.out.note(text));
  }
  /** Hands on rows that still wait. Called by dispatch when the handler is done. */
  finish(): Maybe<void> {
    this.#flush();
    if (!this.#wroteRows) for (const piece of this.#held ?? []) void this.out.write(piece);
    if (!this.#wroteRows && !this.#wroteText && !this.#nothing && this.#held === undefined) {
      const columns = declaredColumns(this.found.command);
      if (columns !== undefined) this.#send(Batch.head(columns));
    }
    this.#isDone = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
  /** Hands on the rows that came before an error, and nothing after it. Called by dispatch when the handler failed. */
  giveUp(): void {
    try {
      if (!this.signal.aborted) this.#flush();
    } catch {
      // The error that ended the call is the one to tell.
    }
    this.#isDone = true;
  }
  #send(piece: Piece): void {
    if (this.#isDone) return;
    const { out } = this;
    const isRows = piece instanceof Batch;
    if (!isRows && out.wantsTable === true && this.found.command.columns !== undefined) {
      this.#held ??= [];
      this.#held.push(piece);
      return;
    }
    this.#wroteRows ||= isRows;
    this.#wroteText ||= !isRows;
    this.#waiting = waitBoth(this.#waiting, out.write(isRows && this.#wroteText ? piece.aside() : piece));
  }
  #flush(): void {
    if (this.#builder === undefined || this.#builder.length === 0) return;
    this.#send(this.#builder.take());
  }
  /** Rows that come slowly are handed on at the next turn; a collector needs no such hurry. */
  #flushSoon(): void {
    if (this.#flushing || this.#out === undefined || this.#out === this.#collector) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      try {
        this.#flush();
      } catch (error) {
        this.#waiting = waitBoth(this.#waiting, Promise.reject(error));
      }
    });
  }

  /** The rows of an answer that was collected. */
  get rows(): R[] {
    return (this.#collector?.rows ?? []) as unknown as R[];
  }
  /** The tables of an answer that was collected, as they came. */
  get batches(): readonly Batch[] {
    return this.#collector?.batches ?? [];
  }
  /** The text of an answer that was collected. */
  get text(): string {
    return this.#collector?.text ?? "";
  }
  /** The pieces of an answer that was collected, in order. */
  get pieces(): readonly Piece[] {
    return this.#collector?.pieces ?? [];
  }
  /** The first value of a column of an answer that was collected, as text. */
  append(column: string): string | undefined {
    const row: Row = this.rows[0] ?? {};
    const value = Object.hasOwn(row, column) ? row[column] : undefined;
    return value === undefined || value === null ? undefined : String(value);
  }

  // --- calling on ------------------------------------------------------------------------------------------------

  /** Calls a command by name, found upward from the context of this one; `import type` its declaration to have input and rows typed. */
  cmd<X extends AnyCommand>(name: string, input: InputOf<X>): Promise<Message<RowOf<X> & Row>>;
  cmd(name: string, ...words: readonly string[]): Promise<Message>;
  async cmd(name: string, ...given: readonly unknown[]): Promise<Message> {
    const [first] = given;
    const what: Given =
      typeof first === "object" && first !== null
        ? { name, input: first as { readonly [key: string]: unknown } }
        : { words: [name, ...(given as string[])] };
    return this.tree.call(what, {
      from: this.found.node,
      who: this.who,
      signal: this.signal,
      travel: this.travel,
    });
  }
  /** What is needed to call on from here with one's own sink, as the script language does. */
  get travel(): Travel {
    return { caller: this as unknown as Message, options: this.#options };
  }

  // --- settings, facts, services ----------------------------------------------------------------------------------

  conf<T>(token: Config<T>): T {
    return this.tree.conf(token);
  }
  setConf<T>(token: Config<T>, value: T): void {
    const slot = this.tree.slots.get(token);
    if (slot !== undefined && "watchers" in slot) this.tree.setConf(slot, value);
  }
  /** Tells `told` each new value of a setting; gives the function that ends it, to be handed to `onStop`. */
  watch<T>(token: Config<T>, told: (value: T) => void): () => void {
    const slot = this.tree.slots.get(token);
    if (slot === undefined || !("watchers" in slot)) return () => undefined;
    return this.tree.watch(slot, (value) => told(value as T));
  }
  cap<T extends string | number | boolean>(token: Cache<T>): T {
    const slot = this.tree.slots.get(token) as CacheSlot | undefined;
    return readCache(this as unknown as Message, slot, token);
  }
  setCap<T extends string | number | boolean>(token: Cache<T>, value: T): void {
    const slot = this.tree.slots.get(token) as CacheSlot | undefined;
    if (slot !== undefined)
      slot.value = token.write === undefined ? value : token.write(this as unknown as Message, value);
  }
  /** Adds to a fact that counts (the seed's `Capi`). */
  addCap(token: Cache<number>, by: number): void {
    this.setCap(token, this.cap(token) + by);
  }
  use<T>(port: Port<T>): T {
    return this.tree.use(port);
  }
  /** Writes a line of a log, traceable to this message. */
  log(level: Level, text: string): void {
    this.tree.use(log)(level, text, { trace: this.who.trace, code: this.code, target: this.target.path });
  }
  /** Gives the absolute path of a file as the caller means it. */
  path(file: string): string {
    return resolvePath(this.who, file);
  }
  /** Gives a help text in the tongue of the caller. */
  say(help: Parameters<typeof helpIn>[0]): string {
    return helpIn(help, this.who.lang);
  }
  /** Registers what closes something that was opened in `start`; called when the context stops, last opened first, or now if that is over. */
  onStop(close: () => Maybe<void>): void {
    this.tree.life.onStop(this.found.node, close, this.signal);
  }
}

function readCache<T extends string | number | boolean>(m: Message, slot: CacheSlot | undefined, token: Cache<T>): T {
  if (token.read !== undefined) return token.read(m);
  return slot === undefined ? token.value : (slot.value as T);
}

/** Makes a message that a context sends to itself: for its start, and for facts that are read outside of a command. */
export function contextMessage(node: ContextNode, name: string, who: Who, signal: AbortSignal): Message {
  const command = { name, help: name, run: () => undefined };
  const found = { node, command, right: "", effect: "admin", args: [], options: new Map(), hasSecret: false } as const;
  const none = { piped: undefined, out: undefined, travel: undefined };
  return new Message({ tree: node.tree, found, source: node, words: [name], who, signal, ...none });
}

/** Gives what a live fact is now, for a line that names it. */
export function readFact(slot: CacheSlot, who: Who): string | number | boolean {
  const { declared, node, value } = slot;
  return declared.read === undefined ? value : declared.read(contextMessage(node, declared.name, who, endless));
}

const declared = new WeakMap<AnyCommand, Columns>();

/** Gives the columns a command declares, always the same array. */
export function declaredColumns(command: AnyCommand): Columns | undefined {
  if (command.columns === undefined) return undefined;
  let columns = declared.get(command);
  if (columns === undefined) {
    columns = Object.entries<{ type: Columns[number]["type"] }>(command.columns).map(([name, { type }]) => ({
      name,
      type,
    }));
    declared.set(command, columns);
  }
  return columns;
}
