/** What is in files: their lines and their hash. Only regular files are opened, whatever stands at their path by then. */
import { createHash } from "node:crypto";
import { closeSync, constants, openSync, readdirSync, readSync } from "node:fs";
import { open, opendir } from "node:fs/promises";
import type { Kind, SystemPath } from "./folder.ts";

/** Larger files are counted only where the column `line` was asked for. */
export const mostCounted = 16 * 1024 * 1024;
/** Larger folders are counted only where the column `line` was asked for; a name takes some ten to forty bytes. */
const largestFolder = 1024 * 1024;
/** Larger files are hashed without holding others up. */
const mostHashed = 1024 * 1024;
/** So much of a large file is read at a time. */
const slowPart = 1024 * 1024;

/** One for all files, since reading never waits. */
const shared = Buffer.allocUnsafe(64 * 1024);
/** A pipe that has taken the place of a file must not make us wait for its writer. */
const carefully = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Tells whether counting the lines of an entry takes so long that others should not have to wait for it. */
export function isLarge(kind: Kind | null, size: number | null): boolean {
  return (kind === "file" && (size ?? 0) > mostCounted) || (kind === "dir" && (size ?? 0) > largestFolder);
}

/** Counts the lines of a file or the entries of a folder; null for what cannot be read and for all else. */
export function countNow(at: SystemPath, kind: Kind | null, size: number | null): number | null {
  try {
    if (kind === "dir") return readdirSync(at).length;
    if (kind !== "file") return null;
    const counter = new LineCounter();
    return readParts(at, size, (bytes) => counter.add(bytes)) ? counter.lines : null;
  } catch {
    return null;
  }
}

/** Counts as `countNow` does, but of any size, and lets others have their turn. */
export async function countSlowly(at: SystemPath, kind: Kind | null, signal: AbortSignal): Promise<number | null> {
  try {
    if (kind === "dir") return await countEntries(at, signal);
    const counter = new LineCounter();
    await readSlowly(at, signal, (bytes) => counter.add(bytes));
    return counter.lines;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

async function countEntries(at: SystemPath, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const _ of await opendir(at, { bufferSize: 4096 })) {
    if (++count % 4096 === 0) signal.throwIfAborted();
  }
  return count;
}

/** Gives the SHA-1 of a file's content in hexadecimal digits; null for what cannot be read and for all but files. */
export async function hashOf(
  at: SystemPath,
  kind: Kind | null,
  size: number | null,
  signal: AbortSignal,
): Promise<string | null> {
  if (kind !== "file") return null;
  const hash = createHash("sha1");
  try {
    if (size !== null && size <= mostHashed) {
      return readParts(at, size, (bytes) => hash.update(bytes)) ? hash.digest("hex") : null;
    }
    await readSlowly(at, signal, (bytes) => hash.update(bytes));
    return hash.digest("hex");
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

/**
 * Reads a file in parts, which are gone when `take` returns, up to the size it had. Files that the system makes up as
 * they are read say that they are empty: those are read to their end, and false says that they have none in sight.
 */
function readParts(at: SystemPath, size: number | null, take: (bytes: Uint8Array) => void): boolean {
  const fd = openSync(at, carefully);
  try {
    for (let total = 0; total <= mostCounted; ) {
      const length = readSync(fd, shared, 0, shared.length, null);
      if (length > 0) take(shared.subarray(0, length));
      total += length;
      if (length === 0 || total === size) return true;
    }
    return false;
  } finally {
    closeSync(fd);
  }
}

/** Reads a file of any size, others having their turn between two parts. */
async function readSlowly(at: SystemPath, signal: AbortSignal, take: (bytes: Uint8Array) => void): Promise<void> {
  const file = await open(at, carefully);
  try {
    const own = Buffer.allocUnsafe(slowPart);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(own, 0, own.length, null);
      if (bytesRead === 0) return;
      take(own.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

const newline = 10;

/** Counts lines; what follows the last line end is one more. */
export class LineCounter {
  #ends = 0;
  #last = newline;

  add(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === newline) this.#ends++;
    this.#last = bytes[bytes.length - 1] ?? this.#last;
  }
  get lines(): number {
    return this.#last === newline ? this.#ends : this.#ends + 1;
  }
}
