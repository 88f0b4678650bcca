import {
  type Aliases,
  command,
  config,
  defineCommand,
  didYouMean,
  fail,
  type Message,
  type Tree,
  textOf,
} from "../../ctx/index.ts";

/** What a name stands for: words, or a whole line. */
type Meaning = string | readonly string[];
type Meanings = Readonly<Record<string, Meaning>>;

/** The first words that stand for others. */
export const aliasTable = config<Meanings>(
  "alias",
  { ifconfig: ["tcp.ifconfig"] },
  { en: "First words that stand for others: a list of words, or a line", zh: "启动别名" },
);

const columns = {
  list: [
    { name: "key", type: "text" },
    { name: "value", type: "text" },
  ],
  words: [
    { name: "index", type: "integer" },
    { name: "value", type: "text" },
  ],
} as const;

const wordsOf = (meaning: Meaning): readonly string[] =>
  typeof meaning === "string" ? [meaning] : meaning.map(String);

/** Makes the service that replaces first words. */
export function aliasService(tree: Tree): Aliases {
  return (name) => {
    const all = tree.conf(aliasTable);
    const meaning = Object.hasOwn(all, name) ? all[name] : undefined;
    return meaning === undefined || typeof meaning === "string" ? meaning : wordsOf(meaning);
  };
}

function known(m: Message, name: string): Meaning {
  const all = m.conf(aliasTable);
  const meaning = Object.hasOwn(all, name) ? all[name] : undefined;
  if (meaning === undefined) {
    throw fail("not_found", { what: "alias", name }, { hint: didYouMean(name, Object.keys(all)) });
  }
  return meaning;
}

function set(m: Message, name: string, meaning: Meaning): void {
  m.setConf(aliasTable, { ...m.conf(aliasTable), [name]: meaning });
}

function remove(m: Message, name: string): string {
  const meaning = known(m, name);
  const { [name]: _, ...rest } = m.conf(aliasTable);
  m.setConf(aliasTable, rest);
  return `delete: ${name} [${wordsOf(meaning).join(" ")}]`;
}

function importCommand(m: Message, [module = "", name = "", alias = name]: readonly string[]): void {
  const node = m.tree.contextNamed(module, m.source);
  if (!node.commands.has(name)) {
    const hint = didYouMean(name, node.commands.keys());
    throw fail("unknown_command", { name, context: node.name }, { hint });
  }
  set(m, alias, [`${node.path}.${name}`]);
}

function showAll(m: Message): void {
  m.head(columns.list);
  for (const [key, meaning] of Object.entries(m.conf(aliasTable))) m.push({ key, value: wordsOf(meaning).join(" ") });
}

function showOne(m: Message, name: string): void {
  const words = wordsOf(known(m, name));
  m.head(columns.words);
  for (const [index, value] of words.entries()) m.push({ index, value });
}

/** Lists, shows, sets and deletes aliases. */
export const alias = defineCommand({
  name: "alias",
  help: { en: "Let a first word stand for others", zh: "命令别名" },
  args: {
    words: command(
      {
        en: "NAME to show it, NAME WORD... to set it (one quoted word with blanks is a whole line), delete NAME, import MODULE COMMAND [NAME]",
        zh: "名字, 名字 命令..., delete 名字, import 模块 命令 [名字]",
      },
      { optional: true },
    ),
  },
  examples: [
    {
      help: "Set one, and delete it",
      shell: `
        > alias hi echo hello
        > alias hi
        index  value
            0  echo
            1  hello
        > alias delete hi
        delete: hi [echo hello]`,
    },
  ],
  run(m: Message, { words: given }) {
    const [name, ...words] = given.map(textOf);
    if (name === undefined) return showAll(m);
    if (words.length === 0) return showOne(m, name);
    if (name === "delete" && words.length === 1) return remove(m, words[0] ?? "");
    if (name === "import" && (words.length === 2 || words.length === 3)) return importCommand(m, words);
    if (name === "") throw fail("bad_argument", { command: "alias", problem: "the name is empty" });
    const [only = ""] = words;
    set(m, name, words.length === 1 && /\s/.test(only) ? only : words);
  },
});
