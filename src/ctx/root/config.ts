import { readFileSync } from "node:fs";
import { defineCommand } from "../command.ts";
import type { Setting } from "../context.ts";
import { fail } from "../errors.ts";
import { writeAtomic } from "../kit/atomic-file.ts";
import { deleteChain, getChain, setChain, splitChain } from "../kit/chain.ts";
import { parseJson } from "../kit/json.ts";
import { didYouMean } from "../kit/suggest.ts";
import { isMap, printValue, type Value } from "../kit/value.ts";
import type { Message } from "../message.ts";
import { any, list, text } from "../param.ts";
import type { ConfigSlot, ContextNode } from "../tree.ts";
import { configNames, verbsAnd } from "./names.ts";
import { shape } from "./shape.ts";

/** A setting that was named, and the keys below it. */
interface Named {
  readonly slot: ConfigSlot;
  readonly keys: readonly string[];
}

/** Finds `KEY.SUB…`: the setting of that whole name, one with keys below it, or one of a context (`nfs.ignored.0`). */
export function findConfig(from: ContextNode, name: string): Named | undefined {
  const whole = from.findConfig(name);
  if (whole !== undefined) return { slot: whole, keys: [] };
  const labels = name.split(".");
  for (let cut = labels.length - 1; cut > 0; cut--) {
    const slot = from.findConfig(labels.slice(0, cut).join("."));
    if (slot !== undefined) return { slot, keys: labels.slice(cut) };
  }
  for (let cut = labels.length - 1; cut > 0; cut--) {
    const node = from.tree.context(labels.slice(0, cut).join("."), from);
    const slot = node?.configs.get(labels[cut] ?? "");
    if (slot !== undefined) return { slot, keys: labels.slice(cut + 1) };
  }
  return undefined;
}

function named(m: Message, name: string): Named {
  const from = m.who.session.context;
  const found = findConfig(from, name);
  if (found !== undefined) return found;
  const names = [...from.lookup()].flatMap((node) => [...node.configs.keys()]);
  throw fail("not_found", { what: "config", name }, { hint: didYouMean(name, names) });
}

function show(m: Message, value: Value | undefined): void {
  if (value === undefined) return;
  const table = shape(value);
  if (table === undefined) m.echo(printValue(value));
  else m.write(table);
}

/** Reads a word as the type that stands there now; where nothing stands it is text. */
function like(m: Message, before: Value | undefined, word: string): Value {
  const must = (what: string) =>
    fail("bad_argument", { command: m.found.command.name, problem: `the value must be ${what}, but is "${word}"` });
  if (typeof before === "number") {
    if (word.trim() === "" || !Number.isFinite(Number(word))) throw must("a number");
    return Number(word);
  }
  if (typeof before === "boolean") {
    if (!/^(true|false|on|off|yes|no|1|0)$/.test(word)) throw must("true or false");
    return /^(true|on|yes|1)$/.test(word);
  }
  return word;
}

function set(m: Message, { slot, keys }: Named, value: Value): void {
  // What is kept in a file with this key could not be loaded again.
  if (keys.includes("__proto__"))
    throw fail("bad_argument", { command: "config", problem: 'the key "__proto__" is not allowed' });
  const part = setChain(slot.value as Value, keys, value);
  if ("problem" in part) throw fail("bad_argument", { command: "config", problem: part.problem });
  m.tree.setConf(slot, part.value);
  show(m, slot.value as Value);
}

function setWord(m: Message, at: Named, words: readonly string[]): void {
  const [word = "", ...more] = words;
  const name = [at.slot.name, ...at.keys].join(".");
  if (more.length > 0) {
    throw fail(
      "bad_argument",
      { command: "config", problem: `does not take "${more[0]}"` },
      { hint: `quote a value that has blanks` },
    );
  }
  const before = getChain(at.slot.value as Value, at.keys);
  if (isMap(before) || Array.isArray(before)) {
    const keys = isMap(before) ? Object.keys(before) : [];
    throw fail(
      "bad_argument",
      { command: "config", problem: `"${name}" has parts and is not replaced by a word` },
      { hint: keys.includes(word) ? `config ${name}.${word} shows that part` : `config ${name}.KEY VALUE sets a part` },
    );
  }
  const declared = at.slot.declared !== undefined && at.keys.length === 0;
  set(m, at, like(m, declared || before !== undefined ? before : undefined, word));
}

type Verb = (m: Message, words: readonly string[]) => void | Promise<void>;

const empty: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ["map", {}],
  ["list", []],
  ["string", ""],
  ["number", 0],
  ["boolean", false],
]);

function needs(words: readonly string[], count: number, form: string): void {
  if (words.length < count)
    throw fail("bad_argument", { command: "config", problem: "words are missing" }, { hint: `usage: ${form}` });
}

function create(m: Message, words: readonly string[]): void {
  needs(words, 2, "config create map|list|string|number|boolean KEY [NAME [HELP]]");
  const [kind = "", name = "", title, ...help] = words;
  const value = empty.get(kind);
  if (value === undefined) {
    const problem = `the kind must be ${[...empty.keys()].join(", ")}, but is "${kind}"`;
    throw fail("bad_argument", { command: "config", problem }, { hint: didYouMean(kind, empty.keys()) });
  }
  if (name === "__proto__") throw fail("bad_argument", { command: "config", problem: `"${name}" is no name` });
  const { context } = m.who.session;
  if (context.configs.has(name)) throw fail("already_exists", { what: "config", name });
  context.addConfig(name, value, help.join(" ") || title || name);
  m.echo(name);
}

