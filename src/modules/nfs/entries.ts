import type { Stats } from "node:fs";
import { type Kind, type SystemPath, under } from "./folder.ts";

/** A folder that is walked. */
export class Folder {
  readonly at: SystemPath;
  /** Its absolute path. */
  readonly full: string;
  /** What stands before its names in the column `path`. */
  readonly shown: string;
  /** What stands before its names in the column `tree`. */
  readonly indent: string;
  readonly #depth: number;

  constructor(at: SystemPath, full: string, shown: string, depth = 0) {
    this.at = at;
    this.full = full;
    this.shown = shown;
    this.indent = depth === 0 ? "" : `${"| ".repeat(depth - 1)}|-`;
    this.#depth = depth;
  }

  /** Makes the folder of that name in this one. */
  below(name: string, at: SystemPath): Folder {
    return new Folder(at, under(this.full, name) as string, `${this.shown}${name}/`, this.#depth + 1);
  }
}

/** Entries of folders, one array a fact, so that a hundred thousand of them take little room. */
export class Entries {
  readonly folders: Folder[] = [];
  readonly names: string[] = [];
  readonly kinds: (Kind | null)[] = [];
  readonly sizes: (number | null)[] = [];
  readonly times: (number | null)[] = [];
  /** How many lines, where it was counted. */
  readonly lines: (number | null | undefined)[] = [];
  /** The hash of the content, where it was asked for. */
  readonly hashes: (string | null)[] = [];
  /** How much would be read to count the lines of all. */
  weight = 0;
  readonly #raw = new Map<number, Buffer>();

  get length(): number {
    return this.names.length;
  }

  add(
    folder: Folder,
    name: string,
    raw: Buffer | undefined,
    kind: Kind | undefined,
    stats: Pick<Stats, "size" | "mtimeMs"> | undefined,
  ): void {
    if (raw !== undefined) this.#raw.set(this.names.length, raw);
    this.folders.push(folder);
    this.names.push(name);
    this.kinds.push(kind ?? null);
    this.sizes.push(stats === undefined ? null : stats.size);
    this.times.push(stats === undefined ? null : Math.floor(stats.mtimeMs));
    if (stats === undefined) return;
    if (kind === "file") this.weight += stats.size;
    else if (kind === "dir") this.weight += stats.size * folderWeight;
  }

  /** Gives the path of an entry for the system. */
  at(row: number): SystemPath {
    return under((this.folders[row] as Folder).at, this.#raw.get(row) ?? (this.names[row] as string));
  }

  /** Keeps some entries, in the order given. */
  pick(rows: ArrayLike<number>): Entries {
    const picked = new Entries();
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const raw = this.#raw.get(row);
      if (raw !== undefined) picked.#raw.set(i, raw);
      picked.folders.push(this.folders[row] as Folder);
      picked.names.push(this.names[row] as string);
      picked.kinds.push(this.kinds[row] ?? null);
      picked.sizes.push(this.sizes[row] ?? null);
      picked.times.push(this.times[row] ?? null);
      picked.lines.push(this.lines[row]);
      picked.hashes.push(this.hashes[row] ?? null);
    }
    return picked;
  }
}

/** A byte of a folder takes as long to read as so many of a file. */
const folderWeight = 16;
