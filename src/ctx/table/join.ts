import { Batch, type Cell, type Column, type Columns, columnIndex } from "./batch.ts";
import { cellKey, isNumeric, numberIn } from "./cell.ts";
import { Gathered, noRow } from "./gather.ts";
import type { Operator } from "./operator.ts";
import { columnAt, eachTable, need, wrong } from "./step.ts";

export interface JoinOptions {
  /** The right side: all of its batches, of one table. */
  readonly right: readonly Batch[];
  /** The column that both sides have. */
  readonly on: string;
  /** Keeps rows of the left side that find no partner, with nulls. */
  readonly left?: boolean | undefined;
}

/** Puts the rows of another table beside those that are equal in a column; the left side streams. */
export function join(options: JoinOptions): Operator {
  const [first] = options.right;
  if (first === undefined) throw wrong("join", "the command in brackets gave no table");
  const right = new Gathered(first.columns);
  for (const batch of options.right) right.add(batch);
  const rightOn = columnIndex(right.columns, options.on);
  if (rightOn < 0) throw wrong("join", `no column "${options.on}" in the second table`);

  return eachTable((columns) => {
    const leftOn = need("join", columns, options.on);
    const key = sharedKey(columnAt(columns, leftOn), columnAt(right.columns, rightOn));
    const partners = new Map<unknown, number[]>();
    right.eachCell(rightOn, (cell, row) => {
      if (cell === null) return;
      const found = partners.get(key(cell));
      if (found === undefined) partners.set(key(cell), [row]);
      else found.push(row);
    });
    const added = [...right.columns.keys()].filter((column) => column !== rightOn);
    const out = joinedColumns(
      columns,
      added.map((column) => columnAt(right.columns, column)),
    );
    return {
      columns: out,
      push(batch, emit) {
        const cells = batch.cells(leftOn);
        const leftRows: number[] = [];
        const rightRows: number[] = [];
        for (let row = 0; row < batch.length; row++) {
          const cell = cells[row] ?? null;
          const found = cell === null ? undefined : partners.get(key(cell));
          for (const partner of found ?? (options.left === true ? [noRow] : [])) {
            leftRows.push(row);
            rightRows.push(partner);
          }
        }
        if (leftRows.length === 0) return;
        const here = batch.pick(leftRows);
        const there = right.pick(rightRows);
        const data = [...columns.map((_, i) => here.column(i)), ...added.map((i) => there.column(i))];
        emit(new Batch(out, leftRows.length, data));
      },
    };
  });
}

/** Numbers on one side meet text that looks like a number on the other. */
function sharedKey(left: Column, right: Column): (cell: Cell) => unknown {
  if (isNumeric(left.type) === isNumeric(right.type)) return cellKey;
  return (cell) => (typeof cell === "string" ? (numberIn(cell) ?? cell) : cellKey(cell));
}

/** A column of the right side whose name is taken becomes `name_2`, or the next number that is free. */
function joinedColumns(left: Columns, right: Columns): Columns {
  const names = new Set(left.map((column) => column.name));
  const out = [...left];
  for (const { name, type } of right) {
    let free = name;
    for (let i = 2; names.has(free); i++) free = `${name}_${i}`;
    names.add(free);
    out.push({ name: free, type });
  }
  return out;
}
