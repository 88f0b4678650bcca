import { type CtxError, fail } from "../errors.ts";
import { didYouMean } from "../kit/suggest.ts";
import type { Value } from "../kit/value.ts";
import type { Place } from "../source.ts";
import type { Batch, Columns } from "../table/batch.ts";
import { type Code, constant, type ReadyCode, ready } from "./code.ts";
import { type Callee, type CompileOptions, compileValue, type Position, type Scope } from "./compile.ts";
import type { CallNode, ColumnNode, HostNode, NameNode, Tree } from "./tree.ts";

export interface RowOptions extends CompileOptions {
  /** Who asks, for errors: `where`. */
  readonly command?: string | undefined;
  /** Gives the values of variables that travel beside the tree. */
  readonly host?: ((node: HostNode) => Value) | undefined;
  /** Finds functions of a script; they may not wait. */
  readonly call?: ((node: CallNode) => Callee<unknown> | undefined) | undefined;
}

/** The row that is looked at; a filter moves one cursor along. */
export interface Cursor {
  batch: Batch;
  row: number;
}

const rightOfComparison: ReadonlySet<Position> = new Set<Position>(["right", "order"]);

/** Makes the scope in which bare names are columns. */
export function columnScope(columns: Columns, options: RowOptions): Scope<Cursor> {
  // The first of columns with the same name counts.
  const found = new Map(columns.map(({ name }, i): [string, number] => [name, i]).reverse());
  const { host, call, command = "expression" } = options;
  return {
    text: rightOfComparison,
    name({ name }) {
      const column = found.get(name);
      return column === undefined ? undefined : ready(({ batch, row }) => batch.value(column, row));
    },
    unknown(node, at): CtxError {
      const hint = didYouMean(node.name, found.keys()) ?? quoteHint(node, command);
      return fail("bad_argument", { command, problem: `no column "${node.name}"` }, { at, hint });
    },
    ...(host !== undefined && { host: (node: HostNode): Code<Cursor> => constant(host(node)) }),
    ...(call !== undefined && { call }),
  };
}

const quoteHint = (node: NameNode | ColumnNode, command: string): string =>
  node.kind === "column" ? `${command} knows only columns of the table` : `quote it if it is text: '${node.name}'`;

/** Compiles an expression over columns; it may not wait. */
export function compileCursor(tree: Tree, columns: Columns, options: RowOptions): ReadyCode<Cursor> {
  const code = compileValue(tree, columnScope(columns, options), options);
  if (!code.waits) return code;
  const at: Place | undefined = options.source && { source: options.source, span: tree.span };
  throw fail("unsupported", { problem: "a function that runs commands cannot be called for every row" }, { at });
}

/** Compiles an expression whose names are columns, to be worked out row by row. */
export function compileRow(
  tree: Tree,
  columns: Columns,
  options: RowOptions = {},
): (batch: Batch, row: number) => Value {
  const { run } = compileCursor(tree, columns, options);
  return (batch, row) => run({ batch, row });
}
