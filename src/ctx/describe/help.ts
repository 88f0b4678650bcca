import { isConfig } from "../context.ts";
import { helpIn, type Lang } from "../help-text.ts";
import type { Param } from "../param.ts";
import type { Found } from "../tree.ts";
import { usage } from "./usage.ts";

/** Writes a default as people read it: the value, or the setting it comes from. */
function defaultText({ default: given, kind }: Param): string {
  if (given === undefined || kind === "flag" || (Array.isArray(given) && given.length === 0)) return "";
  if (isConfig(given)) return ` (config ${given.name})`;
  return ` (default ${typeof given === "string" ? given : JSON.stringify(given)})`;
}

/** Writes the help of a command: usage, sentence, one line a parameter, examples. */
export function help({ command, args, options }: Found, lang: Lang = "en"): string {
  const rows = [...args, ...options].map(([key, param]) => [key, param] as const);
  const width = Math.max(0, ...rows.map(([key]) => key.length));
  const lines = [`${command.name}: ${usage(command)}`, `    ${helpIn(command.help, lang)}`];
  for (const [key, param] of rows) {
    const choices = param.choices === undefined ? "" : `: ${param.choices.join("|")}`;
    lines.push(`    ${key.padEnd(width)}  ${helpIn(param.help, lang)}${choices}${defaultText(param)}`);
  }
  for (const example of command.examples ?? []) {
    lines.push("", `${example.help}:`);
    for (const line of dedent(example.shell)) lines.push(`    ${line}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Gives the lines of an indented block without the indent they share. */
export function dedent(block: string): string[] {
  const lines = block.replace(/^\n+|\s+$/g, "").split("\n");
  const indent = Math.min(
    ...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length),
  );
  return lines.map((line) => line.slice(indent));
}
