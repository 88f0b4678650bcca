/**
 * The compiler of expressions: from a tree to closures. There is one for all uses; what differs (where names are
 * found, what `$x` is, which functions there are besides the listed ones) is the scope's.
 */
import { CtxError, fail } from "../errors.ts";
import { didYouMean } from "../kit/suggest.ts";
import { isTrue, printValue, type Value } from "../kit/value.ts";
import type { Place, Source, Span } from "../source.ts";
import { arithmetic, negate, type Operand } from "./arithmetic.ts";
import { type Code, constant, constantOf, lift1, lift2, liftAll, liftChoice, liftUntil } from "./code.ts";
import { comparisons, patternOf } from "./compare.ts";
import { functions } from "./functions.ts";
import { itemOf, partOf } from "./parts.ts";
import {
  type ArithmeticOp,
  type CallNode,
  type ChainNode,
  type ColumnNode,
  type CompareNode,
  dottedName,
  type HostNode,
  type NameNode,
  type Tree,
} from "./tree.ts";

/**
 * Where a name stands: as a whole value, item, argument or branch; right of `== != ~ !~ in`; right of another
 * comparison; right of `??`; or where only a value will do. A scope says in which of them an unknown name is text.
 */
export type Position = "value" | "right" | "order" | "default" | "operand";

export interface Use {
  readonly position: Position;
  /** It stands left of `??`: an unknown variable is null and no error. */
  readonly quiet: boolean;
}

/** What a name, a variable or a call means where the expression stands. Everything here is asked once, on compiling. */
export interface Scope<F> {
  /** Finds what a bare name or a backticked one is; `undefined` when there is nothing of that name. */
  name(node: NameNode | ColumnNode, use: Use): Code<F> | undefined;
  /** Where an unknown bare name is text. */
  readonly text: ReadonlySet<Position>;
  /** Makes the error for an unknown name where it is not text. */
  unknown(node: NameNode | ColumnNode, at: Place | undefined): CtxError;
  /** Compiles a node that the parse hook made. */
  host?(node: HostNode, use: Use): Code<F>;
  /** Finds a function that the language knows besides, or instead of, the listed ones. */
  call?(node: CallNode): Callee<F> | undefined;
}

/** A function of the scope: what to run, and whether it may have to wait. */
export interface Callee<F> {
  readonly waits: boolean;
  readonly run: (args: readonly Value[], frame: F) => Value | Promise<Value>;
}

export interface CompileOptions {
  /** Where the tree was parsed from, so that errors can show the place. */
  readonly source?: Source | undefined;
  /** The clock that `now()` reads. */
  readonly now?: (() => number) | undefined;
}

/** Compiles an expression for the frames of a scope. */
export function compileValue<F>(
  tree: Tree,
  scope: Scope<F>,
  options: CompileOptions = {},
  position: Position = "value",
): Code<F> {
  return compile({ scope, options }, tree, { position, quiet: false });
}

interface Context<F> {
  readonly scope: Scope<F>;
  readonly options: CompileOptions;
}

const whole: Use = { position: "value", quiet: false };
const operand: Use = { position: "operand", quiet: false };
const right: Use = { position: "right", quiet: false };
const order: Use = { position: "order", quiet: false };

/** How items and branches stand: right of a comparison as the whole they belong to, else as values. */
const within = ({ position }: Use): Use =>
  position === "right" || position === "order" ? { position, quiet: false } : whole;

function compile<F>(c: Context<F>, tree: Tree, use: Use): Code<F> {
  switch (tree.kind) {
    case "literal":
      return constant(tree.value);
    case "name":
    case "column":
      return compileName(c, tree, use);
    case "text":
      return liftAll(
        tree.parts.map((part) => (typeof part === "string" ? constant(part) : compile(c, part, whole))),
        (values) => values.map(printValue).join(""),
      );
    case "list": {
      const items = tree.items.map((item) => compile(c, item, within(use)));
      return liftAll(items, (values) => values);
    }
    case "map": {
      const codes = tree.entries.map((entry) => compile(c, entry.value, whole));
      const keys = tree.entries.map((entry) => entry.key);
      return liftAll(codes, (values) => Object.fromEntries(values.map((value, i) => [keys[i] ?? "", value])));
    }
    case "chain":
      return compileChain(c, tree);
    case "compare":
      return compileCompare(c, tree);
    case "between": {
      const codes = [compile(c, tree.of, operand), compile(c, tree.low, order), compile(c, tree.high, order)];
      const test = located(c, tree.span, (values: Value[]) => isBetween(values));
      return liftAll(codes, test);
    }
    case "is null":
      return lift1(compile(c, tree.of, { position: "operand", quiet: true }), (value) => value === null);
    case "not":
      return lift1(compile(c, tree.of, operand), (value) => !isTrue(value));
    case "negate": {
      const at = operandOf(c, tree.of);
      return lift1(compile(c, tree.of, operand), (value) => negate(value, at));
    }
    case "choose": {
      const [yes, no] = [compile(c, tree.yes, within(use)), compile(c, tree.no, within(use))];
      return liftChoice(compile(c, tree.test, operand), isTrue, yes, no);
    }
    case "part": {
      const text = textOf(c, tree, use);
      if (text !== undefined) return constant(text);
      const of = compile(c, tree.of, { position: "operand", quiet: use.quiet });
      return lift1(
        of,
        located(c, tree.span, (value: Value) => partOf(value, tree.key)),
      );
    }
    case "index": {
      const of = compile(c, tree.of, { position: "operand", quiet: use.quiet });
      return lift2(of, compile(c, tree.index, operand), located(c, tree.span, itemOf));
    }
    case "call":
      return compileCall(c, tree);
    case "host":
      if (c.scope.host !== undefined) return c.scope.host(tree, use);
      throw fail("parse_error", { problem: `"${tree.text}" is for scripts only` }, { at: placeOf(c, tree.span) });
  }
}

