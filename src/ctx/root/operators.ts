/** The operators of `%` as commands of the root: each with its help, its examples and its completion. */
import type { AnyCommand } from "../command.ts";
import { hide, rename, select } from "./operators/columns.ts";
import { eq, reg, where } from "./operators/filters.ts";
import { avg, count, group, join, max, min, pivot, sum } from "./operators/groups.ts";
import { enumerate, first, last, limit, offset, order, reverse, sample, uniq } from "./operators/rows.ts";
import { expand, from, to, transpose, vertical } from "./operators/shapes.ts";
import { format, set, translate } from "./operators/values.ts";

export const operators: readonly AnyCommand[] = [
  ...[select, hide, rename],
  ...[where, eq, reg],
  ...[order, limit, first, offset, last, sample, uniq, reverse, enumerate],
  ...[set, format, translate, expand],
  ...[group, sum, avg, min, max, count, pivot, join],
  ...[transpose, vertical, to, from],
];
