import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder for one test, gone when it ends. */
export function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), "ctx-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