function compileName<F>(c: Context<F>, node: NameNode | ColumnNode, use: Use): Code<F> {
  const found = c.scope.name(node, use);
  if (found !== undefined) return found;
  if (node.kind === "name" && c.scope.text.has(use.position)) return constant(node.name);
  throw c.scope.unknown(node, placeOf(c, node.span));
}

/** Gives `init.shy` as text, where text may stand and `init` is nothing known. */
function textOf<F>(c: Context<F>, tree: Tree, use: Use): string | undefined {
  if (!c.scope.text.has(use.position)) return undefined;
  const text = dottedName(tree);
  if (text === undefined) return undefined;
  let root = tree;
  while (root.kind === "part") root = root.of;
  return root.kind === "name" && c.scope.name(root, use) === undefined ? text : undefined;
}

function compileChain<F>(c: Context<F>, { first, links }: ChainNode): Code<F> {
  const op = links[0]?.op ?? "or";
  const values = [first, ...links.map((link) => link.value)];
  if (op === "and" || op === "or") {
    const settled = op === "or";
    const settle = (value: Value): true | false | undefined => (isTrue(value) === settled ? settled : undefined);
    return liftUntil(
      values.map((value) => compile(c, value, operand)),
      settle,
      () => !settled,
    );
  }
  if (op === "??") {
    const last = values.length - 1;
    const codes = values.map((value, i) =>
      compile(c, value, { position: i === 0 ? "operand" : "default", quiet: i < last }),
    );
    return liftUntil(
      codes,
      (value) => value ?? undefined,
      (value) => value,
    );
  }
  const operands = values.map((value) => operandOf(c, value));
  const codes = values.map((value) => compile(c, value, operand));
  const ops = links.map((link) => arithmetic[link.op as ArithmeticOp]);
  const [a, b] = codes;
  const [apply] = ops;
  const [x, y] = operands as [Operand, Operand];
  if (a !== undefined && b !== undefined && apply !== undefined && codes.length === 2)
    return lift2(a, b, (left, right) => apply(left, right, x, y));
  return liftAll(codes, (all) => {
    let sum = all[0] ?? null;
    for (let i = 0; i < ops.length; i++) {
      const left = i === 0 ? x : { text: undefined, at: operands[i]?.at };
      sum = (ops[i] ?? arithmetic["+"])(sum, all[i + 1] ?? null, left, operands[i + 1] ?? y);
    }
    return sum;
  });
}

function compileCompare<F>(c: Context<F>, { op, left, right: rightTree, span }: CompareNode): Code<F> {
  const ordered = op === "<" || op === "<=" || op === ">" || op === ">=";
  const a = compile(c, left, operand);
  const b = compile(c, rightTree, ordered ? order : right);
  const pattern = op === "~" || op === "!~" ? constantOf(b)?.value : undefined;
  if (typeof pattern === "string") {
    const compiled = located(c, rightTree.span, patternOf)(pattern);
    const wanted = op === "~";
    return lift1(a, (value) => value !== null && compiled.test(printValue(value)) === wanted);
  }
  const compare = comparisons[op];
  return lift2(
    a,
    b,
    located(c, span, (x: Value, y: Value) => x !== null && y !== null && compare(x, y)),
  );
}

/** Tells whether a value lies between two others, both included; with a null among them it does not. */
export function isBetween([value = null, low = null, high = null]: readonly Value[]): boolean {
  if (value === null || low === null || high === null) return false;
  return comparisons[">="](value, low) && comparisons["<="](value, high);
}

function compileCall<F>(c: Context<F>, tree: CallNode): Code<F> {
  const args = tree.args.map((arg) => compile(c, arg, whole));
  const callee = c.scope.call?.(tree);
  if (callee !== undefined)
    return liftAll(args, (values, frame) => callee.run(values, frame), { waits: callee.waits, varies: "always" });
  const at = placeOf(c, tree.span);
  const found = functions.get(tree.name);
  if (found === undefined) {
    const hint = didYouMean(tree.name, functions.keys());
    throw fail("parse_error", { problem: `no function "${tree.name}"` }, { at, hint });
  }
  if (args.length < found.least || args.length > found.most) {
    const upTo = found.most === Infinity ? " or more" : found.most > found.least ? ` to ${found.most}` : "";
    const wanted = `${found.least}${upTo}`;
    const problem = `${tree.name} takes ${wanted} argument${wanted === "1" ? "" : "s"}, but has ${args.length}`;
    throw fail("parse_error", { problem }, { at, hint: `usage: ${found.usage}` });
  }
  const now = c.options.now ?? noClock;
  const run = located(c, tree.span, (values: Value[]) => found.run(values, now));
  return liftAll(args, run, found.clock ? { varies: "seldom" } : {});
}

function noClock(): never {
  throw fail("unsupported", { problem: "the time is not known here" });
}

function placeOf<F>(c: Context<F>, span: Span): Place | undefined {
  return c.options.source === undefined ? undefined : { source: c.options.source, span };
}

function operandOf<F>(c: Context<F>, tree: Tree): Operand {
  const text = tree.kind === "literal" ? undefined : c.options.source?.text.slice(tree.span.start, tree.span.end);
  return { text, at: placeOf(c, tree.span) };
}

/** Adds the place to errors of an operation that does not know it. */
function located<F, A extends readonly unknown[], R>(
  c: Context<F>,
  span: Span,
  op: (...args: A) => R,
): (...args: A) => R {
  const at = placeOf(c, span);
  return (...args) => {
    try {
      return op(...args);
    } catch (error) {
      if (error instanceof CtxError) error.at ??= at;
      throw error;
    }
  };
}
