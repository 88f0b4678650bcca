import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type Misfit, updateTranscript } from "../../src/ctx/testing.ts";
import type { Play } from "./play.ts";

/** Fails with the first line that was not answered as written. `UPDATE=1` writes the answers into the file instead. */
export function judge({ file, text }: Play, misfits: readonly Misfit[], shown: readonly string[]): void {
  const [first] = misfits;
  if (first === undefined) return;
  if (file !== undefined && process.env["UPDATE"] === "1") {
    writeFileSync(file, updateTranscript(text, shown));
    return;
  }
  assert.equal(first.got.trimEnd(), first.shown, `line ${first.line}: > ${first.typed}`);
}
