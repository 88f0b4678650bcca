import type { Value } from "../kit/value.ts";
import type { Span } from "../source.ts";

/**
 * The tree of an expression: plain objects, never changed once made. A tree that the parser made is at most
 * `highest` levels high, because operators of one level that follow each other (`1 + 2 - 3`) are one flat `chain`;
 * so whoever walks it may recurse.
 */
export type Tree =
  | LiteralNode
  | NameNode
  | ColumnNode
  | TextNode
  | ListNode
  | MapNode
  | ChainNode
  | CompareNode
  | BetweenNode
  | IsNullNode
  | NotNode
  | NegateNode
  | ChooseNode
  | PartNode
  | IndexNode
  | CallNode
  | HostNode;

/** `12`, `1.5`, `2h30m`, `2019-05-10`, `'text'`, `true`, `null`; a size is its number of bytes. */
export interface LiteralNode {
  readonly kind: "literal";
  readonly span: Span;
  readonly value: Value;
}

/** A bare name: a column, a variable, or a text, which the compiler's scope decides. */
export interface NameNode {
  readonly kind: "name";
  readonly span: Span;
  readonly name: string;
}

/** A column by any name, written between backticks. */
export interface ColumnNode {
  readonly kind: "column";
  readonly span: Span;
  readonly name: string;
}

/** `"…"` with something to fill in. */
export interface TextNode {
  readonly kind: "text";
  readonly span: Span;
  readonly parts: readonly (string | Tree)[];
}

export interface ListNode {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly Tree[];
}

export interface MapNode {
  readonly kind: "map";
  readonly span: Span;
  readonly entries: readonly { readonly key: string; readonly value: Tree }[];
}

export type ArithmeticOp = "+" | "-" | "*" | "/" | "mod";
export type ChainOp = ArithmeticOp | "and" | "or" | "??";

/** Operators of one level, from left to right. `and`, `or` and `??` look at the next value only if they must. */
export interface ChainNode {
  readonly kind: "chain";
  readonly span: Span;
  readonly first: Tree;
  readonly links: readonly { readonly op: ChainOp; readonly value: Tree }[];
}

export type CompareOp = "==" | "!=" | "~" | "!~" | "<" | "<=" | ">" | ">=" | "in";

export interface CompareNode {
  readonly kind: "compare";
  readonly span: Span;
  readonly op: CompareOp;
  readonly left: Tree;
  readonly right: Tree;
}

/** `of between low and high`, both ends included. */
export interface BetweenNode {
  readonly kind: "between";
  readonly span: Span;
  readonly of: Tree;
  readonly low: Tree;
  readonly high: Tree;
}

export interface IsNullNode {
  readonly kind: "is null";
  readonly span: Span;
  readonly of: Tree;
}

export interface NotNode {
  readonly kind: "not";
  readonly span: Span;
  readonly of: Tree;
}

export interface NegateNode {
  readonly kind: "negate";
  readonly span: Span;
  readonly of: Tree;
}

/** `test ? yes : no` */
export interface ChooseNode {
  readonly kind: "choose";
  readonly span: Span;
  readonly test: Tree;
  readonly yes: Tree;
  readonly no: Tree;
}

/** `of.key` */
export interface PartNode {
  readonly kind: "part";
  readonly span: Span;
  readonly of: Tree;
  readonly key: string;
}

/** `of[index]` */
export interface IndexNode {
  readonly kind: "index";
  readonly span: Span;
  readonly of: Tree;
  readonly index: Tree;
}

/** `name(args)`; the name may have dots, as in `nfs.dir(…)`. */
export interface CallNode {
  readonly kind: "call";
  readonly span: Span;
  readonly name: string;
  readonly args: readonly Tree[];
}

/** What only the language around the expression knows, such as `$name` or `$(command)`; made by a parse hook. */
export interface HostNode {
  readonly kind: "host";
  readonly span: Span;
  /** The text as it was written, which printing gives back. */
  readonly text: string;
  /** Whatever the host wants to find again when it compiles the node. */
  readonly host: unknown;
}

/** Most brackets, signs and choices inside each other. */
export const deepest = 500;

/** Most levels of a tree; a bracket can hold a node of each level of operators. */
export const highest = 2 * deepest;

/** How tight things bind; what is looser than its place stands in parentheses. */
export const level = {
  choose: 0,
  default: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  sum: 6,
  product: 7,
  unary: 8,
  postfix: 9,
} as const;

/** The level of each operator that makes a chain. */
export const chainLevels: Readonly<Record<ChainOp, number>> = {
  "??": level.default,
  or: level.or,
  and: level.and,
  "+": level.sum,
  "-": level.sum,
  "*": level.product,
  "/": level.product,
  mod: level.product,
};

/** Words that are operators or values, so that no bare name is one of them. */
export const reserved: ReadonlySet<string> = new Set([
  "and",
  "or",
  "not",
  "mod",
  "in",
  "is",
  "between",
  "true",
  "false",
  "null",
]);

/** Gives the text of a name with its touching parts (`init.shy`), if that is all the tree is. */
export function dottedName(tree: Tree): string | undefined {
  let keys = "";
  let node = tree;
  while (node.kind === "part") {
    keys = `.${node.key}${keys}`;
    node = node.of;
  }
  return node.kind === "name" ? node.name + keys : undefined;
}
