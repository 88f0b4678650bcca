import type { ExpressionTree, Span } from "../../ctx/index.ts";
import type * as lex from "../lex/token.ts";

export type Word = lex.WordToken<Script, ExpressionTree>;
export type Part = lex.Part<Script, ExpressionTree>;
export type Token = lex.Token<Script, ExpressionTree>;
export type ExpressionPart = lex.ExpressionPart<ExpressionTree>;

/** Statements in order. */
export interface Script extends Span {
  readonly kind: "script";
  readonly statements: readonly Statement[];
  /** Where comments stand; they begin with `#`. */
  readonly comments: readonly Span[];
}

export type Statement = Chain;

/** `A && B || C`: equal, from left to right. */
export interface Chain extends Span {
  readonly kind: "chain";
  readonly first: Pipeline;
  readonly rest: readonly Link[];
}

export interface Link extends Span {
  readonly operator: "&&" | "||";
  readonly pipeline: Pipeline;
}

/** `A | B % op`: what one stage gives, the next takes. The first stage is always a call. */
export interface Pipeline extends Span {
  readonly kind: "pipeline";
  readonly stages: readonly Stage[];
}

/** A command, or the table operators after a `%`. */
export interface Stage extends Span {
  readonly kind: "call" | "operators";
  /** `~name` before a command: where it runs, or where to move if there are no words. */
  readonly context: ContextName | undefined;
  /** An expression after `where` and `set NAME` is a word whose only part is opened by nothing. */
  readonly words: readonly Word[];
  readonly conditions: readonly Condition[];
  readonly redirections: readonly Redirection[];
}

export interface ContextName extends Span {
  readonly name: string;
}

/** `? EXPR` or `?? EXPR`. */
export interface Condition extends Span {
  readonly operator: "?" | "??";
  readonly expression: ExpressionPart;
}

export type Redirection = FileRedirection | JoinRedirection | CaptureRedirection;

/** Into or out of a file. */
export interface FileRedirection extends Span {
  readonly operator: ">" | ">>" | "<" | "2>";
  readonly target: Word;
}

/** The error output goes where the output goes. */
export interface JoinRedirection extends Span {
  readonly operator: "2>&1";
}

/** Into a variable or a config: the value, or the first value of a column. */
export interface CaptureRedirection extends Span {
  readonly operator: ">$" | ">@";
  readonly name: Word;
  readonly column: Word | undefined;
}
