import { lstatSync, readdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import {
  type Completing,
  type CtxError,
  defineCommand,
  fail,
  type Message,
  nearest,
  path as pathParam,
  type Suggestion,
} from "../../ctx/index.ts";
import { searchPath } from "./state.ts";

/** What is asked of a message to find a file: where its caller is, and where the node looks. */
export type Place = Pick<Message, "path" | "conf" | "tree" | "who">;

/** A file or folder that was found. */
export interface Located {
  readonly full: string;
  /** How the caller would name it: from the session's folder, or from the node's if it was found there. */
  readonly shown: string;
}

export const path = defineCommand({
  name: "path",
  help: { en: "Tell where a file would be read from", zh: "查找文件所在路径" },
  effect: "read",
  args: { file: pathParam({ en: "File or folder to find", zh: "文件名" }, { complete: completePath }) },
  examples: [
    {
      help: "Find a start-up script by its name alone",
      shell: `
        > path init.shy
        etc/init.shy`,
    },
  ],
  run: (m, { file }) => find(m, file).shown,
});

/** Finds a file for reading: in the session's folder, then along the search path. Throws `not_found` when it is nowhere. */
export function find(m: Place, typed: string): Located {
  const found = locate(m, typed);
  if (found === undefined) throw missing(m, typed);
  return found;
}

/** Finds a file for reading, or gives `undefined`. */
export function locate(m: Place, typed: string): Located | undefined {
  const full = m.path(typed);
  if (exists(full)) return { full, shown: isAbsolute(typed) ? full : relative(m.who.session.cwd, full) || "." };
  for (const folder of foldersFor(m, typed)) {
    const there = resolve(folder, typed);
    if (!existsSurely(there)) continue;
    const shown = relative(m.tree.host.home, there) || ".";
    return { full: there, shown: shown.startsWith("..") ? there : shown };
  }
  return undefined;
}

/** Gives the folders of the search path, unless the word says itself where it begins. */
function foldersFor(m: Place, typed: string): string[] {
  if (isAbsolute(typed) || /^\.\.?(\/|$)/.test(typed)) return [];
  return m.conf(searchPath).map((folder) => resolve(m.tree.host.home, folder));
}

function exists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
}
function existsSurely(file: string): boolean {
  try {
    return exists(file);
  } catch {
    return false;
  }
}

/** More names than these are not searched for one that was perhaps meant. */
const mostSiblings = 10_000;

/** Says that there is no such file, with the nearest name beside where it was looked for. */
export function missing(m: Place, typed: string): CtxError {
  const folder = dirname(typed);
  const starts = [m.who.session.cwd, ...foldersFor(m, typed)];
  const siblings = starts.flatMap((start) => namesIn(resolve(start, folder)));
  const near = nearest(basename(typed), siblings.slice(0, mostSiblings));
  const hint = near === undefined ? undefined : `did you mean "${join(folder, near)}"?`;
  return fail("not_found", { what: "file or folder", name: typed }, { hint });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** More files than these are no help to somebody who types. */
const mostSuggested = 1_000;

/** Completes a path that is being typed: folders end with a slash, hidden names come once a dot is typed. */
export async function completePath(prefix: string, { cwd }: Pick<Completing, "cwd">): Promise<Suggestion[]> {
  const start = prefix.lastIndexOf("/") + 1;
  const head = prefix.slice(0, start);
  const tail = prefix.slice(start);
  const folder = resolve(cwd, head === "" ? "." : head);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const fitting = entries
    .filter(({ name }) => name.startsWith(tail) && (tail.startsWith(".") || !name.startsWith(".")))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, mostSuggested);
  return Promise.all(
    fitting.map(async (entry) => {
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() && (await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory());
      return { value: `${head}${entry.name}${isFolder ? "/" : ""}` };
    }),
  );
}
