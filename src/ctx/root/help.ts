import { defineCommand } from "../command.ts";
import { help as commandHelp } from "../describe/help.ts";
import { usage } from "../describe/usage.ts";
import { unknownCommand } from "../dispatch.ts";
import { fail } from "../errors.ts";
import { helpIn } from "../help-text.ts";
import { didYouMean } from "../kit/suggest.ts";
import { printValue, type Value } from "../kit/value.ts";
import type { Message } from "../message.ts";
import { list, text } from "../param.ts";
import type { ContextNode } from "../tree.ts";
import { findConfig } from "./config.ts";
import { topics } from "./names.ts";

// No line is wider than 60 columns, so that it stands on a small screen as it stands here.
const overview = {
  en: `A tree of modules, each with commands, settings and facts.

  context           the modules around you
  context NAME      go to one; so does ~NAME
  ~NAME COMMAND     run a command there, without going
  command           the commands of this module
  command all       those of all modules
  command help NAME what one takes, with examples
  config, cache     settings, and live facts
  help TOPIC        search all of these

  COMMAND % order size desc limit 3
                    work on any table: where, select, group…
  COMMAND --json    answer as data: --csv --yaml --md --help
  COMMAND > FILE    into a file, in the format of its name

Any other first word runs a program. quit leaves.
`,
  zh: `模块树，每个模块有命令、配置与缓存。

  context           查看周围的模块
  context NAME      切换到模块，也可用 ~NAME
  ~NAME COMMAND     在该模块执行命令，不切换
  command           当前模块的命令
  command all       所有模块的命令
  command help NAME 查看命令的参数与示例
  config, cache     配置与缓存
  help TOPIC        搜索以上全部

  COMMAND % order size desc limit 3
                    处理任意表格：where, select, group…
  COMMAND --json    输出数据：--csv --yaml --md --help
  COMMAND > FILE    写入文件，格式由文件名决定

其它首词执行系统命令。quit 退出。
`,
};

function aboutContext(m: Message, node: ContextNode): string {
  return `${node.path}: ${node.name} ${m.say(node.help)}\n`;
}

function contextHelp(m: Message, words: readonly string[]): undefined {
  const [name, kind, item] = words;
  if (name === undefined) {
    const nodes = [...m.tree.root.walk()].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const node of nodes) m.echo(aboutContext(m, node));
    return;
  }
  const node = m.tree.contextNamed(name, m.who.session.context);
  m.echo(aboutContext(m, node));
  if (kind === "command" && item !== undefined) {
    const found = node.commands.get(item);
    if (found === undefined) throw unknownCommand(item, node);
    m.echo(commandHelp(found, m.who.lang));
  } else if (kind === undefined || kind === "command") {
    for (const { command } of node.commands.values()) m.echo(`  ${usage(command)}\n      ${m.say(command.help)}\n`);
  }
  if (kind === undefined || kind === "config") {
    for (const slot of node.configs.values()) {
      if (item === undefined || item === slot.name) m.echo(`  ${slot.name}: ${m.say(slot.help)}\n`);
    }
  }
  if (kind === undefined || kind === "cache") {
    for (const { declared } of node.caches.values()) {
      if (item === undefined || item === declared.name) m.echo(`  ${declared.name}: ${m.say(declared.help)}\n`);
    }
  }
  return;
}

function configHelp(m: Message, name: string): string {
  const found = findConfig(m.who.session.context, name);
  if (found === undefined) throw fail("not_found", { what: "config", name });
  return `${found.slot.name}(${printValue(found.slot.value as Value)}): ${m.say(found.slot.help)}\n`;
}

function cacheHelp(m: Message, name: string): string {
  const slot = m.who.session.context.findCache(name);
  if (slot === undefined) throw fail("not_found", { what: "cache", name });
  return `${slot.declared.name}(${String(m.cap(slot.declared))}): ${m.say(slot.declared.help)}\n`;
}

/** Rows for everything whose name or help holds the topic. */
function search(m: Message, topic: string): number {
  const wanted = topic.toLowerCase();
  let hits = 0;
  const offer = (
    kind: string,
    name: string,
    help: Parameters<typeof helpIn>[0],
    more: readonly string[] = [],
  ): void => {
    const about = [name, helpIn(help, "en"), helpIn(help, "zh"), ...more].join(" ").toLowerCase();
    if (!about.includes(wanted)) return;
    hits++;
    m.push({ kind, name, help: m.say(help) });
  };
  for (const node of m.tree.root.walk()) {
    offer("context", node.path, node.help);
    for (const { right, command } of node.commands.values()) offer("command", right, command.help, command.words);
    for (const slot of node.configs.values()) offer("config", `${node.name}.${slot.name}`, slot.help);
    for (const { declared } of node.caches.values()) offer("cache", `${node.name}.${declared.name}`, declared.help);
  }
  return hits;
}

export const help = defineCommand({
  name: "help",
  help: { en: "Explain a command or module, or search everything for a topic", zh: "查看帮助" },
  effect: "read",
  args: {
    topic: text(
      { en: "Command, module or topic; or context, command, config, cache and a name", zh: "主题" },
      { optional: true, complete: topics },
    ),
    words: list(text("Which one", { complete: topics })),
  },
  columns: { kind: text("command, context, config or cache"), name: text("Its name"), help: text("What it is for") },
  examples: [
    {
      help: "A module and one of its commands",
      shell: `
        > help context tcp command ifconfig
        ctx.tcp: tcp …
        ifconfig: ifconfig …
        …`,
    },
  ],
  run(m, { topic, words }) {
    const { context } = m.who.session;
    const [name] = words;
    if (topic === undefined) return m.say(overview);
    if (topic === "context") return contextHelp(m, words);
    if (topic === "config" && name !== undefined) return configHelp(m, name);
    if (topic === "cache" && name !== undefined) return cacheHelp(m, name);
    const wanted = topic === "command" && name !== undefined ? name : topic;
    const found = context.find(wanted);
    if (found !== undefined) return commandHelp(found, m.who.lang);
    if (topic === "command" && name !== undefined) throw unknownCommand(name, context);
    if (m.tree.context(topic, context) !== undefined && words.length === 0) return contextHelp(m, [topic]);
    if (search(m, [topic, ...words].join(" ")) > 0) return;
    const names = [...context.commandNames(), ...[...m.tree.root.walk()].map((node) => node.name)];
    throw fail("not_found", { what: "help for", name: topic }, { hint: didYouMean(topic, names) });
  },
});
