import { makeTree, type Tree } from "../../src/ctx/index.ts";
import { modules } from "../../src/modules.ts";

/** Makes a tree of all modules that is only looked at: nothing in it is started, it has no folder. */
export function bareTree(): Tree {
  return makeTree(modules, { home: "/", program: process.cwd(), version: "0.0.0", env: {}, pid: 1, mode: "test" });
}
