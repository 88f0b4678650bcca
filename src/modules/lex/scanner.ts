/**
 * The scanner, by hand, a character at a time. `#scan` tells what begins at an offset, `#word` gathers the parts that
 * touch, `#part` reads one of them; what stands in `$(…)`, `$[…]` and `${…}` is read by hooks. It is longer than most
 * files because it is one grammar.
 */
import { type CtxError, fail, readEscape, type Source } from "../../ctx/index.ts";
import { isBlank, isDigit, isEnding, isFreed, isNameStart, isOrdinary, nameEnd } from "./chars.ts";
import { scanSteps } from "./steps.ts";
import {
  bareText,
  type CommandPart,
  type ExpressionPart,
  type MarkToken,
  type NamedPart,
  type Operator,
  type OperatorToken,
  type Part,
  type RawPart,
  type TextPart,
  type Token,
  type Tokens,
  type VariablePart,
  type WordToken,
  wordOperators,
} from "./token.ts";

/** A piece of another grammar read from the middle of a text: its tree, and where it ended. */
export interface Nested<N> {
  readonly node: N;
  readonly end: number;
}

/**
 * Reads what stands inside of words but is no word. A hook is given the offset after the opening bracket and ends before
 * the closing one (or at the end of the text); the scanner checks that it is there.
 */
export interface Hooks<C, E> {
  readonly command?: ((source: Source, offset: number) => Nested<C>) | undefined;
  readonly expression?: ((source: Source, offset: number) => Nested<E>) | undefined;
}

/** The longest source that is read, in UTF-16 units. */
export const longestSource = 16 * 1024 * 1024;

const codeOf = (char: string): number => char.charCodeAt(0);
const newline = codeOf("\n");
const quote = codeOf("'");
const doubleQuote = codeOf('"');
const dollar = codeOf("$");
const backslash = codeOf("\\");
const open = codeOf("(");
const close = codeOf(")");
const openBrace = codeOf("{");
const openBracket = codeOf("[");
const hash = codeOf("#");
const at = codeOf("@");
const greater = codeOf(">");

/**
 * The word mode of the language: commands, their words, and what stands between them.
 *
 * A token is scanned when it is asked for, so that a parser can read an expression at `offset` by its own means and go on
 * behind it with `seek`. A token is its own span. Blanks, and lines joined by `\`, are what lies between two tokens.
 */
export class Scanner<C = never, E = never> implements Tokens<C, E> {
  readonly #source: Source;
  readonly #text: string;
  readonly #hooks: Hooks<C, E>;
  #offset: number;
  #peeked: Token<C, E> | undefined;

  constructor(source: Source, hooks: Hooks<C, E> = {}, offset = 0) {
    if (source.text.length > longestSource) {
      throw fail("too_large", { problem: `${source.name} is longer than 16 MB` });
    }
    this.#source = source;
    this.#text = source.text;
    this.#hooks = hooks;
    // A byte order mark is an accident of editors, not a word.
    this.#offset = offset === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : offset;
  }

  get offset(): number {
    return this.#offset;
  }

  peek(): Token<C, E> {
    this.#peeked ??= this.#scan(this.#skip(this.#offset));
    return this.#peeked;
  }

  next(): Token<C, E> {
    const token = this.peek();
    this.#peeked = undefined;
    this.#offset = token.end;
    return token;
  }

  seek(offset: number): void {
    this.#peeked = undefined;
    this.#offset = offset;
  }

  /** Finds the first character that is neither a blank nor part of a join. */
  #skip(start: number): number {
    let i = start;
    for (;;) {
      const code = this.#text.charCodeAt(i);
      if (isBlank(code)) i++;
      else if (code === backslash && this.#joinEnd(i) > i) i = this.#joinEnd(i);
      else return i;
    }
  }

