import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import { fail, openPipe, readPipe } from "../../ctx/index.ts";
import type { Located } from "./path.ts";

/** So much is read at a time. */
const partSize = 256 * 1024;

/** Reads a file in parts: from a position on, so many bytes, or all that are there for -1. */
export async function* readParts(
  { full, shown }: Located,
  signal: AbortSignal,
  from = 0,
  length = -1,
): AsyncGenerator<Buffer> {
  const pipe = openPipe(full);
  if (pipe !== undefined) return yield* within(readPipe(pipe, signal), from, length);
  const file = await open(full, "r");
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw fail("failed", { problem: `is a folder: "${shown}"` });
    let left = length < 0 ? Number.POSITIVE_INFINITY : length;
    // Without a position a device or pipe is read on from where it is.
    let at = from === 0 ? null : from;
    while (left > 0) {
      signal.throwIfAborted();
      const part = Buffer.allocUnsafe(Math.min(left, partSize));
      const { bytesRead } = await file.read(part, 0, part.length, at);
      if (bytesRead === 0) return;
      left -= bytesRead;
      if (at !== null) at += bytesRead;
      yield part.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Gives so many bytes of a stream (all for -1) that follow the first ones. */
async function* within(parts: AsyncIterable<Buffer>, from: number, length: number): AsyncGenerator<Buffer> {
  let skip = from;
  let left = length < 0 ? Number.POSITIVE_INFINITY : length;
  if (left === 0) return;
  for await (const part of parts) {
    const wanted = part.subarray(skip, Math.min(part.length, skip + left));
    skip = Math.max(0, skip - part.length);
    left -= wanted.length;
    if (wanted.length > 0) yield wanted;
    if (left === 0) return;
  }
}

/** Makes text of bytes as long as they are UTF-8; from where they are not, they stay bytes. Nothing is lost either way. */
export async function* textParts(parts: AsyncIterable<Buffer>): AsyncGenerator<string | Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let isText = true;
  for await (const part of parts) {
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    const whole: Buffer = isText ? bytes.subarray(0, wholeCharacters(bytes)) : bytes;
    isText &&= isUtf8(whole) && !whole.includes(0);
    rest = isText ? bytes.subarray(whole.length) : Buffer.alloc(0);
    if (isText) yield whole.toString();
    else yield bytes;
  }
  if (rest.length > 0) yield rest;
}

/** Gives the length of bytes without a character at the end that is cut in two. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
