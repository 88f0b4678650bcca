/**
 * The answers of many nodes as one: their rows as they come, with the node in the first column, and at the end one row a
 * node that says how it ended (X-04). No node is left out, and none is waited for beyond the limit.
 */
import {
  Batch,
  type Cells,
  type Column,
  type Columns,
  type CtxError,
  fail,
  isCancelled,
  type Lazy,
  type Maybe,
  type Message,
  type Piece,
  type WireTarget,
} from "../../ctx/index.ts";

/** How the call ended on one node. */
export type State = "answered" | "failed" | "offline" | "running";

/** One node of a call to many. */
export interface Asked {
  readonly address: string;
  /** Calls it there; undefined for a node that is known and cannot be reached. */
  readonly call: ((out: WireTarget, signal: AbortSignal) => Maybe<unknown>) | undefined;
}

/** More text of one node is not kept. */
const textLimit = 1 << 20;

const accountColumns = [
  { name: "node", type: "text" },
  { name: "state", type: "text" },
  { name: "exit", type: "integer" },
  { name: "ms", type: "integer" },
  { name: "result", type: "text" },
] as const satisfies Columns;

interface Account {
  readonly node: string;
  readonly state: State;
  readonly exit: number | null;
  readonly ms: number | null;
  readonly result: string;
}

const nodeColumn: Column = { name: "node", type: "text" };

/** Calls all nodes at once and answers with what they say. Throws when some did not answer, unless rows go on from here. */
export async function gather(m: Message, asked: readonly Asked[], limit: number | undefined): Promise<void> {
  const tables = new Tables();
  const accounts = await Promise.all(asked.map((one) => askOne(m, one, tables, limit)));
  if (m.signal.aborted) throw fail("cancelled", {});
  const lost = accounts.filter(({ state }) => state !== "answered");
  // Rows that go on to an operator are those of the answers; who has none is told to the person.
  if (tables.any && m.out.wantsTable === true) {
    for (const { node, state, result } of lost) m.note(`${node}: ${state}${result === "" ? "" : `: ${result}`}`);
    return;
  }
  m.head(accountColumns);
  for (const account of accounts) m.push({ ...account });
  if (lost.length > 0) {
    throw fail("failed", { problem: `${lost.length} of ${asked.length} nodes did not answer as they should` });
  }
}

async function askOne(
  m: Message,
  { address, call }: Asked,
  tables: Tables,
  limit: number | undefined,
): Promise<Account> {
  const node = address;
  if (call === undefined) return { node, state: "offline", exit: null, ms: null, result: "" };
  const { clock } = m.tree;
  const started = clock.ticks();
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  m.signal.addEventListener("abort", stop, { once: true });
  const timer = limit === undefined ? undefined : setTimeout(stop, limit);
  const heard = new Heard(m, node, tables);
  const account = (state: State, exit: number | null, result: string): Account => {
    return { node, state, exit, ms: Math.round(clock.ticks() - started), result };
  };
  try {
    await call(heard, abort.signal);
    return account("answered", 0, heard.text);
  } catch (thrown) {
    if (isCancelled(thrown) && abort.signal.aborted && !m.signal.aborted) return account("running", null, heard.text);
    const { code, exit, message } = thrown as CtxError;
    if (exit === undefined) throw thrown;
    return account(code === "node_offline" ? "offline" : "failed", exit, `${heard.text}error: ${message}`);
  } finally {
    clearTimeout(timer);
    m.signal.removeEventListener("abort", stop);
  }
}

/** Gives the tables of several nodes that look alike one head, with the node in front. */
class Tables {
  readonly #heads = new Map<string, Columns>();
  get any(): boolean {
    return this.#heads.size > 0;
  }
  head(columns: Columns): Columns {
    const key = JSON.stringify(columns);
    let head = this.#heads.get(key);
    if (head === undefined) {
      head = [nodeColumn, ...columns];
      this.#heads.set(key, head);
    }
    return head;
  }
}

/** What one node says. */
class Heard implements WireTarget {
  readonly #m: Message;
  readonly #node: string;
  readonly #tables: Tables;
  readonly #decoder = new TextDecoder();
  text = "";

  constructor(m: Message, node: string, tables: Tables) {
    this.#m = m;
    this.#node = node;
    this.#tables = tables;
  }
  write(piece: Piece): Maybe<void> {
    if (piece instanceof Batch) {
      if (piece.isAside) return;
      return this.#rows(piece);
    }
    const text = typeof piece === "string" ? piece : this.#decoder.decode(piece, { stream: true });
    if (this.text.length < textLimit) this.text += text.slice(0, textLimit - this.text.length);
  }
  #rows(batch: Batch): Maybe<void> {
    const head = this.#tables.head(batch.columns);
    const names: Cells = Array.from({ length: batch.length }, () => this.#node);
    const cells = batch.columns.map((_, c): Cells | Lazy => batch.column(c));
    this.#m.write(new Batch(head, batch.length, [names, ...cells]));
    return this.#m.ready();
  }
  note(text: string): Maybe<void> {
    this.#m.note(`${this.#node}: ${text}`);
    return this.#m.ready();
  }
  format(): void {}
}
