/**
 * Pipes, read and opened so that a process that waits for the other end still hears signals. A read of `node:fs` that
 * waits holds a thread, and node does not exit before its threads are done; an open that waits holds everything.
 */
import { closeSync, constants, openSync, statSync } from "node:fs";

/** Gives what comes through an open pipe or socket, until its end or until the signal; the descriptor is closed then. */
export async function* readPipe(fd: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  // Costs a start some milliseconds, and few need it.
  const { Socket } = await import("node:net");
  for await (const part of new Socket({ fd, readable: true, writable: false, signal })) yield part as Buffer;
}

/** Opens a pipe of the file system for reading, at once; undefined for a file that is none. */
export function openPipe(path: string): number | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return undefined;
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** Opens a file for writing. A pipe that nobody reads is an error (ENXIO) instead of a wait for a reader. */
export function openForWriting(path: string, flags: number): number {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) return openSync(path, flags, 0o666);
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    // There is a reader, so this does not wait; unlike the first one it may be written without looking for room.
    return openSync(path, constants.O_WRONLY);
  } finally {
    closeSync(probe);
  }
}
