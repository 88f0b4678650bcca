import { helpIn, type Lang } from "../help-text.ts";
import type { Param } from "../param.ts";
import type { Found } from "../tree.ts";
import { defaultText } from "./default.ts";
import { usage, valueWord } from "./usage.ts";

const words = {
  default: { en: "default", zh: "默认" },
  gives: { en: "gives", zh: "输出" },
  takes: { en: "takes from a pipe", zh: "管道输入" },
};

/** Writes the help of a command: usage, sentence, one line a parameter, what goes in and out, examples. */
export function help(found: Found, lang: Lang = "en"): string {
  const { command, args, options } = found;
  const rows = [...args, ...options];
  const width = Math.max(0, ...rows.map(([key]) => key.length));
  const lines = [`${command.name}: ${usage(command)}`, `    ${helpIn(command.help, lang)}`];
  for (const [key, param] of rows) {
    const given = defaultText(found, param);
    const without = given === "" ? "" : ` (${helpIn(words.default, lang)} ${given})`;
    lines.push(`    ${key.padEnd(width)}  ${helpIn(param.help, lang)}${choicesText(param)}${without}`);
  }
  const columns = Object.keys(command.columns ?? {});
  if (command.input !== undefined) lines.push(`    ${helpIn(words.takes, lang)}: ${command.input}`);
  if (columns.length > 0) lines.push(`    ${helpIn(words.gives, lang)}: ${columns.join(" ")}`);
  for (const example of command.examples ?? []) {
    lines.push("", `${example.help}:`);
    for (const line of dedent(example.shell)) lines.push(line === "" ? "" : `    ${line}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Writes what one may choose from, where a parameter or a part of it says so. */
function choicesText(param: Param): string {
  const chosen = param.choices !== undefined || param.items?.some((item) => item.choices !== undefined) === true;
  return chosen ? `: ${valueWord(param)}` : "";
}

/** Gives the lines of an indented block without the indent they share. */
export function dedent(block: string): string[] {
  const lines = block.replace(/^(?:[ \t]*\n)+|\s+$/g, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(indent));
}
