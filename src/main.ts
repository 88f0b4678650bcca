/**
 * The program: finds its folder, builds the tree of its modules and opens the door that was asked for. The only place
 * that looks at the process: its words, its environment, its exit.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { CtxError, drawError, type Format, fail, type Host, makeTree, type Tree } from "./ctx/index.ts";
import { isHeld, type Lock, oneShot, serve, shell, takeLock } from "./modules/cli/index.ts";
import { modules } from "./modules.ts";
