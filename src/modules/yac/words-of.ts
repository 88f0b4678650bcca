/** Makes the words of a tree the words of a call: variables, settings and `$(command)` are replaced by what they are. */
import {
  after,
  type Batch,
  type CallWord,
  Collector,
  compileValue,
  didYouMean,
  type ExpressionScope,
  type ExpressionTree,
  fail,
  findConfig,
  getChain,
  inTurn,
  type Maybe,
  type Place,
  printValue,
  readFact,
  type Value,
  type Words,
} from "../../ctx/index.ts";
import type { Step } from "../lex/token.ts";
import type { Frame } from "./frame.ts";
import type { Part, Word } from "./tree.ts";

/** Evaluates the words of a stage; a word that is exactly a list becomes a word an item. */
export function evaluateWords(words: readonly Word[], frame: Frame): Maybe<Words> {
  const done: CallWord[] = [];
  const add = (word: Word): Maybe<void> =>
    after(evaluateWord(word, frame), (made) => {
      for (const one of made) done.push(one);
    });
  return after(inTurn(words, add), () => done);
}

/** Evaluates one word; most give one word, a list gives one an item. */
export function evaluateWord(word: Word, frame: Frame): Maybe<readonly CallWord[]> {
  const at: Place = { source: frame.source, span: word };
  const [only] = word.parts;
  if (word.parts.length === 1 && only?.kind === "expression" && only.open === "") {
    const { source, who } = frame;
    const { now } = who.session.context.tree.clock;
    return [
      { text: only.text, bare: false, expression: { tree: only.node as ExpressionTree, options: { source, now } }, at },
    ];
  }
  if (word.parts.length === 1 && only !== undefined && isTyped(only)) {
    return after(valueOfPart(only, frame, at), (value) => typedWords(value, at));
  }
  return after(textOfParts(word.parts, frame, at), (text) => [
    { text: only?.kind === "bare" ? atHome(text, frame) : text, bare: word.bare, at },
  ]);
}

function textOfParts(parts: readonly Part[], frame: Frame, at: Place): Maybe<string> {
  let text = "";
  const add = (part: Part): Maybe<void> =>
    after(textOfPart(part, frame, at), (more) => {
      text += more;
    });
  return after(inTurn(parts, add), () => text);
}

/** `~` alone and `~/…` are the home folder. */
function atHome(text: string, { who }: Frame): string {
  const home = /^~(?=\/|$)/.test(text) ? who.session.context.tree.host.env["HOME"] : undefined;
  return home === undefined ? text : home + text.slice(1);
}

type TypedPart = Extract<Part, { kind: "variable" | "setting" | "command" | "expression" }>;
const isTyped = (part: Part): part is TypedPart => part.kind !== "bare" && part.kind !== "raw" && part.kind !== "text";

function typedWords(value: Value, at: Place): readonly CallWord[] {
  if (Array.isArray(value)) {
    return (value as readonly Value[]).map((item) => ({ text: printValue(item), bare: false, value: item, at }));
  }
  return [{ text: printValue(value), bare: false, value, at }];
}

function textOfPart(part: Part, frame: Frame, at: Place): Maybe<string> {
  switch (part.kind) {
    case "bare":
    case "raw":
      return part.text;
    case "text":
      return textOfParts(part.parts, frame, at);
    default:
      return after(valueOfPart(part, frame, at), printValue);
  }
}

function valueOfPart(part: TypedPart, frame: Frame, at: Place): Maybe<Value> {
  switch (part.kind) {
    case "variable":
      return follow(variable(part.name, frame, at), part.steps, frame, at);
    case "setting":
      return setting(part.name, part.steps, frame, at);
    case "command":
      return capture(part, frame);
    default:
      return compute(part.node as ExpressionTree, frame);
  }
}

/** `$[expr]` and `${expr}`: values and functions; names come with variables. */
function compute(tree: ExpressionTree, { source, who }: Frame): Maybe<Value> {
  const { now } = who.session.context.tree.clock;
  return compileValue<undefined>(tree, noNames, { source, now }).run(undefined);
}

const noNames: ExpressionScope<undefined> = {
  name: () => undefined,
  text: new Set(["value", "right", "default"]),
  unknown: (node, at) => fail("not_found", { what: "variable", name: node.name }, { at }),
};

/** `$name`: a live fact along the lookup path, else the environment. */
function variable(name: string, { who }: Frame, at: Place): Value {
  const { context } = who.session;
  const { env } = context.tree.host;
  const slot = context.findCache(name);
  if (slot !== undefined) return readFact(slot, who);
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return value;
  throw fail("not_found", { what: "variable", name }, { at, hint: didYouMean(name, Object.keys(env)) });
}

/** `@name.key`: a setting along the lookup path. */
function setting(name: string, steps: readonly Step[], frame: Frame, at: Place): Value {
  const found = findConfig(frame.who.session.context, name);
  if (found === undefined) throw fail("not_found", { what: "config", name }, { at });
  return follow(found.slot.value as Value, steps, frame, at);
}

function follow(value: Value, steps: readonly Step[], frame: Frame, at: Place): Value {
  if (steps.length === 0) return value;
  const keys = steps.map((step) => {
    if (step.kind === "key") return step.name;
    return step.kind === "index" ? String(step.index) : printValue(variable(step.name, frame, at));
  });
  if (typeof value !== "object" || value === null)
    return printValue(value) + frame.source.text.slice(steps[0]?.start, steps.at(-1)?.end);
  const part = getChain(value, keys);
  if (part === undefined) throw fail("not_found", { what: "part", name: keys.join(".") }, { at });
  return part;
}

/** `$(command)`: its table if it showed exactly one (a single cell counts as its value), else its text without the last newline. */
function capture({ node }: Extract<TypedPart, { kind: "command" }>, frame: Frame): Maybe<Value> {
  const collector = new Collector(() => undefined);
  return after(frame.runScript(node, frame, collector), () => {
    const { rows, text, batches } = collector;
    const [first] = batches;
    if (first === undefined || text !== "") return text.replace(/\n$/, "");
    if (rows.length === 1 && first.columns.length === 1)
      return batches.find((batch) => batch.length > 0)?.value(0, 0) ?? null;
    return batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => rowValue(batch, row)));
  });
}

function rowValue(batch: Batch, row: number): Value {
  return batch.columns.length === 1
    ? batch.value(0, row)
    : Object.fromEntries(batch.columns.map(({ name }, column) => [name, batch.value(column, row)]));
}
