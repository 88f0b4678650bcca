import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { allowedTo } from "../allowed.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import { completeLine } from "../describe/complete.ts";
import { fieldColumns, fieldRows, form, formColumns, formRow } from "../describe/form.ts";
import { help } from "../describe/help.ts";
import { manual } from "../describe/manual.ts";
import { hasHttp, openapi } from "../describe/openapi.ts";
import { schema } from "../describe/schema.ts";
import { usage } from "../describe/usage.ts";
import { unknownCommand } from "../dispatch.ts";
import { fail } from "../errors.ts";
import { helpIn } from "../help-text.ts";
import { writeAtomic } from "../kit/atomic-file.ts";
import type { Message } from "../message.ts";
import { command as commandKind, text } from "../param.ts";
import { batchesOf } from "../table/batch.ts";
import type { ContextNode, Found } from "../tree.ts";
import { textOf, type Word, type Words } from "../word.ts";
import { runWords } from "./run-words.ts";

const verbs = [
  "help",
  "all",
  "list",
  "brow",
  "search",
  "add",
  "delete",
  "complete",
  "schema",
  "form",
  "openapi",
  "manual",
];

/** Names that begin with `_` are called by the program, not by people; `command all` shows them. */
const isHidden = (name: string): boolean => name.startsWith("_");

function row(m: Message, found: Found, key = found.command.name): void {
  m.push({ key, name: usage(found.command), help: m.say(found.command.help) });
}

function list(m: Message, node: ContextNode): void {
  for (const name of [...node.commands.keys()].sort()) {
    const found = node.commands.get(name);
    if (found !== undefined && !isHidden(name)) row(m, found);
  }
}

function listAll(m: Message, topic = ""): void {
  const wanted = topic.toLowerCase();
  for (const node of m.tree.root.walk()) {
    for (const found of node.commands.values()) {
      const { command } = found;
      const about = [
        found.right,
        helpIn(command.help, "en"),
        helpIn(command.help, "zh"),
        ...(command.words ?? []),
      ].join(" ");
      if (about.toLowerCase().includes(wanted)) row(m, found, found.right);
    }
  }
}

function find(m: Message, name: string): Found {
  const found = m.who.session.context.find(name);
  if (found === undefined) throw unknownCommand(name, m.who.session.context);
  return found;
}

/** A command made at run time: runs a line or words, with the words of the call joined to them. */
function made(name: string, words: Words): AnyCommand {
  return defineCommand({
    name,
    help: words.map(textOf).join(" "),
    args: { rest: commandKind("Joined to the words it was made of", { optional: true }) },
    input: "table",
    run: async (m, { rest }) => {
      await runWords(m, [...words, ...rest]);
    },
  });
}

function add(m: Message, [name, ...words]: Words): void {
  if (name === undefined || words.length === 0) {
    throw fail(
      "bad_argument",
      { command: "command", problem: "words are missing" },
      { hint: "usage: command add NAME COMMAND…" },
    );
  }
  const { context } = m.who.session;
  const key = textOf(name);
  if (!/^[^\s.]+$/u.test(key)) {
    const problem = `"${key}" is no name for a command`;
    throw fail("bad_argument", { command: "command", problem }, { hint: "a word without blanks and dots" });
  }
  const before = context.commands.get(key);
  if (before !== undefined && !madeHere.has(before.command))
    throw fail("already_exists", { what: "command", name: key });
  const command = made(key, words);
  madeHere.add(command);
  context.addCommand(command);
}
const madeHere = new WeakSet<AnyCommand>();

function remove(m: Message, [name]: Words): void {
  const key = textOf(name ?? "");
  const { context } = m.who.session;
  const found = context.commands.get(key);
  if (found === undefined) throw unknownCommand(key, context);
  if (!madeHere.has(found.command)) {
    throw fail(
      "not_allowed",
      { problem: `command "${key}" belongs to ${context.path} and stays` },
      { hint: "only commands made with command add can be deleted" },
    );
  }
  context.removeCommand(key);
}

