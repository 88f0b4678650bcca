import { Batch } from "../table/batch.ts";
import { alignedRenderer } from "./aligned.ts";
import type { Renderer } from "./format.ts";

/**
 * Makes the renderer of the text of a message: its text if it begins with text (tables are then left out), else its
 * table as people read it. Nothing is added to the text, not even a line end.
 */
export function textRenderer(): Renderer {
  const aligned = alignedRenderer({}, false);
  let isText: boolean | undefined;
  return {
    push(piece, out) {
      const isTable = piece instanceof Batch;
      if (isTable && isText === true) return;
      if (!isTable && piece.length === 0) return;
      isText ??= !isTable;
      aligned.push(piece, out);
    },
    flush: (out) => aligned.flush(out),
    end: (out, error) => aligned.end(out, error),
  };
}
