/** The front door of expressions: parse a text to a tree, compile the tree for rows or for a scope. */
export { compileValue, type Scope } from "./compile.ts";
export { compileFilter } from "./filter.ts";
export { parseExpression, parseWhole } from "./parse.ts";
export { compileRow, type RowOptions } from "./row.ts";
export type { Tree } from "./tree.ts";
