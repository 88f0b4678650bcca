import type { RowOptions, Tree } from "./expr/index.ts";
import type { Value } from "./kit/value.ts";
import type { Place } from "./source.ts";

/**
 * One word of a command as its handler's input is read from it. A word that was not typed bare (quoted, made by a
 * variable or a file pattern) is never an option key or an operator.
 */
export interface Word {
  readonly text: string;
  readonly bare: boolean;
  /** The typed value, where the word was exactly a variable, `$(…)` or `$[…]`. */
  readonly value?: Value;
  /** Where the word is an expression that a script parsed: its tree, and what its variables and functions are. */
  readonly expression?: { readonly tree: Tree; readonly options: RowOptions };
  readonly at?: Place | undefined;
}

/** Words of a call; a plain string counts as typed bare. */
export type Words = readonly (string | Word)[];

export function textOf(word: string | Word): string {
  return typeof word === "string" ? word : word.text;
}

export function isBare(word: string | Word): boolean {
  return typeof word === "string" || word.bare;
}

/**
 * Finds the place of the word that a message quotes, as it stands or as the path that `pathOf` makes of it, else of the
 * first word.
 */
export function placeOf(words: Words, message: string, pathOf?: (file: string) => string): Place | undefined {
  const given = words.slice(1);
  const isQuoted = (text: string): boolean => message.includes(`"${text}"`);
  const culprit =
    given.find((word) => isQuoted(textOf(word))) ??
    (pathOf === undefined ? undefined : given.find((word) => isQuoted(pathOf(textOf(word))))) ??
    words[0];
  return typeof culprit === "object" ? culprit.at : undefined;
}
