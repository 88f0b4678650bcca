import { type ExpressionTree, fail, Source } from "../../ctx/index.ts";
import { quoteWord } from "../lex/quote.ts";
import type { Operator, OperatorToken, Tokens, WordToken } from "../lex/token.ts";
import { type Parsed, type ParseOptions, parseData } from "./parser.ts";
import type { Script, Token } from "./tree.ts";

/** Words of an outer shell that are operators when they stand alone. */
const operators: ReadonlySet<string> = new Set<Operator>(["%", "|", ">", ">>", "<", "&&", "||", ";"]);

/** Operators behind which an expression made of words cannot go on. */
const endsExpression: ReadonlySet<string> = new Set<Operator>(["%", "|", ";"]);

type DataToken = WordToken<Script, ExpressionTree> | OperatorToken;

/**
 * Parses words as an outer shell gave them: each is one word, whatever it holds; nothing in it is expanded again. A word
 * that *is* an operator works as one, unless the first word is `--`. Words after `where` are one expression.
 */
export function linesFromWords(words: readonly string[], options: ParseOptions = {}): Parsed {
  const literal = words[0] === "--";
  const { source, tokens } = layOut(literal ? words.slice(1) : words, literal);
  return parseData(source, new WordTokens(source, tokens), options);
}

/** Writes the words into a line that can be shown in errors, and notes where each stands. */
function layOut(words: readonly string[], literal: boolean): { source: Source; tokens: readonly DataToken[] } {
  const tokens: DataToken[] = [];
  const line = new Line();
  let text = "";
  for (const word of words) {
    if (text !== "") text += " ";
    const start = text.length;
    const isOperator = !literal && operators.has(word);
    text += line.takes(word, isOperator) && word !== "" ? word : quoteWord(word);
    const end = text.length;
    if (isOperator) tokens.push({ kind: "operator", operator: word as Operator, start, end });
    else tokens.push({ kind: "word", parts: [{ kind: "raw", text: word, start, end }], bare: true, start, end });
  }
  return { source: new Source("command line", text), tokens };
}

/** Knows which words are written as they are: operators, and those that may belong to an expression. */
class Line {
  #inOperators = false;
  #first = true;
  #expression = false;

  takes(word: string, isOperator: boolean): boolean {
    if (isOperator) {
      this.#first = !isRedirection(word);
      if (endsExpression.has(word)) this.#expression = false;
      if (this.#first) this.#inOperators = word === "%";
      return true;
    }
    const asIs = this.#expression;
    if ((word === "where" || word === "set") && (this.#first || this.#inOperators)) this.#expression = true;
    this.#first = this.#first && word.startsWith("~");
    return asIs;
  }
}

function isRedirection(operator: string): boolean {
  return operator === ">" || operator === ">>" || operator === "<";
}

/** Gives the words one by one; an expression may use up several of them, but only whole ones. */
class WordTokens implements Tokens<Script, ExpressionTree> {
  readonly #source: Source;
  readonly #tokens: readonly DataToken[];
  #next = 0;
  #offset = 0;

  constructor(source: Source, tokens: readonly DataToken[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  get offset(): number {
    return this.#offset;
  }

  peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) {
      const { length } = this.#source.text;
      return { kind: "end", start: length, end: length };
    }
    if (token.start >= this.#offset) return token;
    const rest = this.#source.text.slice(this.#offset, token.end);
    const at = { source: this.#source, span: { start: this.#offset, end: token.end } };
    throw fail("parse_error", { problem: `unexpected "${rest}" in an expression` }, { at });
  }

  next(): Token {
    const token = this.peek();
    this.#next++;
    this.#offset = token.end;
    return token;
  }

  seek(offset: number): void {
    this.#offset = offset;
    const behind = this.#tokens.findIndex((token) => token.end > offset);
    this.#next = behind < 0 ? this.#tokens.length : behind;
  }
}
