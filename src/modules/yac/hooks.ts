import type { ExpressionTree, Source } from "../../ctx/index.ts";
import type { Nested } from "../lex/scanner.ts";
import type { Script } from "./tree.ts";

/**
 * Where an expression stands: in `$[…]` or `${…}` (a closing bracket ends it), after `where` or `set` (bare names are
 * columns; `%`, `|`, `;` end it), after `?` or `??` (one value, sum or comparison).
 */
export type ExpressionPlace = "brackets" | "columns" | "condition";

export interface ExpressionRequest {
  readonly place: ExpressionPlace;
  /** The text came as data: variables, settings and commands are refused. */
  readonly data: boolean;
  /** Reads the command behind a `$(` or `?(`, up to its closing bracket. */
  readonly command: (source: Source, offset: number) => Nested<Script>;
}

/** Reads an expression from the middle of a text; throws a located `parse_error`. */
export type ExpressionHook = (
  source: Source,
  offset: number,
  request: ExpressionRequest,
) => { readonly tree: ExpressionTree; readonly end: number };
