/**
 * What may come next while somebody types a command. Nothing here throws: a completer that fails has nothing to offer.
 * Values are plain; whoever puts one into a line quotes it as the line needs.
 */
import { helpIn, type Lang } from "../help-text.ts";
import { type FileGuess, guessFiles } from "../kit/files.ts";
import type { Param, Suggestion } from "../param.ts";
import type { ContextNode, Found } from "../tree.ts";

/** One thing that may come next. */
export interface Completion {
  readonly value: string;
  readonly help: string;
  readonly kind: "command" | "context" | "option" | "value" | "file" | "folder";
}

/** Who types, and where. */
export interface CompletingAt {
  /** The context that commands are looked up from. */
  readonly from: ContextNode;
  readonly cwd: string;
  readonly lang?: Lang | undefined;
  /** Leaves out commands the caller may not run. */
  readonly may?: ((found: Found) => boolean) | undefined;
}

/** The options that every command takes. */
const common: readonly (readonly [string, string, string])[] = [
  ["--help", "Show the help of the command", "显示帮助"],
  ["--json", "Answer as JSON, with everything there is to know", "以 JSON 输出完整消息"],
  ["--ndjson", "Answer as JSON, a row a line", "以 JSON 输出，每行一条"],
  ["--csv", "Answer as comma-separated values", "以 CSV 输出"],
  ["--tsv", "Answer as tab-separated values", "以 TSV 输出"],
  ["--yaml", "Answer as YAML", "以 YAML 输出"],
  ["--md", "Answer as a Markdown table", "以 Markdown 输出"],
  ["--html", "Answer as an HTML table", "以 HTML 输出"],
  ["--text", "Answer as plain text", "以纯文本输出"],
];

/** Completes the last of the words of a command; the first word may be the one that is typed. */
export async function completeLine(words: readonly string[], at: CompletingAt): Promise<Completion[]> {
  const [first = "", ...rest] = words;
  if (rest.length === 0) return completeFirst(first, at);
  if (first.length > 1 && first.startsWith("~")) {
    const from = at.from.tree.context(first.slice(1), at.from);
    return from === undefined ? [] : completeLine(rest, { ...at, from });
  }
  const found = at.from.find(first);
  return found === undefined || at.may?.(found) === false ? [] : complete(found, rest, at);
}

/** Completes the first word of a command: names that can be typed here, `module.command`, and `~module`. */
export function completeFirst(typed: string, at: CompletingAt): Completion[] {
  if (typed.startsWith("~")) return contexts(typed.slice(1), at);
  const dot = typed.lastIndexOf(".");
  if (dot > 0) return inContext(typed.slice(0, dot), typed, at);
  const offered: Completion[] = [];
  for (const node of at.from.lookup()) offered.push(...commandsOf(node, "", at));
  for (const node of at.from.tree.root.children.values()) {
    offered.push({ value: `${node.name}.`, help: helpIn(node.help, at.lang), kind: "context" });
  }
  return fitting(offered, typed);
}

/** Names that begin with `_` are called by the program, those with `/` are pages. */
const isSpecial = /^[_/]/;

function commandsOf(node: ContextNode, before: string, at: CompletingAt): Completion[] {
  return [...node.commands.values()]
    .filter((found) => !isSpecial.test(found.command.name) && at.may?.(found) !== false)
    .map(({ command }) => ({
      value: `${before}${command.name}`,
      help: helpIn(command.help, at.lang),
      kind: "command",
    }));
}

function inContext(route: string, typed: string, at: CompletingAt): Completion[] {
  const node = at.from.tree.context(route, at.from);
  if (node === undefined) return [];
  const below = [...node.children.values()].map(
    (child): Completion => ({ value: `${route}.${child.name}.`, help: helpIn(child.help, at.lang), kind: "context" }),
  );
  return fitting([...commandsOf(node, `${route}.`, at), ...below], typed);
}

/** Completes the name of a context, by its route or by its own name. */
function contexts(typed: string, at: CompletingAt): Completion[] {
  const { root } = at.from.tree;
  return [...root.walk()]
    .map((node) => ({ node, route: node === root ? root.name : node.path.slice(root.name.length + 1) }))
    .filter(({ node, route }) => route.startsWith(typed) || node.name.startsWith(typed))
    .map(({ node, route }) => ({ value: `~${route}`, help: helpIn(node.help, at.lang), kind: "context" }));
}

/** Completes the last of the words after the name of a command. */
export async function complete(found: Found, words: readonly string[], at: CompletingAt): Promise<Completion[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const state = readSoFar(found, before);
  if (state.commandAt !== undefined) return completeLine(words.slice(state.commandAt), at);
  if (state.filling !== undefined) return valuesOf(state.filling, typed, before, at);
  if (typed.startsWith("--") && !state.ended) return dashed(found, state, typed, before, at);
  const values = await positional(found, state, typed, before, at);
  return state.ended ? values : [...values, ...fitting(optionKeys(found, state, "", at), typed)];
}