async function writeManual(m: Message, [folder = "docs/reference"]: readonly (string | Word)[]): Promise<void> {
  const dir = m.path(textOf(folder));
  mkdirSync(dir, { recursive: true });
  for (const [name, page] of manual(m.tree)) await writeAtomic(join(dir, name), page);
  m.echo(textOf(folder));
}

/** Lists the commands that can be called from a page. */
function listForms(m: Message): void {
  const may = allowedTo(m.tree, m.who);
  const all = [...m.tree.root.walk()].flatMap((node) => [...node.commands.values()]);
  const rows = all.filter((found) => hasHttp(found) && may(found)).map((found) => formRow(found, m.who.lang));
  for (const batch of batchesOf(rows, formColumns)) m.write(batch);
}

/** The form of a command: HTML for people, its fields as rows for programs. */
function showForm(m: Message, found: Found): void {
  m.echo(`${form(found, m.who.lang)}\n`);
  for (const batch of batchesOf(fieldRows(found, m.who.lang), fieldColumns)) m.write(batch);
}

/** What may come next after words; the last one is being typed. */
async function listCompletions(m: Message, words: Words): Promise<void> {
  const { cwd, context } = m.who.session;
  const at = { from: context, cwd, lang: m.who.lang, may: allowedTo(m.tree, m.who) };
  for (const { value, kind, help: about } of await completeLine(words.map(textOf), at)) {
    m.push({ key: value, name: kind, help: about });
  }
}

export const command = defineCommand({
  name: "command",
  help: { en: "List commands, show the help of one, make and delete them", zh: "查看与管理命令" },
  effect: "write",
  args: {
    verb: text(
      {
        en: "help NAME, all, search TOPIC, add NAME WORD…, delete NAME, complete WORD…, schema NAME, form [NAME], openapi, manual DIR; or a command",
        zh: "操作",
      },
      { optional: true, complete: () => verbs },
    ),
    words: commandKind("What the verb takes", { optional: true }),
  },
  columns: { key: text("Name"), name: text("Usage"), help: text("What it does") },
  examples: [
    {
      help: "What a command takes",
      shell: `
        > command help pwd
        pwd: pwd …
        …`,
    },
    {
      help: "Make a command of the current module from words, and take it away again",
      shell: `
        > command add hi echo hello
        > hi world
        hello world
        > command delete hi`,
    },
    {
      help: "What may come next: the last word is being typed",
      shell: `
        > command complete dir etc dir_type f
        key   name   help
        file  value`,
    },
    {
      help: "The input of a command as JSON Schema",
      shell: `
        > command schema pwd
        {
        …`,
    },
    {
      help: "The fields of its form, as rows; `command form` alone lists the commands that have one",
      shell: `
        > command form sleep % select key kind required
        key   kind      required
        time  duration  true`,
    },
  ],
  run(m, { verb, words }): undefined | string | Promise<void> {
    const { context } = m.who.session;
    const [first = ""] = words;
    switch (verb) {
      case undefined:
      case "list":
        list(m, context);
        return;
      case "all":
        listAll(m);
        return;
      case "search":
        listAll(m, words.map(textOf).join(" "));
        return;
      case "brow":
        row(m, find(m, textOf(first)));
        return;
      case "help":
        if (words.length === 0) list(m, context);
        else return help(find(m, textOf(first)), m.who.lang);
        return;
      case "add":
        m.nothing();
        add(m, words);
        return;
      case "delete":
        m.nothing();
        remove(m, words);
        return;
      case "manual":
        return writeManual(m, words);
      case "schema":
        return `${JSON.stringify(schema(find(m, textOf(first)), m.who.lang), undefined, 2)}\n`;
      case "form":
        if (words.length === 0) listForms(m);
        else showForm(m, find(m, textOf(first)));
        return;
      case "openapi":
        return `${JSON.stringify(openapi(m.tree, { lang: m.who.lang, may: allowedTo(m.tree, m.who) }), undefined, 2)}\n`;
      case "complete":
        return listCompletions(m, words);
      default:
        return Promise.resolve(runWords(m, [verb, ...words])).then(() => undefined);
    }
  },
});