function remove(m: Message, words: readonly string[]): void {
  needs(words, 1, "config delete KEY[.SUB…]");
  const { slot, keys } = named(m, words[0] ?? "");
  const gone = getChain(slot.value as Value, keys);
  if (keys.length > 0) {
    const left = deleteChain(slot.value as Value, keys);
    if (left === undefined) throw fail("not_found", { what: "config", name: words[0] ?? "" });
    m.tree.setConf(slot, left);
  } else if (slot.declared !== undefined) {
    throw fail(
      "not_allowed",
      { problem: `config "${slot.name}" belongs to ${slot.node.path} and stays` },
      { hint: "only settings made at run time can be deleted" },
    );
  } else slot.node.configs.delete(slot.name);
  m.echo(JSON.stringify(gone));
}

/** Names the settings that were asked for, or all of the current context. */
function chosen(m: Message, names: readonly string[]): Named[] {
  if (names.length > 0) return names.map((name) => named(m, name));
  return [...m.who.session.context.configs.values()].map((slot) => ({ slot, keys: [] }));
}

function asJson(m: Message, names: readonly string[]): string {
  const entries = chosen(m, names).map(({ slot, keys }) => [
    [slot.name, ...keys].join("."),
    getChain(slot.value as Value, keys),
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
}

async function save(m: Message, words: readonly string[]): Promise<void> {
  needs(words, 1, "config save FILE [KEY…]");
  const [file = "", ...names] = words;
  await writeAtomic(m.path(file), asJson(m, names));
}

async function load(m: Message, words: readonly string[]): Promise<void> {
  needs(words, 1, "config load FILE [KEY…]");
  const [file = "", ...names] = words;
  const path = (await m.cmd("nfs.path", file)).text.trim();
  const values = parseJson(readFileSync(m.path(path), "utf8"), file);
  if (!isMap(values)) throw fail("failed", { problem: `"${file}" must hold a map of settings` });
  for (const name of names.length > 0 ? names : Object.keys(values)) {
    if (!Object.hasOwn(values, name))
      throw fail("not_found", { what: "config", name }, { hint: didYouMean(name, Object.keys(values)) });
    const value = values[name] ?? null;
    const at = findConfig(m.who.session.context, name);
    if (at === undefined) m.who.session.context.addConfig(name, value, name);
    else {
      const part = setChain(at.slot.value as Value, at.keys, value);
      if ("problem" in part) throw fail("failed", { problem: `${file}: ${name}: ${part.problem}` });
      m.tree.setConf(at.slot, part.value);
    }
  }
}

function search(m: Message, words: readonly string[]): void {
  const topic = words.join(" ").toLowerCase();
  for (const node of m.tree.root.walk()) {
    for (const slot of node.configs.values()) {
      const route = `${node.name}.${slot.name}`;
      if (`${route} ${m.say(slot.help)}`.toLowerCase().includes(topic)) row(m, slot, route);
    }
  }
}

function row(m: Message, slot: ConfigSlot, name = slot.name): void {
  m.push({ key: name, value: slot.value as Value, name: m.say(slot.help) });
}

const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ["create", create],
  ["delete", remove],
  ["save", save],
  ["load", load],
  ["export", (m, names) => void m.echo(asJson(m, names))],
  ["search", search],
]);

export const config = defineCommand({
  name: "config",
  help: { en: "List, show, set, make, delete, save and load settings", zh: "查看与修改配置" },
  effect: "write",
  args: {
    key: text("Setting, with the keys below it: runtime.node.name; or create, delete, save, load, export, search", {
      optional: true,
      complete: verbsAnd([...verbs.keys()], configNames),
    }),
    words: list(text("Key chain, value, or what the verb takes")),
  },
  columns: { key: text("Setting"), value: any("What it is now"), name: text("What it is for") },
  examples: [
    {
      help: "Make a map, set a part of it, look at it",
      shell: `
        > config create map site name "Where we are"
        site
        > config site city 深圳
        key   value
        city  深圳
        > config site.city
        深圳`,
    },
  ],
  run(m, { key, words }) {
    if (key === undefined || key === "all") {
      const nodes = key === undefined ? [m.who.session.context] : m.tree.root.walk();
      for (const node of nodes)
        for (const slot of node.configs.values())
          row(m, slot, key === undefined ? slot.name : `${node.name}.${slot.name}`);
      return;
    }
    const verb = verbs.get(key);
    if (key !== "search") m.nothing();
    if (verb !== undefined) return verb(m, words) as undefined;
    const at = named(m, key);
    const [word, ...more] = words;
    if (word === undefined) {
      const value = getChain(at.slot.value as Value, at.keys);
      if (value === undefined) throw fail("not_found", { what: "config", name: key }, { hint: nearKey(at) });
      return void show(m, value);
    }
    if (word === "list") return void set(m, at, more);
    if (word === "map") return void set(m, at, pairs(more));
    const before = getChain(at.slot.value as Value, at.keys);
    if (!isMap(before) && !Array.isArray(before)) return void setWord(m, at, words);
    const below = { slot: at.slot, keys: [...at.keys, ...splitChain(word)] };
    if (more.length > 0) return void setWord(m, below, more);
    const value = getChain(before, splitChain(word));
    if (value === undefined)
      throw fail("not_found", { what: "config", name: `${key}.${word}` }, { hint: nearKey(below) });
    show(m, value);
  },
});

function nearKey({ slot, keys }: Named): string | undefined {
  const above = getChain(slot.value as Value, keys.slice(0, -1));
  return isMap(above) ? didYouMean(keys.at(-1) ?? "", Object.keys(above)) : undefined;
}

function pairs(words: readonly string[]): { [key: string]: Value } {
  const entries: [string, Value][] = [];
  for (let i = 0; i < words.length; i += 2) {
    const [key = "", value] = words.slice(i, i + 2);
    if (value === undefined)
      throw fail("bad_argument", { command: "config", problem: `the key "${key}" has no value` });
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
