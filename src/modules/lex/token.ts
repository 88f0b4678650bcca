import type { Span } from "../../ctx/index.ts";

/** What stands between words and means something: pipes, redirections, conditions, ends of commands. */
export type Operator =
  | "%"
  | "|"
  | ">"
  | ">>"
  | "<"
  | "2>"
  | "2>&1"
  | ">$"
  | ">@"
  | "?"
  | "??"
  | ";"
  | "&&"
  | "||"
  | "&";

/** Operators that are spelled like words: they count only as a whole bare word. */
export const wordOperators: ReadonlySet<string> = new Set<Operator>(["%", "?", "??", "&&", "&"]);

/** Characters typed bare; file patterns in them are alive. */
export interface BarePart extends Span {
  readonly kind: "bare";
  readonly text: string;
}

/** Characters from `'…'`, freed by `\`, or between the variables of a `"…"`: they mean themselves. */
export interface RawPart extends Span {
  readonly kind: "raw";
  readonly text: string;
}

/** `"…"` with what was found in it, escapes resolved. */
export interface TextPart<C, E> extends Span {
  readonly kind: "text";
  readonly parts: readonly (RawPart | VariablePart | CommandPart<C> | ExpressionPart<E>)[];
}

/** One step into a value: `.key`, `[0]` or `[$name]`. It stays text where the value has no parts. */
export type Step =
  | (Span & { readonly kind: "key"; readonly name: string })
  | (Span & { readonly kind: "index"; readonly index: number })
  | (Span & { readonly kind: "variable"; readonly name: string });

/** A name with the steps that touch it. */
export interface NamedPart<K extends "variable" | "setting"> extends Span {
  readonly kind: K;
  readonly name: string;
  readonly steps: readonly Step[];
}

/** `$name`. The name may also be digits, `#`, `*` or `?`. */
export type VariablePart = NamedPart<"variable">;

/** `@name` at the start of a word: an option of the message, or a config. */
export type SettingPart = NamedPart<"setting">;

/** `$(command)`, or a whole word `( command )`. */
export interface CommandPart<C> extends Span {
  readonly kind: "command";
  readonly open: "$(" | "(";
  readonly node: C;
}

/** `$[expr]`, `${expr}`, or what follows `where` (opened by nothing), with its text as it was typed. */
export interface ExpressionPart<E> extends Span {
  readonly kind: "expression";
  readonly open: "$[" | "${" | "";
  readonly node: E;
  readonly text: string;
}

export type Part<C, E> =
  | BarePart
  | RawPart
  | TextPart<C, E>
  | VariablePart
  | SettingPart
  | CommandPart<C>
  | ExpressionPart<E>;

/** Parts that touch. */
export interface WordToken<C, E> extends Span {
  readonly kind: "word";
  readonly parts: readonly Part<C, E>[];
  /** Every part was typed bare: only such a word can be an option key, a keyword or an operator's name. */
  readonly bare: boolean;
}

export interface OperatorToken extends Span {
  readonly kind: "operator";
  readonly operator: Operator;
}

/** The end of a line, a comment up to it, a `)`, or the end of the text. */
export interface MarkToken extends Span {
  readonly kind: "newline" | "comment" | "close" | "end";
}

/** What the scanner gives. `C` is the tree of a nested command, `E` that of an expression. */
export type Token<C, E> = WordToken<C, E> | OperatorToken | MarkToken;

/** Tokens on demand: a parser looks at one, takes it, or goes on elsewhere (after an expression it read itself). */
export interface Tokens<C, E> {
  /** Where the last taken token ended, or where `seek` went. */
  readonly offset: number;
  peek(): Token<C, E>;
  next(): Token<C, E>;
  seek(offset: number): void;
}

/** Gives the text of a word that was typed bare, or nothing for any other word. */
export function bareText<C, E>(word: WordToken<C, E>): string | undefined {
  if (!word.bare) return undefined;
  const [first] = word.parts;
  if (word.parts.length === 1 && first !== undefined && "text" in first) return first.text;
  return word.parts.map((part) => ("text" in part ? part.text : "")).join("");
}
