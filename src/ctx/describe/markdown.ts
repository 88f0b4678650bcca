import { helpIn, type Lang } from "../help-text.ts";
import type { Param } from "../param.ts";
import type { ContextNode, Found } from "../tree.ts";
import { defaultText } from "./default.ts";
import { dedent } from "./help.ts";
import { hasHttp, httpMethod, httpPath } from "./openapi.ts";
import { usage, valueWord } from "./usage.ts";

/** Writes a table as lines; a cell may hold anything, its lines are joined. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")));
  return [line(head), `|${" --- |".repeat(head.length)}`, ...escaped.map(line), ""];
}

/** Writes text as code. */
export const code = (text: string): string => (text === "" ? "" : `\`${text}\``);

/** Writes the manual page of a context: its settings, its live facts, its commands. */
export function markdown(node: ContextNode, lang: Lang = "en"): string {
  const say = (help: Parameters<typeof helpIn>[0]): string => helpIn(help, lang);
  const commands = [...node.commands.values()]
    .filter(({ command }) => !command.name.startsWith("_"))
    .sort((a, b) => (a.command.name < b.command.name ? -1 : 1));
  const children = [...node.children.values()].map((child) => [`[${child.name}](${pageOf(child)})`, say(child.help)]);
  const configs = [...node.configs.values()].filter(({ declared }) => declared !== undefined);
  const caches = [...node.caches.values()].map(({ declared }) => [code(declared.name), say(declared.help)]);
  const lines = [
    `# ${node.path}`,
    "",
    say(node.help),
    "",
    ...table(["module", "what"], children),
    ...table(
      ["setting", "what", "default"],
      configs.map(({ name, help, declared }) => [code(name), say(help), code(JSON.stringify(declared?.value))]),
    ),
    ...table(["live fact", "what"], caches),
    ...commands.flatMap((found) => [...commandLines(found, lang), ""]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

/** Writes the chapter of one command. */
function commandLines(found: Found, lang: Lang): string[] {
  const { command, args, options, right, effect } = found;
  const say = (param: Param): string => helpIn(param.help, lang);
  const params = [...args, ...options].map(([key, param]) => [
    code(key),
    say(param),
    code(valueWord(param)),
    param.required ? "required" : code(defaultText(found, param)),
  ]);
  const columns = Object.entries<Param>(command.columns ?? {}).map(([key, param]) => [
    code(key),
    say(param),
    param.type,
  ]);
  const takes = command.input === undefined ? "" : ` · takes ${command.input} from a pipe`;
  const http = hasHttp(found) ? ` · HTTP \`${httpMethod(found).toUpperCase()} ${httpPath(found)}\`` : "";
  const lines = [
    `## ${right}`,
    "",
    helpIn(command.help, lang),
    "",
    "```",
    usage(command),
    "```",
    "",
    ...table(["parameter", "what", "kind", "default"], params),
    ...table(["column", "what", "type"], columns),
    `Right \`${right}\` · effect ${effect}${takes}${http}`,
  ];
  for (const example of command.examples ?? []) {
    lines.push("", `${example.help}:`, "", "```shy", ...dedent(example.shell), "```");
  }
  return lines;
}

/** Names the file of a context's page. */
export function pageOf(node: ContextNode): string {
  const labels = node.path.split(".");
  return `${node.parent === undefined ? node.name : labels.slice(1).join(".")}.md`;
}
