import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fail } from "../../ctx/index.ts";

/** The environment of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

type Kind = "program" | "folder" | "file";

/** Tells what stands under a path, or `undefined` when nothing does. */
function kindOf(file: string): Kind | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return "folder";
  try {
    accessSync(file, constants.X_OK);
    return "program";
  } catch {
    return "file";
  }
}

/** `stat` also throws for what cannot be looked at, such as a folder that is no folder. */
function kindOrNone(file: string): Kind | undefined {
  try {
    return kindOf(file);
  } catch {
    return undefined;
  }
}

const foldersOf = (env: Env, cwd: string): string[] =>
  (env["PATH"] ?? "").split(delimiter).map((folder) => resolve(cwd, folder));

/**
 * Finds the file of a program: a word with `/` is a file, any other is looked up in PATH. A file that cannot be run is
 * given too, where there is no better one, so that the caller can say why.
 */
export function findProgram(name: string, env: Env, cwd: string): string | undefined {
  if (name === "" || name === "." || name === ".." || name.includes("\0")) return undefined;
  if (name.includes("/")) {
    const file = resolve(cwd, name);
    return kindOrNone(file) === undefined ? undefined : file;
  }
  let second: string | undefined;
  for (const folder of foldersOf(env, cwd)) {
    const file = join(folder, name);
    const kind = kindOrNone(file);
    if (kind === "program") return file;
    if (kind === "file") second ??= file;
  }
  return second;
}

/** Throws what keeps a file from being run as a program, with the code that shells use for it. */
export function checkRunnable(name: string, file: string): void {
  const kind = kindOf(file);
  if (kind === "folder") throw fail("not_allowed", { problem: `"${name}" is a folder` });
  if (kind === "file") throw fail("not_allowed", { problem: `"${name}" may not be run` }, { hint: `chmod +x ${name}` });
}

/** Gives the names of all programs of PATH: for completion, and to guess what was meant. */
export function programNames(env: Env, cwd: string): Set<string> {
  const names = new Set<string>();
  for (const folder of foldersOf(env, cwd)) {
    try {
      for (const name of readdirSync(folder)) names.add(name);
    } catch {
      // A folder of PATH that is not there is nobody's mistake.
    }
  }
  return names;
}
