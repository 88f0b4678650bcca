import type { Context } from "./context.ts";
import { call } from "./dispatch.ts";
import { Life, systemClock } from "./life.ts";
import { root } from "./root/index.ts";
import { type Clock, type Host, Tree } from "./tree.ts";
import type { Who } from "./who.ts";

/** Builds a tree of the root context and the modules given, in that order. */
export function makeTree(modules: readonly Context[], host: Host, clock: Clock = systemClock): Tree {
  return new Tree({ ...root, contexts: modules }, host, clock, { call, life: (tree) => new Life(tree) });
}

/** Builds the caller at a terminal: what a shell, a one-shot or a test is to a tree. */
export function terminalWho(tree: Tree, given: Partial<Who> & { readonly cwd: string }): Who {
  const { cwd, ...rest } = given;
  return {
    user: tree.host.env["USER"] ?? "",
    post: "",
    session: { id: "terminal", context: tree.root, cwd, lastCwd: cwd },
    node: "",
    address: "",
    via: "terminal",
    width: undefined,
    colour: false,
    lang: "en",
    trace: "",
    ...rest,
  };
}
