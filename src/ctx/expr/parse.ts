/**
 * The parser of expressions: operator precedence over a text, from an offset. It takes as much as is an expression and
 * says where it stopped; what follows is the caller's. `value` reads what may stand where a value is wanted,
 * `expression` the operators behind it. It is longer than most files because it is one grammar.
 */

import { type CtxError, fail } from "../errors.ts";
import { readEscape } from "../kit/escape.ts";
import type { Value } from "../kit/value.ts";
import type { Source, Span } from "../source.ts";
import {
  characterAt,
  fillsIn,
  keyAt,
  nameAt,
  operatorAt,
  type Scanned,
  scanColumn,
  scanNumber,
  scanRaw,
  skipBlanks,
} from "./scan.ts";
import {
  type ChainOp,
  type CompareOp,
  chainLevels,
  deepest,
  dottedName,
  highest,
  level,
  reserved,
  type Tree,
} from "./tree.ts";

/** What a hook read: a node, where the text goes on, and how high the node is if it holds an expression. */
export interface Hosted {
  readonly node: Tree;
  readonly end: number;
  readonly height?: number | undefined;
}

/**
 * Reads what only the surrounding language knows: called at `$` and `@`, at `?(` (where a value is wanted), and in
 * `"…"` at a `$` that begins something to fill in. `depth` is for parsing an expression within. Gives `undefined`
 * when nothing of the kind stands there: an error in an expression, plain text in `"…"`.
 */
export type HostHook = (source: Source, offset: number, within: "value" | "text", depth: number) => Hosted | undefined;

export interface ParseOptions {
  /** It follows `where` or `set`: `%` ends it, and after a comparison `<` and `>` redirect. */
  readonly stage?: boolean | undefined;
  /** Only a value, sum or comparison is taken, as behind `?` and `??` around a command. */
  readonly short?: boolean | undefined;
  /** It stands in brackets that the caller closes: newlines and comments are blanks. */
  readonly inside?: boolean | undefined;
  /** It arrived as data: the hook is never asked, and what it would read is refused. */
  readonly data?: boolean | undefined;
  /** How deep in other expressions it stands. */
  readonly depth?: number | undefined;
  readonly host?: HostHook | undefined;
  /** Is told of every piece that is taken, for `lex split` and colours. */
  readonly seen?: ((kind: PieceKind, span: Span) => void) | undefined;
}

export type PieceKind = "operator" | "bracket" | "name" | "function" | "column" | "number" | "text" | "word";

/** What the parser read, the offset where it stopped, and how many levels the tree has. */
export interface Parsed {
  readonly tree: Tree;
  readonly end: number;
  readonly height: number;
}

/** Parses the expression that begins at an offset, as far as it goes. */
export function parseExpression(source: Source, offset = 0, options: ParseOptions = {}): Parsed {
  return new Parser(source, offset, options).parse();
}

/** Parses a text that is one expression and nothing else, such as a rule or a word of kind *expression*. */
export function parseWhole(source: Source, options: ParseOptions = {}): Tree {
  const { tree, end } = parseExpression(source, 0, { inside: true, ...options });
  const next = skipBlanks(source.text, end, true);
  if (next < source.text.length) {
    const culprit = characterAt(source.text, next);
    const at = { source, span: { start: next, end: next + culprit.length } };
    throw fail("parse_error", { problem: `"${culprit}" does not go on the expression` }, { at, hint: "quote text" });
  }
  return tree;
}

const compareOps: ReadonlySet<string> = new Set<CompareOp>(["==", "!=", "~", "!~", "<", "<=", ">", ">=", "in"]);
const spellings: ReadonlyMap<string, string> = new Map([
  ["&&", "and"],
  ["||", "or"],
  ["%", "mod"],
]);
const closers: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
/** Levels of recursion: a bracket may hold one of each operator, so there may be more of them than brackets. */
const deepestCalls = 2 * deepest;

class Parser {
  readonly #source: Source;
  readonly #text: string;
  readonly #options: ParseOptions;
  #at: number;
  #brackets: number;
  #depth: number;
  #calls: number;
  /** The heights of trees that are no leaves. */
  readonly #heights = new Map<Tree, number>();
  /** The comparison made last, and whether it stands in parentheses: if not, no other can follow it. */
  #compared: Tree | undefined;
  #grouped = false;
  /** The operator looked at last, and where: it is asked for several times before it is taken. */
  #peeked = "";
  #peekedAt = -1;
  /** Where a redirection ends the expression, whatever it is part of. */
  #stop = -1;

