/**
 * The parser of lines, by recursive descent: a script is statements, a statement a chain, a chain pipelines, a pipeline
 * stages. Each nested command has a `Parser` of its own on the same text; they share the errors and the depth. Errors
 * are thrown and caught at the end of the statement they stand in. It is longer than most files because it is one grammar.
 */
import { CtxError, type ExpressionTree, fail, type Source, type Span } from "../../ctx/index.ts";
import { type Hooks, type Nested, Scanner } from "../lex/scanner.ts";
import { bareText, type OperatorToken, type Tokens } from "../lex/token.ts";
import { isContextName, watchCall, watchOperators } from "../lex/watch.ts";
import type { ExpressionHook, ExpressionPlace } from "./hooks.ts";
import { keywords } from "./keywords.ts";
import type {
  Chain,
  Condition,
  ContextName,
  ExpressionPart,
  Link,
  Pipeline,
  Redirection,
  Script,
  Stage,
  Statement,
  Token,
  Word,
} from "./tree.ts";

export interface ParseOptions {
  /** Reads the expressions; without it they are refused. */
  readonly expression?: ExpressionHook | undefined;
}

/** A tree, and everything that is wrong with the text; the tree holds what could be read. */
export interface Parsed {
  readonly source: Source;
  readonly script: Script;
  readonly errors: readonly CtxError[];
}

/** How deep commands and expressions may stand in each other. */
const deepest = 500;

/** What the parsers of a text and of the commands nested in it share. */
interface Shared {
  readonly source: Source;
  readonly expression: ExpressionHook | undefined;
  /** The words came as data, from an outer shell: no keywords, and no variables in expressions. */
  readonly data: boolean;
  readonly errors: CtxError[];
  depth: number;
  /** How far nested commands were read: after an error nothing before it is read again. */
  reached: number;
  /** The error that ends it all. */
  fatal: CtxError | undefined;
}

/** Parses a text. Errors are collected: after each, the parser goes on with the next statement. */
export function parseScript(source: Source, options: ParseOptions = {}): Parsed {
  const shared = share(source, options, false);
  return parseAll(shared, () => new Scanner(source, hooksOf(shared)));
}

/** Parses tokens that were words of an outer shell: no word of them is a keyword. */
export function parseData(source: Source, tokens: Tokens<Script, ExpressionTree>, options: ParseOptions = {}): Parsed {
  return parseAll(share(source, options, true), () => tokens);
}

function share(source: Source, { expression }: ParseOptions, data: boolean): Shared {
  return { source, expression, data, errors: [], depth: 0, reached: 0, fatal: undefined };
}

/** Tells whether more text would repair everything that is wrong. */
export function isPartial({ errors }: Parsed): boolean {
  return errors.length > 0 && errors.every((error) => error.partial);
}

function parseAll(shared: Shared, open: () => Tokens<Script, ExpressionTree>): Parsed {
  const { source, errors } = shared;
  try {
    return { source, script: new Parser(shared, open(), false).script(), errors };
  } catch (error) {
    // The text is too long or too deep. Where little of the stack is left, too deep comes before the limit.
    const told = error instanceof RangeError ? tooDeep(shared, shared.reached) : error;
    if (!(told instanceof CtxError)) throw told;
    const script: Script = { kind: "script", statements: [], comments: [], start: 0, end: 0 };
    return { source, script, errors: [...errors, told] };
  }
}

function hooksOf(shared: Shared): Hooks<Script, ExpressionTree> {
  return {
    command: (_source, offset) => parseCommand(shared, offset),
    expression: (_source, offset) => {
      const { tree, end } = parseExpression(shared, offset, "brackets");
      return { node: tree, end };
    },
  };
}

/** Parses from behind an opening bracket up to its closing one. */
function parseCommand(shared: Shared, offset: number): Nested<Script> {
  enter(shared, offset);
  const script = new Parser(shared, new Scanner(shared.source, hooksOf(shared), offset), true).script();
  shared.depth--;
  shared.reached = script.end;
  return { node: script, end: script.end };
}

function parseExpression(shared: Shared, offset: number, place: ExpressionPlace): ReturnType<ExpressionHook> {
  const { source, expression, data } = shared;
  if (expression === undefined) throw problem(source, "an expression is not available here", span(offset, offset));
  const command = (_source: Source, at: number): Nested<Script> => parseCommand(shared, at);
  const depth = enter(shared, offset);
  try {
    return expression(source, offset, { place, data, command });
  } finally {
    shared.depth = depth;
  }
}

/** Goes one level down; gives the level to come back to. */
function enter(shared: Shared, offset: number): number {
  if (shared.depth >= deepest) {
    shared.fatal = tooDeep(shared, offset);
    throw shared.fatal;
  }
  shared.reached = offset;
  return shared.depth++;
}

