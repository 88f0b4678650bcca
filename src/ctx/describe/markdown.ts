/** The reference manual: a page for every context, one for the errors, one for the settings. Written from the declarations alone. */
import { catalogue } from "../errors.ts";
import { helpIn, type Lang } from "../help-text.ts";
import type { Param } from "../param.ts";
import type { ContextNode, Found, Tree } from "../tree.ts";
import { defaultText } from "./default.ts";
import { dedent } from "./help.ts";
import { httpMethod, httpPath } from "./openapi.ts";
import { usage, valueWord } from "./usage.ts";

/** Writes a table; cells may hold anything but lines. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")));
  return [line(head), `|${" --- |".repeat(head.length)}`, ...escaped.map(line), ""];
}

const code = (text: string): string => (text === "" ? "" : `\`${text}\``);

/** Writes the manual page of a context: its settings, its live facts, its commands. */
export function markdown(node: ContextNode, lang: Lang = "en"): string {
  const say = (help: Parameters<typeof helpIn>[0]): string => helpIn(help, lang);
  const commands = [...node.commands.values()].sort((a, b) => (a.command.name < b.command.name ? -1 : 1));
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
    `Right \`${right}\` · effect ${effect}${takes} · HTTP \`${httpMethod(found).toUpperCase()} ${httpPath(found)}\``,
  ];
  for (const example of command.examples ?? []) {
    lines.push("", `${example.help}:`, "", "```shy", ...dedent(example.shell), "```");
  }
  return lines;
}

function pageOf(node: ContextNode): string {
  const labels = node.path.split(".");
  return `${node.parent === undefined ? node.name : labels.slice(1).join(".")}.md`;
}

/** Writes the whole reference manual: file names, relative to its folder, and their texts. */
export function manual(tree: Tree, lang: Lang = "en"): Map<string, string> {
  const nodes = [...tree.root.walk()];
  const pages = nodes.map((node) => [pageOf(node), markdown(node, lang)] as const);
  return new Map([
    ...pages,
    ["README.md", contents(nodes, lang)],
    ["errors.md", errors()],
    ["config.md", settings(nodes, lang)],
  ]);
}

function contents(nodes: readonly ContextNode[], lang: Lang): string {
  const rows = nodes.map((node) => [
    `[${node.path}](${pageOf(node)})`,
    helpIn(node.help, lang),
    [...node.commands.keys()].sort().map(code).join(" "),
  ]);
  return page(
    "Reference",
    "Made from the declarations by `npm run docs`. See also [settings](config.md) and [errors](errors.md).",
    [...table(["module", "what", "commands"], rows)],
  );
}

/** Shows what every error says, with a name for each part that differs from case to case. */
function errors(): string {
  const parts = new Proxy({}, { get: (_target, key) => `<${String(key)}>` });
  const rows = Object.entries(catalogue).map(([name, entry]) => [
    code(name),
    code((entry.say as (about: object) => string)(parts)),
    String(entry.exit),
    String(entry.status),
    "retry" in entry ? "yes" : "",
  ]);
  return page(
    "Errors",
    "What each code says, the exit code, the HTTP status, and whether trying again may help. Causes and cures: [errors](../errors.md).",
    [...table(["code", "says", "exit", "HTTP", "retry"], rows)],
  );
}

function settings(nodes: readonly ContextNode[], lang: Lang): string {
  const rows = nodes.flatMap((node) =>
    [...node.configs.values()].flatMap(({ name, help, declared }) =>
      declared === undefined
        ? []
        : [[`[${node.path}](${pageOf(node)})`, code(name), helpIn(help, lang), code(JSON.stringify(declared.value))]],
    ),
  );
  return page(
    "Settings",
    "All settings with the values they start with. `config NAME VALUE` changes one, `config save` keeps it.",
    [...table(["module", "setting", "what", "default"], rows)],
  );
}

function page(title: string, lead: string, lines: readonly string[]): string {
  return `${[`# ${title}`, "", lead, "", ...lines].join("\n").trimEnd()}\n`;
}
