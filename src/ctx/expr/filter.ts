/**
 * Filters: which rows of a batch an expression is true for. What a filter mostly is, columns compared with constants
 * and joined by `and`, `or`, `not`, is done on the cells themselves; anything else falls back to the row, with the
 * same answers. A cell of another kind than its column says is compared as the value it is.
 */
import { isTrue, type Type, type Value } from "../kit/value.ts";
import type { Batch, Columns } from "../table/batch.ts";
import { type CellTest, compareCells } from "./cells.ts";
import type { Code } from "./code.ts";
import { compileValue } from "./compile.ts";
import { type Cursor, columnScope, compileCursor, type RowOptions } from "./row.ts";
import type { BetweenNode, CompareNode, IsNullNode, Tree } from "./tree.ts";

type Test = (row: number) => boolean;
/** Makes the test for a batch. `seldom` says that few rows may be asked for: a lazy column is then not worked out. */
type Bind = (batch: Batch, seldom: boolean) => Test;

/** Compiles an expression whose names are columns to a filter: it gives the rows for which it is true, in order. */
export function compileFilter(
  tree: Tree,
  columns: Columns,
  options: RowOptions = {},
): (batch: Batch) => ArrayLike<number> {
  // Compiling the whole finds every error, also in what is done another way below.
  compileCursor(tree, columns, options);
  const bind = bindTree(tree, columns, options);
  return (batch) => {
    const kept: number[] = [];
    if (batch.length === 0) return kept;
    const test = bind(batch, false);
    for (let row = 0; row < batch.length; row++) if (test(row)) kept.push(row);
    return kept;
  };
}

function bindTree(tree: Tree, columns: Columns, options: RowOptions): Bind {
  switch (tree.kind) {
    case "chain": {
      const [link] = tree.links;
      if (link?.op !== "and" && link?.op !== "or") break;
      const binds = [tree.first, ...tree.links.map(({ value }) => value)].map((part) =>
        bindTree(part, columns, options),
      );
      return bindAll(binds, link.op === "or");
    }
    case "not": {
      const of = bindTree(tree.of, columns, options);
      return (batch, seldom) => {
        const test = of(batch, seldom);
        return (row) => !test(row);
      };
    }
    case "compare":
    case "between":
    case "is null": {
      const column = columnOf(tree.kind === "compare" ? tree.left : tree.of, columns);
      const makeTest = column && cellTest(tree, column.type, columns, options);
      if (makeTest) return bindColumn(column.index, makeTest, bindRow(tree, columns, options));
      break;
    }
    default:
      break;
  }
  return bindRow(tree, columns, options);
}

/** Tests one after the other until one says `settled`. */
function bindAll(binds: readonly Bind[], settled: boolean): Bind {
  return (batch, seldom) => {
    const tests = binds.map((bind, i) => bind(batch, seldom || i > 0));
    return (row) => {
      for (let i = 0; i < tests.length; i++) if ((tests[i] as Test)(row) === settled) return settled;
      return !settled;
    };
  };
}

function bindRow(tree: Tree, columns: Columns, options: RowOptions): Bind {
  const { run } = compileCursor(tree, columns, options);
  return (batch) => {
    const cursor: Cursor = { batch, row: 0 };
    return (row) => {
      cursor.row = row;
      return isTrue(run(cursor));
    };
  };
}

/** Looks at the cells of one column; what the test does not know, the row does. */
function bindColumn(column: number, makeTest: () => CellTest | undefined, slow: Bind): Bind {
  return (batch, seldom) => {
    const test = makeTest();
    const bySlow = slow(batch, seldom);
    if (test === undefined) return bySlow;
    if (seldom && batch.isLazy(column)) return (row) => test(batch.at(column, row)) ?? bySlow(row);
    const cells = batch.cells(column);
    return (row) => test(cells[row] ?? null) ?? bySlow(row);
  };
}

function columnOf(tree: Tree, columns: Columns): { index: number; type: Type } | undefined {
  if (tree.kind !== "name" && tree.kind !== "column") return undefined;
  const index = columns.findIndex(({ name }) => name === tree.name);
  const type = columns[index]?.type;
  return type === undefined ? undefined : { index, type };
}

/** Makes what makes a test for cells of that type, for each batch anew because of `now()`. */
function cellTest(
  tree: CompareNode | BetweenNode | IsNullNode,
  type: Type,
  columns: Columns,
  options: RowOptions,
): (() => CellTest | undefined) | undefined {
  if (tree.kind === "is null") return () => (cell) => cell === null;
  const scope = columnScope(columns, options);
  const sides = tree.kind === "compare" ? [tree.right] : [tree.low, tree.high];
  const codes = sides.map((side) => compileValue(side, scope, options, "right"));
  if (codes.some((code) => code.varies === "always")) return undefined;
  return () => {
    const [a, b] = codes.map(steadyValue);
    if (a === undefined) return undefined;
    if (tree.kind === "compare") return compareCells(tree.op, type, a);
    const above = compareCells(">=", type, a);
    const below = b === undefined ? undefined : compareCells("<=", type, b);
    return above && below && ((cell) => (above(cell) === true ? below(cell) : above(cell)));
  };
}

/** Works out what does not depend on a row; `undefined` when that fails, which it then does for the row too. */
function steadyValue(code: Code<Cursor>): Value | undefined {
  try {
    return code.waits ? undefined : code.run(undefined as never);
  } catch {
    return undefined;
  }
}
