import { parseExpression } from "../../ctx/index.ts";
import type { ExpressionHook } from "./hooks.ts";

/** Reads expressions inside of a line with the grammar of the core. */
export const expression: ExpressionHook = (source, offset, { place, data }) =>
  parseExpression(source, offset, {
    stage: place === "columns",
    short: place === "condition",
    inside: place === "brackets",
    data,
  });
