/**
 * Walking folders: entries in byte order, those of a folder right after it. Nothing is opened but folders, links are
 * never followed, and what vanishes while we look is as if it had never been there.
 *
 * A walk is a generator that never waits. It gives entries, many at a time, and `undefined` between them: a good moment
 * for a pause.
 */
import { lstatSync, type Stats } from "node:fs";
import { fromSystem } from "../../ctx/index.ts";
import { Entries, type Folder } from "./entries.ts";
import { type Kind, kindOfMode, type Listing, readFolder, type SystemPath, under } from "./folder.ts";

export interface WalkOptions {
  /** Also goes into the folders below. */
  readonly deep: boolean;
  /** Which entries are given: `both` and `all` mean files and folders, `all` also what is hidden. */
  readonly type: "both" | "file" | "dir" | "all";
  /** Which names are given; folders of other names are gone into all the same. */
  readonly name: ((name: string) => boolean) | undefined;
  /** Whether size and time are needed. */
  readonly stat: boolean;
  /** Most entries given at once. */
  readonly most: number;
  /** Most bytes of content that the files given at once may have. */
  readonly heaviest: number;
  /** Learns of folders below that cannot be read. */
  readonly note: (text: string) => void;
}

interface Open {
  readonly folder: Folder;
  readonly listing: Listing;
  next: number;
}

/** So many entries are looked at between two pauses. */
const part = 64;

/** Walks a folder. That it cannot be read is an error; of one below it, a note. */
export function* walk(top: Folder, options: WalkOptions): Generator<Entries | undefined> {
  const outer: Open[] = [];
  let entries = new Entries();
  let seen = 0;
  let open: Open | undefined = { folder: top, listing: yield* readFolder(top.at, !options.stat), next: 0 };
  while (open !== undefined) {
    const { folder, listing } = open;
    const i = open.next++;
    const name = listing.names[i];
    if (name === undefined) {
      open = outer.pop();
      continue;
    }
    if (++seen % part === 0) yield;
    if (options.type !== "all" && name.startsWith(".")) continue;
    const raw = listing.raw.get(i);
    const at = under(folder.at, raw ?? name);
    let kind = listing.kinds?.[i];
    let stats: Stats | undefined;
    if (options.stat || kind === undefined) {
      const found = look(at);
      if (found === "gone") continue;
      stats = found;
      if (stats !== undefined) kind = kindOfMode(stats.mode);
    }
    if (wants(options, name, kind)) {
      entries.add(folder, name, raw, kind, stats);
      if (entries.length >= options.most || entries.weight >= options.heaviest) {
        yield entries;
        entries = new Entries();
      }
    }
    if (options.deep && kind === "dir") {
      const below: Open | undefined = yield* enter(folder.below(name, at), options);
      if (below !== undefined) {
        outer.push(open);
        open = below;
      }
    }
  }
  if (entries.length > 0) yield entries;
}

function* enter(folder: Folder, { stat, note }: WalkOptions): Generator<undefined, Open | undefined> {
  try {
    return { folder, listing: yield* readFolder(folder.at, !stat), next: 0 };
  } catch (error) {
    if (!isGone(error)) note(fromSystem(error)?.message ?? String(error));
    return undefined;
  }
}

/** Asks for size, time and kind; none where the folder may be listed but not entered. */
function look(at: SystemPath): Stats | "gone" | undefined {
  try {
    return lstatSync(at, { throwIfNoEntry: false }) ?? "gone";
  } catch (error) {
    return isGone(error) ? "gone" : undefined;
  }
}

/** Tells whether an error only says that something, or the folder it was in, is no longer there. */
function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

function wants({ type, name: fits }: WalkOptions, name: string, kind: Kind | undefined): boolean {
  if (type === "file" && kind === "dir") return false;
  if (type === "dir" && kind !== "dir") return false;
  return fits === undefined || fits(name);
}
