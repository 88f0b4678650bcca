import type { Context } from "./ctx/index.ts";

/** The modules of the product, in the order they start. A new one is a folder in `modules/` and a line here. */
export const modules: readonly Context[] = [];
