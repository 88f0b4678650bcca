/** Files that only their owner may read: keys, secrets, tokens. Their folders are closed to others too. */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fail } from "../errors.ts";

const isCode = (error: unknown, code: string): boolean => (error as { code?: unknown }).code === code;

/** What a private file held, and when it was written (milliseconds since 1970). */
export interface PrivateFile {
  readonly text: string;
  readonly time: number;
}

/** Reads a private file; undefined when there is none. Refuses one that other people can read or that belongs to another. */
export function readPrivate(file: string): PrivateFile | undefined {
  let fd: number;
  try {
    // Without waiting: a named pipe would have it wait for ever.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    const about = fstatSync(fd);
    const why = flawOf(about.isFile(), about.mode, about.uid);
    if (why !== undefined) {
      const hint = `make it yours alone: chown and chmod 600 ${file}`;
      throw fail("not_allowed", { problem: `${file} is not used: ${why}` }, { hint });
    }
    return { text: readFileSync(fd, "utf8"), time: about.mtimeMs };
  } finally {
    closeSync(fd);
  }
}

function flawOf(isFile: boolean, mode: number, owner: number): string | undefined {
  if (!isFile) return "it is no file";
  if (owner !== process.getuid?.()) return "it belongs to another user";
  if ((mode & 0o077) !== 0) return "other people can read it";
  return undefined;
}

/** Makes a folder that only its owner may enter. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** Gives a private file new content, all of it or none; its folder must be there. */
export function writePrivate(file: string, content: string): void {
  place(file, content, renameSync);
}

/** Makes a private file unless there is one; false when there is. Of several who try at once, one succeeds. */
export function createPrivate(file: string, content: string): boolean {
  try {
    place(file, content, linkSync);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function place(file: string, content: string, put: (from: string, to: string) => void): void {
  const temporary = join(dirname(file), `.${randomBytes(9).toString("hex")}.tmp`);
  const fd = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(fd, content);
    fsyncSync(fd);
    put(temporary, file);
  } finally {
    closeSync(fd);
    removeFile(temporary);
  }
}

/** Removes a file; false when it was not there. */
export function removeFile(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}
