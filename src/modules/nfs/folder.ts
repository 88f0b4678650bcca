/**
 * Reading one folder: its names in byte order. Most names are plain text and one quick call reads them; a folder with
 * names beyond that (half characters, broken UTF-8) is read as bytes, and one that is very large in parts.
 */
import { type Dirent, lstatSync, opendirSync, readdirSync } from "node:fs";
import { sortSteps } from "./sort.ts";

/** A path for the system: bytes where the name is no proper text. */
export type SystemPath = string | Buffer;

export type Kind = "file" | "dir" | "link" | "fifo" | "socket" | "device";

/** The names in a folder, in order. */
export interface Listing {
  readonly names: readonly string[];
  /** The names as bytes, where text would not find the file again; by place in `names`. */
  readonly raw: ReadonlyMap<number, Buffer>;
  /** The kinds of the entries, where they were asked for; unknown on some file systems. */
  readonly kinds: readonly (Kind | undefined)[] | undefined;
}

/** A folder whose own size is beyond this may hold tens of thousands of names. */
const largeFolder = 256 * 1024;
/** So many names are read, or sorted, between two pauses. */
const part = 1024;

/** Reads a folder; each `undefined` is a good moment for a pause. */
export function* readFolder(at: SystemPath, withKinds: boolean): Generator<undefined, Listing> {
  if ((lstatSync(at, { throwIfNoEntry: false })?.size ?? 0) > largeFolder) return yield* readLarge(at);
  if (withKinds) {
    const entries = readdirSync(at, { withFileTypes: true });
    if (entries.some((entry) => isOdd(entry.name))) return yield* readBytes(at);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { names: entries.map((entry) => entry.name), raw: new Map(), kinds: entries.map(kindOfEntry) };
  }
  const names = readdirSync(at);
  if (names.some(isOdd)) return yield* readBytes(at);
  return { names: names.sort(), raw: new Map(), kinds: undefined };
}

/**
 * Tells whether a name has characters whose order as text is not that of their bytes, or the one that stands for bytes
 * that are no text.
 */
function isOdd(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) >= 0xd800) return true;
  return false;
}

function* readBytes(at: SystemPath): Generator<undefined, Listing> {
  const names = readdirSync(at, { encoding: "buffer" });
  const order = yield* sortSteps(names.length, (a, b) => Buffer.compare(names[a] as Buffer, names[b] as Buffer));
  const texts: string[] = [];
  const raw = new Map<number, Buffer>();
  for (const [place, i] of order.entries()) {
    const name = names[i] as Buffer;
    const text = name.toString();
    texts.push(text);
    if (text.includes("\ufffd")) raw.set(place, name);
  }
  return { names: texts, raw, kinds: undefined };
}

function* readLarge(at: SystemPath): Generator<undefined, Listing> {
  const folder = opendirSync(at, { bufferSize: part });
  const found: string[] = [];
  const kinds: (Kind | undefined)[] = [];
  let odd = false;
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      odd ||= isOdd(entry.name);
      found.push(entry.name);
      kinds.push(kindOfEntry(entry));
      if (found.length % part === 0) yield;
    }
  } finally {
    folder.closeSync();
  }
  if (odd) return yield* readBytes(at);
  const order = yield* sortSteps(found.length, (a, b) => ((found[a] as string) < (found[b] as string) ? -1 : 1));
  const names = new Array<string>(order.length);
  const ordered = new Array<Kind | undefined>(order.length);
  for (const [place, i] of order.entries()) {
    names[place] = found[i] as string;
    ordered[place] = kinds[i];
    if (place % part === 0) yield;
  }
  return { names, raw: new Map(), kinds: ordered };
}

function kindOfEntry(entry: Dirent): Kind | undefined {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "dir";
  if (entry.isSymbolicLink()) return "link";
  if (entry.isFIFO()) return "fifo";
  if (entry.isSocket()) return "socket";
  return entry.isBlockDevice() || entry.isCharacterDevice() ? "device" : undefined;
}

const kindBits = 0o170000;
const kindsOfMode: ReadonlyMap<number, Kind> = new Map([
  [0o100000, "file"],
  [0o040000, "dir"],
  [0o120000, "link"],
  [0o010000, "fifo"],
  [0o140000, "socket"],
  [0o020000, "device"],
  [0o060000, "device"],
]);

/** Tells the kind of an entry by the mode the system gives it. */
export function kindOfMode(mode: number): Kind | undefined {
  return kindsOfMode.get(mode & kindBits);
}

/** Gives the path of an entry of a folder. */
export function under(folder: SystemPath, name: SystemPath): SystemPath {
  if (typeof folder === "string" && typeof name === "string") return folder === "/" ? `/${name}` : `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder), Buffer.from("/"), Buffer.from(name)]);
}