  /** Finds the start of the next line, if a `\` here joins it; else gives the offset back. */
  #joinEnd(i: number): number {
    const text = this.#text;
    if (text.charCodeAt(i) !== backslash) return i;
    if (text.charCodeAt(i + 1) === newline) return i + 2;
    if (text.startsWith("\r\n", i + 1)) return i + 3;
    if (i + 1 < text.length) return i;
    throw this.#error('nothing follows "\\"', i, i + 1, { partial: true });
  }

  #scan(start: number): Token<C, E> {
    const text = this.#text;
    if (start >= text.length) return mark("end", text.length, text.length);
    switch (text[start]) {
      case "\n":
        return mark("newline", start, start + 1);
      case "#": {
        const end = text.indexOf("\n", start);
        return mark("comment", start, end < 0 ? text.length : end);
      }
      case ")":
        return mark("close", start, start + 1);
      case ";":
      case "<":
        return operator(text[start] as Operator, start);
      case "|":
        return operator(text[start + 1] === "|" ? "||" : "|", start);
      case ">":
        return operator(this.#greater(start), start);
      case "2":
        if (text.charCodeAt(start + 1) === greater) return operator(this.#errorOutput(start), start);
        return this.#word(start);
      default:
        return this.#word(start);
    }
  }

  #greater(start: number): Operator {
    const second = this.#text[start + 1];
    if (second === ">") return ">>";
    // `>$x` is `> $x`: the name of the file is in a variable.
    if ((second === "$" || second === "@") && this.#endsAt(start + 2)) return `>${second}`;
    return ">";
  }

  #errorOutput(start: number): Operator {
    return this.#text.startsWith("&1", start + 2) && this.#endsAt(start + 4) ? "2>&1" : "2>";
  }

  #endsAt(i: number): boolean {
    return i >= this.#text.length || isEnding(this.#text.charCodeAt(i));
  }

  #word(start: number): WordToken<C, E> | OperatorToken {
    const text = this.#text;
    const parts: Part<C, E>[] = [];
    let bare = true;
    let i = start;
    while (i < text.length) {
      const code = text.charCodeAt(i);
      if (isEnding(code)) break;
      const join = code === backslash ? this.#joinEnd(i) : i;
      if (join > i) {
        i = join;
        continue;
      }
      const part = isOrdinary(code) && (code !== at || i > start) ? undefined : this.#part(i, start);
      if (part === undefined) {
        const end = this.#bareEnd(i + 1);
        parts.push({ kind: "bare", text: text.slice(i, end), start: i, end });
        i = end;
      } else {
        bare = false;
        parts.push(part);
        i = part.end;
      }
    }
    const last = parts[parts.length - 1];
    const word: WordToken<C, E> = { kind: "word", parts, bare, start, end: last === undefined ? i : last.end };
    if (!bare || !beginsOperator(text.charCodeAt(start))) return word;
    const spelled = bareText(word);
    if (spelled === undefined || !wordOperators.has(spelled)) return word;
    return { kind: "operator", operator: spelled as Operator, start, end: word.end };
  }

  /** Finds where bare text ends; `$` and `\` that mean nothing belong to it. */
  #bareEnd(start: number): number {
    const text = this.#text;
    let i = start;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (isOrdinary(code)) continue;
      if (code === dollar && !this.#opensDollar(i, false)) continue;
      if (code === backslash && this.#stays(i)) continue;
      break;
    }
    return i;
  }

  #stays(i: number): boolean {
    return i + 1 < this.#text.length && !isFreed(this.#text.charCodeAt(i + 1)) && this.#joinEnd(i) === i;
  }

  /** Scans a part that is not bare, or finds that there is none. */
  #part(i: number, start: number): Part<C, E> | undefined {
    switch (this.#text.charCodeAt(i)) {
      case quote:
        return this.#raw(i);
      case doubleQuote:
        return this.#quoted(i);
      case dollar:
        return this.#opensDollar(i, false) ? this.#dollar(i) : undefined;
      case backslash:
        return this.#stays(i) ? undefined : this.#freed(i);
      case at:
        return isNameStart(this.#text.charCodeAt(i + 1)) ? this.#named("setting", i) : undefined;
      default:
        return this.#whole(i, start);
    }
  }

  #raw(start: number): RawPart {
    const end = this.#text.indexOf("'", start + 1);
    if (end < 0) throw this.#unclosed("'", start);
    return { kind: "raw", text: this.#text.slice(start + 1, end), start, end: end + 1 };
  }

  #freed(start: number): RawPart {
    const text = this.#text;
    let value = "";
    let i = start;
    while (text.charCodeAt(i) === backslash && isFreed(text.charCodeAt(i + 1))) {
      value += text[i + 1];
      i += 2;
    }
    return { kind: "raw", text: value, start, end: i };
  }

  /** Scans `( command )`, which stands alone or not at all. */
  #whole(i: number, start: number): CommandPart<C> {
    const hint = "quote it, or write $(command) or $[expression]";
    if (i > start) throw this.#error('"(" stands inside a word', i, i + 1, { hint });
    const part = this.#command("(", i);
    if (this.#endsAt(part.end) || this.#joinEnd(part.end) > part.end) return part;
    throw this.#error('"(" stands inside a word', i, part.end, { hint });
  }

  /** Tells whether a `$` begins something; before anything else it is plain. */
  #opensDollar(i: number, inText: boolean): boolean {
    const code = this.#text.charCodeAt(i + 1);
    if (code === openBracket) return !inText;
    return isNameStart(code) || isDigit(code) || code === open || code === openBrace || isSign(code);
  }

  #dollar(i: number): VariablePart | CommandPart<C> | ExpressionPart<E> {
    switch (this.#text.charCodeAt(i + 1)) {
      case open:
        return this.#command("$(", i);
      case openBrace:
        return this.#expression("${", "}", i);
      case openBracket:
        return this.#expression("$[", "]", i);
      default:
        return this.#named("variable", i);
    }
  }

  #named<K extends "variable" | "setting">(kind: K, start: number): NamedPart<K> {
    const text = this.#text;
    let end = start + 2;
    const first = text.charCodeAt(start + 1);
    if (isDigit(first)) while (isDigit(text.charCodeAt(end))) end++;
    else if (isNameStart(first)) end = nameEnd(text, end);
    const steps = scanSteps(text, end);
    const last = steps[steps.length - 1];
    return { kind, name: text.slice(start + 1, end), steps, start, end: last === undefined ? end : last.end };
  }

  #command(bracket: CommandPart<C>["open"], start: number): CommandPart<C> {
    const inner = start + bracket.length;
    const hook = this.#hooks.command;
    if (hook === undefined) throw this.#error(`${bracket}command) is not available here`, start, inner);
    const { node, end } = hook(this.#source, inner);
    if (this.#text.charCodeAt(end) !== close) throw this.#unclosed(bracket, start);
    return { kind: "command", open: bracket, node, start, end: end + 1 };
  }

  #expression(bracket: "$[" | "${", closing: string, start: number): ExpressionPart<E> {
    const text = this.#text;
    const inner = start + bracket.length;
    const hook = this.#hooks.expression;
    if (hook === undefined) throw this.#error(`${bracket}expression${closing} is not available here`, start, inner);
    const { node, end } = hook(this.#source, inner);
    let after = end;
    while (isBlank(text.charCodeAt(after)) || text.charCodeAt(after) === newline) after++;
    if (after >= text.length) throw this.#unclosed(bracket, start);
    if (text[after] !== closing) {
      const found = String.fromCodePoint(text.codePointAt(after) ?? 0);
      const hint = `"${closing}" ends what "${bracket}" began`;
      throw this.#error(`unexpected "${found}" in an expression`, after, after + found.length, { hint });
    }
    const inside = text.slice(inner, after).trim();
    return { kind: "expression", open: bracket, node, text: inside, start, end: after + 1 };
  }

  #quoted(start: number): TextPart<C, E> {
    const text = this.#text;
    const parts: (RawPart | VariablePart | CommandPart<C> | ExpressionPart<E>)[] = [];
    let literal = "";
    let from = start + 1; // where the literal began
    let run = from; // where what is not yet in `literal` began
    let i = from;
    const flush = (): void => {
      literal += text.slice(run, i);
      if (literal !== "") parts.push({ kind: "raw", text: literal, start: from, end: i });
      literal = "";
    };
    for (;;) {
      if (i >= text.length) throw this.#unclosed('"', start);
      const code = text.charCodeAt(i);
      if (code === doubleQuote) {
        flush();
        return { kind: "text", parts, start, end: i + 1 };
      }
      if (code === dollar && this.#opensDollar(i, true)) {
        flush();
        const part = this.#dollar(i);
        parts.push(part);
        i = part.end;
        from = i;
        run = i;
      } else if (code === backslash) {
        const resolved = this.#escape(i);
        literal += text.slice(run, i) + resolved.value;
        i = resolved.end;
        run = i;
      } else i++;
    }
  }

  /** Resolves an escape of `"…"`, where a joined line is nothing at all. */
  #escape(i: number): { readonly value: string; readonly end: number } {
    const join = i + 1 < this.#text.length ? this.#joinEnd(i) : i;
    return join > i ? { value: "", end: join } : readEscape(this.#text, i);
  }

  #unclosed(bracket: string, start: number): CtxError {
    const shown = bracket === '"' ? "'\"'" : `"${bracket}"`;
    return this.#error(`unclosed ${shown}`, start, start + bracket.length, { partial: true });
  }

  #error(problem: string, start: number, end: number, extra: { hint?: string; partial?: boolean } = {}): CtxError {
    return fail("parse_error", { problem }, { ...extra, at: { source: this.#source, span: { start, end } } });
  }
}

/** `%`, `?`, `&`: looked at first, because looking up every word would take as long as scanning it. */
function beginsOperator(code: number): boolean {
  return code === 37 || code === 63 || code === 38;
}

/** `$#`, `$*` and `$?` are names too. */
function isSign(code: number): boolean {
  return code === hash || code === 42 || code === 63;
}

function mark(kind: MarkToken["kind"], start: number, end: number): MarkToken {
  return { kind, start, end };
}

function operator(spelled: Operator, start: number): OperatorToken {
  return { kind: "operator", operator: spelled, start, end: start + spelled.length };
}

/** Scans a whole text, up to and with the token that marks its end. */
export function scanAll<C = never, E = never>(source: Source, hooks?: Hooks<C, E>): Token<C, E>[] {
  const scanner = new Scanner(source, hooks);
  const tokens: Token<C, E>[] = [];
  for (;;) {
    const token = scanner.next();
    tokens.push(token);
    if (token.kind === "end") return tokens;
  }
}
