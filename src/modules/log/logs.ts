import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { config, type Level, type Log, type Tree } from "../../ctx/index.ts";
import { logLine } from "./line.ts";

/** Whether the steps of the program are logged too. */
export const debugOn = config("debug", false, {
  en: "Write debug lines to var/log/debug.log",
  zh: "调试日志",
});

/** The open logs of a tree. */
export interface Logs {
  readonly write: Log;
  /** Writes what still waits. */
  readonly close: () => void;
}

/**
 * Opens the logs of a tree: a file for each level, made when its first line comes. Lines wait for the end of the turn
 * and are written together; errors are written at once. Each write opens the file anew, so that it may be moved away
 * while the program runs. A log that cannot be written breaks nothing: it is said once, and lines are lost.
 */
export function openLogs(tree: Tree, complain: (problem: string) => void): Logs {
  const folder = join(tree.host.home, "var", "log");
  // One command in a folder that happens to be read-only is no reason to complain, and its start no event.
  const isQuiet = tree.host.mode === "one-shot";
  const waiting = new Map<Level, string>();
  let isDue = false;
  let complained = false;

  const flush = (): void => {
    isDue = false;
    const due = [...waiting];
    waiting.clear();
    for (const [level, lines] of due) {
      try {
        append(join(folder, `${level}.log`), lines);
      } catch (error) {
        if (!complained && !isQuiet) complain(`error: log: ${(error as Error).message}`);
        complained = true;
      }
    }
  };
  const write: Log = (level, text, fields) => {
    if (level === "debug" && !tree.conf(debugOn)) return;
    if (level === "boot" && isQuiet) return;
    waiting.set(level, (waiting.get(level) ?? "") + logLine(tree.clock.now(), level, text, fields));
    if (level === "error") flush();
    else if (!isDue) {
      isDue = true;
      setImmediate(flush);
    }
  };

  process.once("exit", flush);
  const close = (): void => {
    process.off("exit", flush);
    flush();
  };
  return { write, close };
}

/** Adds to a file; the folder is made when it is missing. Only its owner may read it. */
function append(file: string, lines: string): void {
  try {
    appendFileSync(file, lines, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, lines, { mode: 0o600 });
  }
}
