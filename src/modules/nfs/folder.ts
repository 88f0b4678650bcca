/**
 * Reading one folder: its names in byte order. Most names are plain text and one quick call reads them; a folder with
 * names beyond that (half characters, broken UTF-8) is read as bytes, and one that is very large in parts.
 */
import { type Dirent, opendirSync, readdirSync, statSync } from "node:fs";
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
/** So many names are read between two pauses. */
const part = 1024;

/** Reads a folder; each `undefined` is a good moment for a pause. */
export function* readFolder(at: SystemPath, withKinds: boolean): Generator<undefined, Listing> {
  const large = (statSync(at, { throwIfNoEntry: false })?.size ?? 0) > largeFolder;
  return (large ? yield* readParts(at) : readAtOnce(at, withKinds)) ?? (yield* readBytes(at));
}

/** Gives nothing when a name is odd. */
function readAtOnce(at: SystemPath, withKinds: boolean): Listing | undefined {
  if (!withKinds) {
    const names = readdirSync(at);
    return names.some(isOdd) ? undefined : { names: names.sort(), raw: noRaw, kinds: undefined };
  }
  const entries = readdirSync(at, { withFileTypes: true });
  if (entries.some(({ name }) => isOdd(name))) return undefined;
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { names: entries.map(({ name }) => name), raw: noRaw, kinds: entries.map(kindOfEntry) };
}

/**
 * Tells whether a name has characters whose order as text is not that of their bytes, or the one that stands for bytes
 * that are no text.
 */
function isOdd(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) >= 0xd800) return true;
  return false;
}

const noRaw: ReadonlyMap<number, Buffer> = new Map();

/** Gives nothing when a name is odd. */
function* readParts(at: SystemPath): Generator<undefined, Listing | undefined> {
  const found: string[] = [];
  const kinds: (Kind | undefined)[] = [];
  for (const entry of entriesOf(at, "utf8")) {
    if (isOdd(entry.name)) return undefined;
    kinds.push(kindOfEntry(entry));
    if (found.push(entry.name) % part === 0) yield;
  }
  const order = yield* sortSteps(found.length, (a, b) => ((found[a] as string) < (found[b] as string) ? -1 : 1));
  const names: string[] = [];
  const ordered: (Kind | undefined)[] = [];
  for (const i of order) {
    ordered.push(kinds[i]);
    if (names.push(found[i] as string) % part === 0) yield;
  }
  return { names, raw: noRaw, kinds: ordered };
}

function* readBytes(at: SystemPath): Generator<undefined, Listing> {
  const found: Buffer[] = [];
  for (const { name } of entriesOf(at, "buffer")) if (found.push(name) % part === 0) yield;
  const order = yield* sortSteps(found.length, (a, b) => Buffer.compare(found[a] as Buffer, found[b] as Buffer));
  const names: string[] = [];
  const raw = new Map<number, Buffer>();
  for (const i of order) {
    const bytes = found[i] as Buffer;
    const name = bytes.toString();
    if (name.includes("\ufffd")) raw.set(names.length, bytes);
    if (names.push(name) % part === 0) yield;
  }
  return { names, raw, kinds: undefined };
}

function entriesOf(at: SystemPath, encoding: "utf8"): Generator<Dirent>;
function entriesOf(at: SystemPath, encoding: "buffer"): Generator<{ readonly name: Buffer }>;
function* entriesOf(at: SystemPath, encoding: "utf8" | "buffer"): Generator<unknown> {
  // The system gives names as bytes too, which the types of Node leave out.
  const folder = opendirSync(at, { bufferSize: part, encoding: encoding as BufferEncoding });
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry;
  } finally {
    folder.closeSync();
  }
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