function tooDeep({ source }: Shared, offset: number): CtxError {
  return problem(source, `nested deeper than ${deepest}`, span(offset, offset));
}

function problem(source: Source, text: string, at: Span, extra: { hint?: string; partial?: boolean } = {}): CtxError {
  return fail("parse_error", { problem: text }, { ...extra, at: { source, span: at } });
}

function span(start: number, end: number): Span {
  return { start, end };
}

/** Reads the statements of one text, or of one nested command. */
class Parser {
  readonly #shared: Shared;
  readonly #tokens: Tokens<Script, ExpressionTree>;
  /** Whether a `)` ends the script. */
  readonly #inside: boolean;
  readonly #comments: Span[] = [];

  constructor(shared: Shared, tokens: Tokens<Script, ExpressionTree>, inside: boolean) {
    this.#shared = shared;
    this.#tokens = tokens;
    this.#inside = inside;
  }

  script(): Script {
    const start = this.#tokens.offset;
    const statements: Statement[] = [];
    for (;;) {
      try {
        this.#skipEmpty();
        const token = this.#tokens.peek();
        if (token.kind === "end" || (token.kind === "close" && this.#inside)) {
          return { kind: "script", statements, comments: this.#comments, start, end: token.start };
        }
        const statement = this.#statement();
        this.#endStatement();
        statements.push(statement);
      } catch (error) {
        this.#recover(error);
      }
    }
  }

  /** Notes an error and goes to the end of the statement. */
  #recover(error: unknown): void {
    const { errors, fatal } = this.#shared;
    if (!(error instanceof CtxError) || error === fatal) throw error;
    // What is open at the end of the text is said once, by the innermost.
    if (!error.partial || !errors.some((other) => other.partial)) errors.push(error);
    this.#pass(error, this.#tokens.offset);
    for (;;) {
      try {
        const token = this.#tokens.peek();
        if (token.kind === "close" ? this.#inside : isEnd(token)) return;
        this.#tokens.next();
      } catch (next) {
        // Whatever else is wrong in this statement follows from the first error.
        if (!(next instanceof CtxError) || next === this.#shared.fatal) throw next;
        this.#pass(next, this.#tokens.offset + 1);
      }
    }
  }

  /** Goes behind what an error points at, and at least to an offset. */
  #pass(error: CtxError, least: number): void {
    const { source, reached } = this.#shared;
    const { length } = source.text;
    // What is not closed reaches to the end of the text.
    const behind = error.partial ? length : (error.at?.span.end ?? least);
    this.#tokens.seek(Math.min(length, Math.max(least, behind, reached)));
  }

  #skipEmpty(): void {
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind === "comment") this.#comments.push(span(token.start, token.end));
      else if (token.kind !== "newline" && !isOperator(token, ";")) return;
      this.#tokens.next();
    }
  }

  #endStatement(): void {
    const token = this.#tokens.peek();
    if (isEnd(token) || (token.kind === "close" && this.#inside)) return;
    if (isOperator(token, "&")) throw this.#problem('background runs ("&") are not available yet', token);
    if (token.kind === "close") throw this.#problem('")" without "("', token);
    throw this.#problem(`unexpected ${this.#shown(token)}`, token);
  }

  #statement(): Statement {
    const token = this.#tokens.peek();
    const first = token.kind === "word" ? bareText(token) : undefined;
    if (first !== undefined && !this.#shared.data && keywords.has(first)) {
      throw this.#problem(`"${first}" comes with the script language`, token);
    }
    return this.#chain();
  }

  #chain(): Chain {
    const first = this.#pipeline(undefined);
    const rest: Link[] = [];
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind !== "operator" || (token.operator !== "&&" && token.operator !== "||")) break;
      this.#skipLines(token);
      const pipeline = this.#pipeline(token);
      rest.push({ operator: token.operator, pipeline, start: token.start, end: pipeline.end });
    }
    return { kind: "chain", first, rest, start: first.start, end: (rest.at(-1) ?? first).end };
  }

  #pipeline(after: OperatorToken | undefined): Pipeline {
    const first = this.#stage("call", after);
    const stages = [first];
    let last = first;
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind !== "operator" || (token.operator !== "|" && token.operator !== "%")) break;
      this.#skipLines(token);
      last = this.#stage(token.operator === "%" ? "operators" : "call", token);
      stages.push(last);
    }
    return { kind: "pipeline", stages, start: first.start, end: last.end };
  }

  /** Takes an operator and the ends of lines behind it: a line that ends with one goes on. */
  #skipLines(operator: OperatorToken): void {
    this.#tokens.next();
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind === "end")
        throw this.#problem(`nothing follows "${operator.operator}"`, operator, { partial: true });
      if (token.kind === "comment") this.#comments.push(span(token.start, token.end));
      else if (token.kind !== "newline") return;
      this.#tokens.next();
    }
  }

  #stage(kind: Stage["kind"], after: OperatorToken | undefined): Stage {
    const head = this.#tokens.peek();
    if (head.kind !== "word") throw this.#noStage(head, after);
    const context = kind === "call" ? this.#context(head) : undefined;
    if (kind === "call" && context === undefined) this.#checkHead(head);
    const watch = kind === "call" ? watchCall() : watchOperators();
    const words: Word[] = [];
    const conditions: Condition[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind === "word") {
        const redirection = redirections.at(-1);
        if (redirection !== undefined) {
          const hint = `write it before "${redirection.operator}"`;
          throw this.#problem(`${this.#shown(token)} stands after a redirection`, token, { hint });
        }
        this.#tokens.next();
        words.push(token);
        if (watch.word(bareText(token))) words.push(this.#expressionWord());
        continue;
      }
      const redirection = token.kind === "operator" ? this.#redirection(token) : undefined;
      if (redirection !== undefined) redirections.push(redirection);
      else if (isOperator(token, "?") || isOperator(token, "??")) conditions.push(this.#condition(token));
      else break;
    }
    const start = head.start;
    return { kind, context, words, conditions, redirections, start, end: this.#tokens.offset };
  }

  #noStage(token: Token, after: OperatorToken | undefined): CtxError {
    if (after !== undefined) return this.#problem(`nothing follows "${after.operator}"`, after);
    if (token.kind === "close") return this.#problem('")" without "("', token);
    return this.#problem(`a command cannot begin with ${this.#shown(token)}`, token);
  }

  /** Takes a `~name`. */
  #context(head: Word): ContextName | undefined {
    const text = bareText(head);
    if (!isContextName(text)) return undefined;
    this.#tokens.next();
    return { name: text.slice(1), start: head.start, end: head.end };
  }

  #checkHead(head: Word): void {
    const [part] = head.parts;
    if (part?.kind === "command" && part.open === "(") {
      throw this.#problem('a command cannot begin with "("', span(head.start, head.start + 1), { hint: "write $(…)" });
    }
    const assigned = part?.kind === "bare" ? /^[A-Za-z_]\w*(?==)/.exec(part.text) : null;
    if (assigned === null) return;
    const hint = `write let ${assigned[0]} = …, or let env.${assigned[0]} = …`;
    throw this.#problem(`${this.#shown(head)} is no command`, head, { hint });
  }

  #expressionPart(place: ExpressionPlace): ExpressionPart {
    const { text } = this.#shared.source;
    const { offset } = this.#tokens;
    const { tree, end } = parseExpression(this.#shared, offset, place);
    this.#tokens.seek(end);
    const typed = text.slice(offset, end);
    const start = offset + typed.length - typed.trimStart().length;
    return { kind: "expression", open: "", node: tree, text: typed.trim(), start, end };
  }

  #expressionWord(): Word {
    const part = this.#expressionPart("columns");
    return { kind: "word", parts: [part], bare: false, start: part.start, end: part.end };
  }

  #condition(token: OperatorToken & { operator: "?" | "??" }): Condition {
    this.#tokens.next();
    const expression = this.#expressionPart("condition");
    return { operator: token.operator, expression, start: token.start, end: expression.end };
  }

  #redirection(token: OperatorToken): Redirection | undefined {
    const { start, operator } = token;
    switch (operator) {
      case ">":
      case ">>":
      case "<":
      case "2>": {
        const target = this.#target(token, "a file");
        return { operator, target, start, end: target.end };
      }
      case "2>&1":
        this.#tokens.next();
        return { operator, start, end: token.end };
      case ">$":
      case ">@": {
        const name = this.#target(token, operator === ">$" ? "the name of a variable" : "the name of a config");
        const column = this.#tokens.peek();
        if (column.kind !== "word") return { operator, name, column: undefined, start, end: name.end };
        this.#tokens.next();
        return { operator, name, column, start, end: column.end };
      }
      default:
        return undefined;
    }
  }

  #target(token: OperatorToken, what: string): Word {
    this.#tokens.next();
    const target = this.#tokens.peek();
    if (target.kind !== "word") throw this.#problem(`"${token.operator}" needs ${what}`, token);
    this.#tokens.next();
    return target;
  }

  #shown(token: Token): string {
    return `"${this.#shared.source.text.slice(token.start, token.end)}"`;
  }

  #problem(text: string, at: Span, extra?: { hint?: string; partial?: boolean }): CtxError {
    return problem(this.#shared.source, text, span(at.start, at.end), extra);
  }
}

function isOperator<O extends OperatorToken["operator"]>(
  token: Token,
  operator: O,
): token is OperatorToken & { operator: O } {
  return token.kind === "operator" && token.operator === operator;
}

function isEnd(token: Token): boolean {
  return token.kind === "newline" || token.kind === "end" || token.kind === "comment" || isOperator(token, ";");
}