  constructor(source: Source, offset: number, options: ParseOptions) {
    this.#source = source;
    this.#text = source.text;
    this.#options = options;
    this.#at = offset;
    this.#brackets = options.inside ? 1 : 0;
    this.#depth = options.depth ?? 0;
    this.#calls = 2 * this.#depth;
  }

  parse(): Parsed {
    const tree = this.#expression(this.#options.short ? level.compare : level.choose, "");
    return { tree, end: this.#at, height: this.#heights.get(tree) ?? 1 };
  }

  /** Notes how high a tree is, so that none grows too high for those who walk it by recursion. */
  #grow<T extends Tree>(tree: T, parts: readonly Tree[]): T {
    let height = 1;
    for (const part of parts) height = Math.max(height, 1 + (this.#heights.get(part) ?? 1));
    if (height > highest) throw this.#tooDeep(tree.span.start);
    this.#heights.set(tree, height);
    return tree;
  }

  /** Reads a value and the operators behind it that bind at least as tight as `least`. */
  #expression(least: number, after: string): Tree {
    if (++this.#calls > deepestCalls) throw this.#tooDeep(this.#at);
    let left = this.#value(least, after);
    for (;;) {
      const op = this.#operator();
      const next = op === "" ? undefined : this.#join(left, op, least);
      if (next === undefined) break;
      left = next;
    }
    this.#calls--;
    return left;
  }

  /** Looks at the operator that follows, in one spelling, without taking it; "" when the expression ends here. */
  #operator(): string {
    if (this.#at === this.#stop) return "";
    if (this.#at === this.#peekedAt) return this.#peeked;
    const at = skipBlanks(this.#text, this.#at, this.#brackets > 0);
    const sign = operatorAt(this.#text, at) || nameAt(this.#text, at);
    const ends = sign === "%" && this.#options.stage && this.#brackets === 0;
    this.#peekedAt = this.#at;
    this.#peeked = ends ? "" : (spellings.get(sign) ?? sign);
    return this.#peeked;
  }

  /** Takes the operator and what is right of it; `undefined` when it is none, or one for a looser level. */
  #join(left: Tree, op: string, least: number): Tree | undefined {
    if (Object.hasOwn(chainLevels, op)) {
      const chain = op as ChainOp;
      return chainLevels[chain] < least ? undefined : this.#chain(left, chainLevels[chain]);
    }
    if (op === "?") return least > level.choose ? undefined : this.#choose(left);
    if (op === "=") throw this.#error(this.#here("="), 'one "=" compares nothing', { hint: 'write "=="' });
    if (compareOps.has(op) || op === "between" || op === "is" || op === "not") return this.#compare(left, op, least);
    return undefined;
  }

  #chain(first: Tree, tightness: number): Tree {
    const links: { op: ChainOp; value: Tree }[] = [];
    for (let op = this.#operator(); Object.hasOwn(chainLevels, op); op = this.#operator()) {
      if (chainLevels[op as ChainOp] !== tightness) break;
      const written = this.#takeOperator();
      links.push({ op: op as ChainOp, value: this.#expression(tightness + 1, written) });
    }
    const parts = [first, ...links.map((link) => link.value)];
    return this.#grow({ kind: "chain", span: this.#from(first), first, links }, parts);
  }

  #choose(test: Tree): Tree {
    const start = this.#here("?").start;
    this.#enter(start);
    this.#takeOperator();
    const yes = this.#expression(level.choose, "?");
    if (this.#operator() !== ":") throw this.#expected(":", { start, end: start + 1 }, "?");
    this.#takeOperator();
    const no = this.#expression(level.choose, ":");
    this.#depth--;
    return this.#grow({ kind: "choose", span: this.#from(test), test, yes, no }, [test, yes, no]);
  }

  #compare(left: Tree, op: string, least: number): Tree | undefined {
    if (least > level.compare || (op === "not" && !this.#negates())) return undefined;
    if (left === this.#compared) {
      if ((op === "<" || op === ">") && this.#options.stage && this.#brackets === 0) {
        this.#stop = this.#at;
        return undefined;
      }
      const hint = 'join two comparisons with "and", or use parentheses';
      if (!this.#grouped) throw this.#error(this.#here(op), `"${op}" cannot follow a comparison`, { hint });
    }
    if (op === "not") this.#takeOperator();
    const made = op === "not" ? this.#negated(this.#comparison(left)) : this.#comparison(left);
    this.#compared = made;
    this.#grouped = false;
    return made;
  }

  /** Tells whether the `not` that follows belongs to `not in` or `not between`. */
  #negates(): boolean {
    const inside = this.#brackets > 0;
    const word = nameAt(this.#text, skipBlanks(this.#text, this.#here("not").end, inside));
    return word === "in" || word === "between";
  }

  #negated(of: Tree): Tree {
    return this.#grow({ kind: "not", span: of.span, of }, [of]);
  }

  #comparison(left: Tree): Tree {
    const op = this.#operator();
    this.#takeOperator();
    if (op === "is") return this.#isNull(left);
    if (op !== "between") {
      const right = this.#expression(level.sum, op);
      const span = this.#from(left);
      return this.#grow({ kind: "compare", span, op: op as CompareOp, left, right }, [left, right]);
    }
    const low = this.#expression(level.sum, op);
    if (this.#operator() !== "and") throw this.#expected("and", left.span, "between");
    this.#takeOperator();
    const high = this.#expression(level.sum, "and");
    return this.#grow({ kind: "between", span: this.#from(left), of: left, low, high }, [left, low, high]);
  }

  #isNull(of: Tree): Tree {
    const negated = this.#operator() === "not";
    if (negated) this.#takeOperator();
    if (this.#operator() !== "null") {
      const at = skipBlanks(this.#text, this.#at, this.#brackets > 0);
      const hint = 'write "is null" or "is not null"; "==" compares';
      throw this.#error({ start: at, end: at + 1 }, '"is" wants null', { hint, partial: at >= this.#text.length });
    }
    this.#takeOperator();
    const test: Tree = this.#grow({ kind: "is null", span: this.#from(of), of }, [of]);
    return negated ? this.#negated(test) : test;
  }

  /** Reads what stands where a value is wanted: signs and `not`, then a value with its touching parts. */
  #value(least: number, after: string): Tree {
    const inside = this.#brackets > 0;
    this.#at = skipBlanks(this.#text, this.#at, inside || after !== "");
    const start = this.#at;
    const sign = operatorAt(this.#text, start);
    if (sign === "-" || sign === "!" || sign === "+") return this.#signed(sign, start);
    if (nameAt(this.#text, start) === "not") {
      if (after !== "" && least > level.not) {
        const hint = 'write "(not …)"';
        throw this.#error({ start, end: start + 3 }, '"not" binds too loosely here', { hint });
      }
      this.#enter(start);
      this.#take("operator", start + 3);
      const of = this.#expression(level.not, "not");
      this.#depth--;
      return this.#grow({ kind: "not", span: { start, end: this.#at }, of }, [of]);
    }
    return this.#postfix(this.#primary(after), start);
  }

  #signed(sign: "-" | "!" | "+", start: number): Tree {
    this.#enter(start);
    this.#take("operator", start + 1);
    const of = this.#expression(level.unary, sign);
    this.#depth--;
    const span = { start, end: this.#at };
    if (sign === "!") return this.#grow({ kind: "not", span, of }, [of]);
    const negative: Tree = this.#grow({ kind: "negate", span, of }, [of]);
    // `+x` is the number that `x` is, and an error where it is none: what `--x` says too.
    return sign === "-" ? negative : this.#grow({ kind: "negate", span, of: negative }, [negative]);
  }

  #primary(after: string): Tree {
    const start = this.#at;
    const next = characterAt(this.#text, start);
    if (next >= "0" && next <= "9") return this.#literal("number", scanNumber(this.#text, start));
    switch (next) {
      case "'":
        return this.#literal("text", scanRaw(this.#text, start));
      case '"':
        return this.#quoted();
      case "`": {
        const name = this.#scanned("column", scanColumn(this.#text, start));
        return { kind: "column", span: { start, end: this.#at }, name };
      }
      case "(": {
        this.#open("(");
        const tree = this.#expression(level.choose, "(");
        this.#close("(", start);
        this.#grouped = true;
        return tree;
      }
      case "[": {
        const items = this.#items("[");
        return this.#grow({ kind: "list", span: { start, end: this.#at }, items }, items);
      }
      case "{":
        return this.#map();
      case "$":
      case "@":
        return this.#hosted(start, "value") ?? this.#refuse(start);
      case "?":
        if (this.#text[start + 1] === "(") return this.#hosted(start, "value") ?? this.#refuse(start);
        break;
    }
    const name = nameAt(this.#text, start);
    if (name === "" || (reserved.has(name) && !constants.has(name))) throw this.#noValue(name || next, after);
    const end = start + name.length;
    const span = { start, end };
    if (this.#text[end] !== "(" && constants.has(name)) {
      this.#take("word", end);
      return { kind: "literal", span, value: constants.get(name) ?? null };
    }
    this.#take(this.#text[end] === "(" ? "function" : "name", end);
    return { kind: "name", span, name };
  }

  /** Reads `.key`, `[index]` and `(arguments)` as long as they touch. */
  #postfix(value: Tree, start: number): Tree {
    let of = value;
    for (;;) {
      const at = this.#at;
      const next = this.#text[at];
      if (next === ".") {
        const key = this.#key();
        if (key === undefined) break;
        of = this.#grow({ kind: "part", span: { start, end: this.#at }, of, key }, [of]);
      } else if (next === "[") {
        this.#open("[");
        const index = this.#expression(level.choose, "[");
        this.#close("[", at);
        of = this.#grow({ kind: "index", span: { start, end: this.#at }, of, index }, [of, index]);
      } else if (next === "(") {
        const name = dottedName(of);
        const end = at + 1;
        if (name === undefined) throw this.#error({ start: at, end }, "only a function by its name can be called");
        const args = this.#items("(");
        of = this.#grow({ kind: "call", span: { start, end: this.#at }, name, args }, args);
      } else break;
    }
    return of;
  }

  #key(): string | undefined {
    const at = this.#at + 1;
    if (this.#text[at] === "`") {
      this.#at = at;
      return this.#scanned("column", scanColumn(this.#text, at));
    }
    const key = keyAt(this.#text, at);
    if (key === "") return undefined;
    this.#at = at;
    this.#take("name", at + key.length);
    return key;
  }

  #items(bracket: "(" | "["): Tree[] {
    const start = this.#at;
    this.#open(bracket);
    const items: Tree[] = [];
    while (!this.#closes(bracket, start)) {
      items.push(this.#expression(level.choose, bracket));
      if (!this.#comma()) break;
    }
    this.#close(bracket, start);
    return items;
  }

  #map(): Tree {
    const start = this.#at;
    this.#open("{");
    const entries: { key: string; value: Tree }[] = [];
    while (!this.#closes("{", start)) {
      const key = this.#mapKey();
      if (this.#operator() !== ":") throw this.#expected(":", { start: this.#at, end: this.#at }, `the key "${key}"`);
      this.#takeOperator();
      entries.push({ key, value: this.#expression(level.choose, ":") });
      if (!this.#comma()) break;
    }
    this.#close("{", start);
    const values = entries.map((entry) => entry.value);
    return this.#grow({ kind: "map", span: { start, end: this.#at }, entries }, values);
  }

  #mapKey(): string {
    const quote = this.#text[this.#at];
    if (quote === "'") return this.#scanned("text", scanRaw(this.#text, this.#at));
    if (quote === '"') {
      const key = this.#quoted();
      if (key.kind === "literal" && typeof key.value === "string") return key.value;
      throw this.#error(key.span, "a key is plain text");
    }
    const key = keyAt(this.#text, this.#at);
    if (key === "") throw this.#error({ start: this.#at, end: this.#at + 1 }, "a key is missing", { hint: "quote it" });
    this.#take("name", this.#at + key.length);
    return key;
  }

  #quoted(): Tree {
    const start = this.#at;
    const parts: (string | Tree)[] = [];
    let plain = "";
    let at = start + 1;
    for (let next = this.#text[at]; next !== '"'; next = this.#text[at]) {
      if (next === undefined) throw this.#error({ start, end: start + 1 }, 'unclosed """', { partial: true });
      if (next === "\\") {
        const escaped = readEscape(this.#text, at);
        plain += escaped.value;
        at = escaped.end;
        continue;
      }
      if (next === "$" && fillsIn(this.#text, at)) {
        const node = this.#hosted(at, "text");
        if (node !== undefined) {
          if (plain !== "") parts.push(plain);
          parts.push(node);
          plain = "";
          at = this.#at;
          continue;
        }
      }
      plain += next;
      at++;
    }
    this.#take("text", at + 1, start);
    const span = { start, end: at + 1 };
    if (parts.length === 0) return { kind: "literal", span, value: plain };
    if (plain !== "") parts.push(plain);
    const filled = parts.filter((part) => typeof part !== "string");
    return this.#grow({ kind: "text", span, parts }, filled);
  }

  #hosted(at: number, within: "value" | "text"): Tree | undefined {
    const { host, data } = this.#options;
    if (host === undefined || data) return this.#refuse(at);
    const depth = Math.max(this.#depth, Math.floor(this.#calls / 2)) + 1;
    if (depth > deepest) throw this.#tooDeep(at);
    const found = host(this.#source, at, within, depth);
    if (found === undefined) return undefined;
    this.#at = found.end;
    this.#heights.set(found.node, found.height ?? 1);
    return found.node;
  }

  #refuse(at: number): never {
    const name = nameAt(this.#text, at + 1);
    const sign = this.#text.slice(at, at + (name === "" ? 2 : 1)) + name;
    const problem = this.#options.host === undefined || this.#options.data ? "is for scripts only" : "is no value";
    const hint = this.#options.data ? "put the value itself here" : "quote it with '…' if it is text";
    throw this.#error({ start: at, end: at + sign.length }, `"${sign}" ${problem}`, { hint });
  }

  #literal(kind: PieceKind, scanned: Scanned<Value>): Tree {
    const start = this.#at;
    const value = this.#scanned(kind, scanned);
    return { kind: "literal", span: { start, end: this.#at }, value };
  }

  #scanned<T>(kind: PieceKind, scanned: Scanned<T>): T {
    const span = { start: this.#at, end: scanned.end };
    if ("problem" in scanned) throw this.#error(span, scanned.problem, scanned);
    this.#take(kind, scanned.end);
    return scanned.value;
  }

  #take(kind: PieceKind, end: number, start = this.#at): void {
    this.#options.seen?.(kind, { start, end });
    this.#at = end;
  }

  #takeOperator(): string {
    const at = skipBlanks(this.#text, this.#at, this.#brackets > 0);
    const sign = operatorAt(this.#text, at) || nameAt(this.#text, at);
    this.#at = at;
    this.#take("operator", at + sign.length);
    return sign;
  }

  #open(bracket: string): void {
    const start = this.#at;
    this.#enter(start);
    this.#brackets++;
    this.#take("bracket", start + bracket.length);
    this.#closes(bracket, start);
  }

  /** Tells whether the closing bracket comes next. */
  #closes(bracket: string, start: number): boolean {
    this.#at = skipBlanks(this.#text, this.#at, true);
    if (this.#at >= this.#text.length) throw this.#unclosed(bracket, start);
    return this.#text[this.#at] === closers.get(bracket);
  }

  #close(bracket: string, start: number): void {
    if (!this.#closes(bracket, start)) {
      const culprit = characterAt(this.#text, this.#at);
      const span = { start: this.#at, end: this.#at + culprit.length };
      throw this.#error(span, `"${closers.get(bracket)}" is missing before "${culprit}"`);
    }
    this.#brackets--;
    this.#depth--;
    this.#take("bracket", this.#at + 1);
  }

  #comma(): boolean {
    this.#at = skipBlanks(this.#text, this.#at, true);
    if (this.#text[this.#at] !== ",") return false;
    this.#take("bracket", this.#at + 1);
    return true;
  }

  #enter(at: number): void {
    if (++this.#depth > deepest) throw this.#tooDeep(at);
  }

  #here(sign: string): Span {
    const start = skipBlanks(this.#text, this.#at, this.#brackets > 0);
    return { start, end: start + sign.length };
  }

  #from(left: Tree): Span {
    return { start: left.span.start, end: this.#at };
  }

  #error(span: Span, problem: string, extra: { hint?: string; partial?: boolean } = {}): CtxError {
    const { hint, partial } = extra;
    return fail("parse_error", { problem }, { at: { source: this.#source, span }, hint, partial });
  }

  #tooDeep(at: number): CtxError {
    return this.#error({ start: at, end: at + 1 }, `the expression is nested deeper than ${deepest}`);
  }

  #unclosed(bracket: string, start: number): CtxError {
    return this.#error({ start, end: start + 1 }, `unclosed "${bracket}"`, { partial: true });
  }

  #expected(sign: string, span: Span, after: string): CtxError {
    const at = skipBlanks(this.#text, this.#at, true);
    const partial = at >= this.#text.length;
    return this.#error(partial ? span : { start: at, end: at + 1 }, `"${sign}" is missing after "${after}"`, {
      partial,
    });
  }

  #noValue(culprit: string, after: string): CtxError {
    const start = this.#at;
    const behind = after === "" ? "" : ` after "${after}"`;
    if (culprit === "" || culprit === "\n")
      return this.#error({ start, end: start }, `a value is missing${behind}`, { partial: after !== "" });
    const hint = "quote it if it is text";
    return this.#error({ start, end: start + culprit.length }, `"${culprit}" is no value`, { hint });
  }
}

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
