import { parseWhole, type RowOptions, type Tree } from "../../expr/index.ts";
import { Source } from "../../source.ts";
import { textOf, type Words } from "../../word.ts";

/** An expression of an operator, ready to be compiled for a table. */
export interface Expression {
  readonly tree: Tree;
  readonly options: RowOptions;
}

/** Takes the tree that a script parsed, or parses words that came as data: these know no variables. */
export function expressionOf(command: string, words: Words): Expression {
  const [first] = words;
  if (typeof first === "object" && first.expression !== undefined) {
    const { tree, options } = first.expression;
    return { tree, options: { ...options, command } };
  }
  const source = new Source(command, words.map(textOf).join(" "));
  return { tree: parseWhole(source), options: { source, command } };
}
