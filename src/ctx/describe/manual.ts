/** The reference manual: a page for every context, one for the errors, one for the settings. Written from the declarations alone. */
import { catalogue } from "../errors.ts";
import { helpIn, type Lang } from "../help-text.ts";
import type { ContextNode, Tree } from "../tree.ts";
import { code, markdown, pageOf, table } from "./markdown.ts";

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
    [...node.commands.keys()]
      .filter((name) => !name.startsWith("_"))
      .sort()
      .map(code)
      .join(" "),
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
