/** The front door of expressions: parse a text to a tree, compile the tree, print it. */
export { type Code, constant, type ReadyCode, ready, type WaitingCode, waiting } from "./code.ts";
export {
  type Callee,
  type CompileOptions,
  compileValue,
  type Position,
  type Scope,
  type Use,
} from "./compile.ts";
export { compileFilter } from "./filter.ts";
export { type FunctionDefinition, functions } from "./functions.ts";
export {
  type Hosted,
  type HostHook,
  type Parsed,
  type ParseOptions,
  type PieceKind,
  parseExpression,
  parseWhole,
} from "./parse.ts";
export { itemOf, partOf } from "./parts.ts";
export { printTree, quote } from "./print.ts";
export { compileRow, type RowOptions } from "./row.ts";
export {
  type CallNode,
  type ColumnNode,
  deepest,
  dottedName,
  type HostNode,
  type NameNode,
  reserved,
  type Tree,
} from "./tree.ts";