interface SoFar {
  /** What the next word is a value of, when that is no positional parameter. */
  readonly filling?: Param | undefined;
  /** How many positional words there are. */
  readonly positional: number;
  /** Where the words of another command begin. */
  readonly commandAt?: number | undefined;
  readonly given: ReadonlySet<string>;
  /** `--` has ended the options. */
  readonly ended: boolean;
}

/** Reads the words before the one that is typed, by the rules of `readWords` but without judging them. */
function readSoFar({ args, options }: Found, before: readonly string[]): SoFar {
  const stopAt = args.findIndex(([, param]) => param.kind === "command");
  const given = new Set<string>();
  let positional = 0;
  let ended = false;
  for (let i = 0; i < before.length; i++) {
    const word = before[i] ?? "";
    const [key, value] = keyOf(word);
    const option = ended ? undefined : options.get(key);
    if (!ended && word === "--") ended = true;
    else if (option !== undefined) {
      given.add(key);
      if (value !== undefined) continue;
      const left = before.length - i - 1;
      const count = option.words < 0 ? Number.POSITIVE_INFINITY : option.words;
      if (left < count) return { filling: itemAt(option, left), positional, given, ended };
      i += count;
    } else if (ended || !word.startsWith("--")) {
      if (positional === stopAt) return { positional, commandAt: i, given, ended };
      positional++;
    }
  }
  return { positional, given, ended };
}

/** Takes `--key=value` apart; a word without dashes is a key as it stands. */
function keyOf(word: string): readonly [key: string, value?: string] {
  if (!word.startsWith("--")) return [word];
  const equals = word.indexOf("=");
  return equals < 0 ? [word.slice(2)] : [word.slice(2, equals), word.slice(equals + 1)];
}

/** Gives the part of a parameter that its word at a place fills. */
function itemAt(param: Param, index: number): Param {
  return (param.kind === "list" ? param.items?.[0] : param.items?.[index]) ?? param;
}

async function positional(
  found: Found,
  state: SoFar,
  typed: string,
  before: readonly string[],
  at: CompletingAt,
): Promise<Completion[]> {
  let left = state.positional;
  for (const [, param] of found.args) {
    if (param.words < 0 || left < param.words) return valuesOf(itemAt(param, left), typed, before, at);
    left -= param.words;
  }
  return [];
}

async function dashed(
  found: Found,
  state: SoFar,
  typed: string,
  before: readonly string[],
  at: CompletingAt,
): Promise<Completion[]> {
  const [key, value] = keyOf(typed);
  if (value !== undefined) {
    const param = found.options.get(key);
    if (param === undefined) return [];
    const values = await valuesOf(itemAt(param, 0), value, before, at);
    return values.map((one) => ({ ...one, value: `--${key}=${one.value}` }));
  }
  const formats = common.map(
    ([name, en, zh]): Completion => ({
      value: name,
      help: helpIn({ en, zh }, at.lang),
      kind: "option",
    }),
  );
  return fitting([...optionKeys(found, state, "--", at), ...formats], typed);
}

function optionKeys({ options }: Found, { given }: SoFar, dashes: string, at: CompletingAt): Completion[] {
  return [...options]
    .filter(([key]) => !given.has(key))
    .map(([key, param]) => ({ value: `${dashes}${key}`, help: helpIn(param.help, at.lang), kind: "option" }));
}

/** Gives the values a parameter may have that begin as typed. */
async function valuesOf(
  param: Param,
  typed: string,
  before: readonly string[],
  at: CompletingAt,
): Promise<Completion[]> {
  if (param.complete !== undefined) {
    try {
      const offered = await param.complete(typed, { cwd: at.cwd, from: at.from, words: before });
      return fitting(Array.from(offered, suggested), typed);
    } catch {
      return [];
    }
  }
  if (param.choices !== undefined) return fitting(param.choices.map(suggested), typed);
  switch (param.kind) {
    case "boolean":
    case "flag":
      return fitting(["true", "false"].map(suggested), typed);
    case "command":
      return completeFirst(typed, at);
    case "path":
      return fitting((await guessFiles(typed, at.cwd)).map(fileCompletion), typed);
    default:
      return [];
  }
}

function suggested(one: string | Suggestion): Completion {
  const { value, help = "" } = typeof one === "string" ? { value: one } : one;
  return { value, help, kind: "value" };
}
function fileCompletion({ path, isFolder }: FileGuess): Completion {
  return { value: path, help: "", kind: isFolder ? "folder" : "file" };
}

/** Keeps what begins as typed, each value once; case counts only where it makes a difference. */
function fitting(offered: readonly Completion[], typed: string): Completion[] {
  const lower = typed.toLowerCase();
  const seen = new Set<string>();
  const near = offered.filter(({ value }) => {
    const fits = value.toLowerCase().startsWith(lower) && !seen.has(value);
    if (fits) seen.add(value);
    return fits;
  });
  const exact = near.filter(({ value }) => value.startsWith(typed));
  return exact.length > 0 ? exact : near;
}
