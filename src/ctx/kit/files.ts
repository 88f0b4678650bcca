import { readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";

/** A file or folder that a typed beginning may become. */
export interface FileGuess {
  /** The path as it would be typed; a folder ends with `/`. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** Folders with more fitting entries than this are not worth a menu. */
const limit = 1000;

/** Finds the files and folders a typed path may become, by name; hidden ones only after a dot. Unreadable folders are empty. */
export async function guessFiles(typed: string, cwd: string): Promise<FileGuess[]> {
  const slash = typed.lastIndexOf("/") + 1;
  const folder = typed.slice(0, slash);
  const begin = typed.slice(slash);
  const absolute = resolve(cwd, folder);
  const entries = await readdir(absolute, { withFileTypes: true }).catch(() => []);
  const fitting = entries
    .filter(({ name }) => name.toLowerCase().startsWith(begin.toLowerCase()))
    .filter(({ name }) => begin.startsWith(".") || !name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, limit);
  return Promise.all(
    fitting.map(async (entry) => {
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          (await stat(resolve(absolute, entry.name)).then(
            (target) => target.isDirectory(),
            () => false,
          )));
      return { path: `${folder}${entry.name}${isFolder ? "/" : ""}`, isFolder };
    }),
  );
}
