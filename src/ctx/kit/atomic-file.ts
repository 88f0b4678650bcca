import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { openForWriting } from "./named-pipe.ts";

/** A file being written: all of it appears at `commit`, or nothing of it ever. */
export interface AtomicFile {
  /** Adds to what the file will hold. */
  write(chunk: string | Uint8Array): void;
  /** Puts the new content in place of the old. */
  commit(): void;
  /** Leaves the old file as it is. Does nothing after a commit. */
  abort(): void;
}

/**
 * Opens a file for writing so that readers see the old content or the new one, never a part: what is written goes to a
 * temporary file in the same folder, which takes the place of the old one at the end. Its mode and owner are kept, and
 * links are followed. Devices and pipes are written directly, since nothing could take their place.
 */
export function openAtomic(path: string): AtomicFile {
  const target = followLinks(path);
  const old = statSync(target, { throwIfNoEntry: false });
  if (old?.isDirectory()) throw Object.assign(new Error(`EISDIR: ${path}`), { code: "EISDIR", path });
  // A rename would replace even a file that may not be written.
  if (old !== undefined) accessSync(target, constants.W_OK);
  const direct = old !== undefined && !old.isFile();
  return direct ? openDirectly(target) : openBeside(target, old);
}

/** Gives a file new content: all of it, or none. */
export function writeAtomic(path: string, content: string | Uint8Array): void {
  const file = openAtomic(path);
  try {
    file.write(content);
    file.commit();
  } finally {
    file.abort();
  }
}

function openDirectly(target: string): AtomicFile {
  let fd: number | undefined = openForWriting(target, constants.O_WRONLY);
  const close = (): void => {
    if (fd === undefined) return;
    const open = fd;
    fd = undefined;
    closeSync(open);
  };
  return {
    write(chunk) {
      if (fd !== undefined) writeAll(fd, chunk, target);
    },
    commit: close,
    abort: close,
  };
}

function openBeside(target: string, old: Stats | undefined): AtomicFile {
  const temporary = join(dirname(target), `.${randomBytes(9).toString("hex")}.tmp`);
  const saying = <T>(act: () => T): T => speakingOf(target, act);
  let fd: number | undefined = saying(() => openSync(temporary, "wx"));
  const abort = (): void => {
    if (fd === undefined) return;
    const open = fd;
    fd = undefined;
    closeSync(open);
    unlinkSync(temporary);
  };
  const orAbort = (act: (open: number) => void): void => {
    if (fd === undefined) return;
    const open = fd;
    try {
      saying(() => act(open));
    } catch (error) {
      abort();
      throw error;
    }
  };
  if (old !== undefined) orAbort((open) => keepOwner(open, old));
  return {
    write: (chunk) => orAbort((open) => writeAll(open, chunk, target)),
    commit() {
      orAbort((open) => {
        fsyncSync(open);
        renameSync(temporary, target);
        fd = undefined;
        closeSync(open);
      });
    },
    abort,
  };
}

function keepOwner(fd: number, old: Stats): void {
  try {
    fchownSync(fd, old.uid, old.gid);
  } catch (error) {
    // Only root may give a file away; for others it becomes theirs, as with any editor.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
  fchmodSync(fd, old.mode & 0o7777);
}

function writeAll(fd: number, chunk: string | Uint8Array, target: string): void {
  const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  speakingOf(target, () => {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  });
}

/** Lets errors name the file the caller knows, not a temporary one or none at all. */
function speakingOf<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw Object.assign(error as Error, { path, dest: undefined });
  }
}

/** The most links that are followed, as the system has it. */
const mostLinks = 40;

/** Finds the file that a path of links ends at, which need not exist yet. */
function followLinks(path: string): string {
  let at = resolve(path);
  for (let i = 0; i < mostLinks; i++) {
    at = join(realpathSync(dirname(at)), basename(at));
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return at;
    at = resolve(dirname(at), readlinkSync(at));
  }
  throw Object.assign(new Error(`ELOOP: ${path}`), { code: "ELOOP", path });
}
