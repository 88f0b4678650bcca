import { Chalk, type ColorSupportLevel } from "chalk";
import type { Style } from "../../ctx/index.ts";
import type { Env } from "./search-path.ts";

/**
 * Decides how many colours a stream gets, which chalk would guess without asking `NO_COLOR`: none unless it is a
 * terminal that has any or FORCE_COLOR asks for them, and never with NO_COLOR.
 */
function colourLevel(env: Env, isTerminal: boolean): ColorSupportLevel {
  if ((env["NO_COLOR"] ?? "") !== "") return 0;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forcedLevel(forced);
  if (!isTerminal || env["TERM"] === "dumb") return 0;
  if (/^(truecolor|24bit)$/.test(env["COLORTERM"] ?? "")) return 3;
  return /256|direct/.test(env["TERM"] ?? "") ? 2 : 1;
}

function forcedLevel(forced: string): ColorSupportLevel {
  if (forced === "0" || forced === "false") return 0;
  if (forced === "2") return 2;
  return forced === "3" ? 3 : 1;
}

/** Gives the colours of what people see on a stream; none where it shall have none. */
export function screenStyle(env: Env, isTerminal: boolean): Style | undefined {
  const level = colourLevel(env, isTerminal);
  if (level === 0) return undefined;
  const chalk = new Chalk({ level });
  return { header: chalk.bold, dim: chalk.dim, key: chalk.cyan, error: chalk.red };
}
