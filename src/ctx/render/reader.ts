import type { Batch } from "../table/batch.ts";

/** Turns text or its bytes (UTF-8), in whatever parts they come, into tables: the way back from a renderer. */
export interface TableReader {
  /** Takes a part; it may end in the middle of a cell, bytes also in the middle of a character. */
  push(part: string | Uint8Array): Batch[];
  /** Says that no more comes, and gives the rest. */
  end(): Batch[];
}

/** Makes a reader of text out of one that knows only strings. */
export function decoding(push: (part: string) => Batch[], end: () => Batch[]): TableReader {
  const decoder = new TextDecoder();
  return {
    push: (part) => push(typeof part === "string" ? part : decoder.decode(part, { stream: true })),
    end: () => [...push(decoder.decode()), ...end()],
  };
}
