import { defineCommand } from "../command.ts";
import { cache } from "../context.ts";
import { fail } from "../errors.ts";
import { compilePattern } from "../kit/regex.ts";
import type { Message } from "../message.ts";
import { command as commandKind, integer, text } from "../param.ts";
import type { ContextNode } from "../tree.ts";
import { textOf, type Words } from "../word.ts";
import { findConfig } from "./config.ts";
import { contextNames, verbsAnd } from "./names.ts";
import { runWords } from "./run-words.ts";

export const contextCount = cache(
  "ncontext",
  0,
  { en: "Number of contexts", zh: "模块数量" },
  {
    read: (m) => [...m.tree.root.walk()].length,
  },
);
export const serverCount = cache(
  "nserver",
  0,
  { en: "Number of contexts that run", zh: "服务数量" },
  {
    read: (m) => [...m.tree.root.walk()].filter((node) => node.status === "start").length,
  },
);
export const messageCount = cache(
  "nmessage",
  0,
  { en: "Number of messages so far", zh: "消息数量" },
  {
    read: (m) => m.tree.lastCode,
  },
);

function list(m: Message, nodes: Iterable<ContextNode>): void {
  for (const node of nodes) {
    m.push({
      names: node.name,
      ctx: node.parent?.name ?? "",
      msg: node.answered,
      status: node.status,
      stream: node.stream,
      helps: m.say(node.help),
    });
  }
}

/** A context as `context` lists it: its parent, itself, its children; the root with the whole tree below it. */
function around(node: ContextNode): Iterable<ContextNode> {
  return node.parent === undefined ? node.walk() : [node.parent, node, ...node.below()];
}

function move(m: Message, node: ContextNode): void {
  m.nothing();
  m.who.session.context = node;
}

/** Finds contexts by a pattern over names and helps; goes to the only one, lists several. */
function search(m: Message, words: Words): void {
  const pattern = words.map(textOf).join(" ");
  const compiled = compilePattern(`(?i:${pattern})`);
  if ("problem" in compiled)
    throw fail("bad_argument", { command: "context", problem: `"${pattern}" is no regular expression` });
  const found = m.tree.search(compiled);
  const [only] = found;
  if (only === undefined) throw fail("unknown_context", { name: pattern });
  if (found.length > 1) list(m, found);
  else move(m, only);
}

function spawn(m: Message, parent: ContextNode, [name, ...help]: Words): void {
  if (name === undefined) {
    throw fail(
      "bad_argument",
      { command: "context", problem: "name is missing" },
      { hint: "usage: context MODULE spawn NAME [HELP]" },
    );
  }
  const word = textOf(name);
  if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(word)) {
    throw fail(
      "bad_argument",
      { command: "context", problem: `"${word}" is no name for a context` },
      { hint: "letters, digits, _ and -, a letter first" },
    );
  }
  move(m, parent.addChild({ name: word, help: help.map(textOf).join(" ") || word }));
}

async function close(m: Message, node: ContextNode): Promise<void> {
  if (node.parent === undefined) throw fail("not_allowed", { problem: "the root context stays" });
  m.nothing();
  await m.tree.life.stop(node);
  for (let at: ContextNode | undefined = m.who.session.context; at !== undefined; at = at.parent) {
    if (at === node) move(m, node.parent);
  }
  node.parent.removeChild(node.name);
}

export const context = defineCommand({
  name: "context",
  help: { en: "List modules, go to one, or run a command in it", zh: "查看与切换模块" },
  effect: "write",
  args: {
    name: text(
      { en: "Module: nfs, web.code, ctx; or root, back, home, search, all", zh: "模块名" },
      { optional: true, complete: verbsAnd(["root", "back", "home", "search", "all"], contextNames) },
    ),
    words: commandKind("A command to run there; or list, spawn NAME HELP, start, close", { optional: true }),
  },
  columns: {
    names: text("Name of the module"),
    ctx: text("Its parent"),
    msg: integer("Messages it has answered"),
    status: text("begin: loaded; start: running; stop, error"),
    stream: text("What it serves or reads"),
    helps: text("What it is for"),
  },
  words: ["module", "tree", "模块"],
  examples: [
    {
      help: "The module of files, between its parent and its children",
      shell: `
        > context nfs list
        names  ctx  msg  status  stream  helps
        ctx         …    start   shy     The tree of modules
        nfs    ctx  …    …`,
    },
    {
      help: "Run a command in another module without going there",
      shell: `
        > context cli time 0 time_format 2006
        1970`,
    },
  ],
  run(m, { name, words }) {
    const { session } = m.who;
    if (name === undefined) return list(m, around(session.context));
    if (name === "all") return list(m, m.tree.root.walk());
    if (name === "search" || name === "find") return search(m, words);
    const node =
      name === "root"
        ? m.tree.root
        : name === "back"
          ? (session.context.parent ?? session.context)
          : name === "home"
            ? m.tree.contextNamed(String(findConfig(m.tree.root, "cli.start")?.slot.value ?? m.tree.root.name))
            : m.tree.contextNamed(name, session.context);
    const [verb, ...rest] = words;
    if (verb === undefined) return move(m, node);
    switch (textOf(verb)) {
      case "list":
        return list(m, around(node));
      case "switch":
        return move(m, node);
      case "spawn":
        return spawn(m, node, rest);
      case "close":
        return close(m, node);
      case "start":
        m.nothing();
        return m.tree.life.start(m.who, node);
      default:
        return Promise.resolve(runWords(m, words, node)).then(() => undefined);
    }
  },
});
