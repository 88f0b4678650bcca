/**
 * Plans what the words after `%` do (language.md 7): which operators run, in which order, with which words, and which
 * columns are kept at the end. Pure: it sees words, not tables. Where only the table can tell (is `time` in
 * `order size time` a column or a way to order?) both readings are left open and settled by the operators themselves.
 */
import { isBare, textOf, type Word } from "../word.ts";
import { readOrder } from "./order-words.ts";

/** One operator of a stage with its own words. */
export interface StageStep<W> {
  readonly name: string;
  /** The word that named it; none for the `select` of the columns to keep. */
  readonly word?: W;
  readonly words: readonly W[];
  /** Of `order`: only that many rows are wanted, because a limit follows. */
  readonly top?: number;
  /** Of the last `select`: columns to keep where the table has them. */
  readonly optional?: readonly W[];
}

type AnyWord = string | Word;

/** Where an operator's name is seen as one, and how many of the words that follow belong to it. */
interface Shape {
  readonly anywhere: boolean;
  /** Counts the words of `rest` that are the operator's; `isEnd(i)` says that another operator begins at `rest[i]`. */
  take(rest: readonly AnyWord[], isEnd: (i: number) => boolean): number;
}

const exactly =
  (count: number): Shape["take"] =>
  (rest) =>
    Math.min(count, rest.length);

/** All words up to the next operator, and at least `least`, whatever they are called. */
const upToNext =
  (least: number): Shape["take"] =>
  (rest, isEnd) => {
    let count = Math.min(least, rest.length);
    while (count < rest.length && !isEnd(count)) count++;
    return count;
  };

/** Groups of `size` words: an operator can begin only between two of them, and fewer words after the first group are no group. */
const inGroups =
  (size: number, goesOn: (rest: readonly AnyWord[], start: number) => boolean = () => true): Shape["take"] =>
  (rest, isEnd) => {
    let count = Math.min(size, rest.length);
    while (count + size <= rest.length && !isEnd(count) && goesOn(rest, count)) count += size;
    return count;
  };

/** A second format must look like one; else the words are columns to keep. */
const hasFormat = (rest: readonly AnyWord[], start: number): boolean => textOf(rest[start + 1] ?? "").includes("%");

const comparing = new Set("== != ~ !~ < <= > >= + - * / mod in is between and or not && || ! ? : ??".split(" "));

/**
 * An expression: one word where it was parsed or quoted; otherwise (words of a one-shot) all up to the next operator,
 * whose name is a value where the expression cannot end yet (`where name == limit`).
 */
const anExpression =
  (before: number): Shape["take"] =>
  (rest, isEnd) => {
    const first = rest[before];
    if (first === undefined || !isBare(first)) return Math.min(before + 1, rest.length);
    let count = before + 1;
    while (count < rest.length && !(isEnd(count) && !comparing.has(textOf(rest[count - 1] ?? "")))) count++;
    return count;
  };

/** The rows of the other table come as a word each, up to `on`. */
const joinWords: Shape["take"] = (rest) => {
  const on = rest.findIndex((word) => isBare(word) && textOf(word) === "on");
  if (on < 0) return rest.length;
  return Math.min(on + (textOf(rest[on + 2] ?? "") === "left" ? 3 : 2), rest.length);
};
const optionalChain: Shape["take"] = (rest, isEnd) => (rest.length > 1 && !isEnd(1) ? 2 : Math.min(1, rest.length));

const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...Object.entries({
    select: upToNext(1),
    hide: upToNext(1),
    rename: inGroups(2),
    where: anExpression(0),
    set: anExpression(1),
    eq: exactly(2),
    reg: exactly(2),
    group: upToNext(1),
    order: upToNext(1),
    limit: exactly(1),
    offset: exactly(1),
    expand: optionalChain,
    trans_map: inGroups(3),
    format: inGroups(2, hasFormat),
    vertical: exactly(0),
  }).map(([name, take]): [string, Shape] => [name, { anywhere: true, take }]),
  ...Object.entries({
    sum: exactly(1),
    avg: exactly(1),
    min: exactly(1),
    max: exactly(1),
    count: exactly(0),
    first: exactly(1),
    last: exactly(1),
    sample: exactly(1),
    join: joinWords,
    uniq: upToNext(0),
    reverse: exactly(0),
    enumerate: exactly(0),
    pivot: exactly(2),
    transpose: exactly(0),
    to: exactly(1),
    from: exactly(1),
  }).map(([name, take]): [string, Shape] => [name, { anywhere: false, take }]),
]);

/** Tells whether a word, at the beginning of a stage, is an operator. */
export function isOperator(word: string | Word): boolean {
  return shapeOf(word, true) !== undefined;
}

/**
 * Gives the words that call a step as a command: what the planner found out stands in options, and columns of such
 * names are no options.
 */
export function stepWords<W extends AnyWord>(step: StageStep<W>): readonly (W | string)[] {
  const { name, word = name, words, top, optional } = step;
  if (name !== "order" && name !== "select") return [word, ...words];
  return [
    word,
    ...words.filter(isFlag),
    ...(top === undefined ? [] : ["--top", String(top)]),
    ...(optional === undefined ? [] : ["--optional", optional.map(textOf).join(",")]),
    "--",
    ...words.filter((word) => !isFlag(word)),
  ];
}

/** Plans the stages of one or more `%` that follow each other, as one list of operators in the order to run. */
export function planStages<W extends AnyWord>(stages: readonly (readonly W[])[]): readonly StageStep<W>[] {
  return withTops(stages.flatMap(planWords));
}

/** Flags such as `--json` are said to the last operator, wherever they stand. */
function planWords<W extends AnyWord>(words: readonly W[]): StageStep<W>[] {
  const flags = words.filter(isFlag);
  if (flags.length === 0) return planPlainWords(words);
  const steps = planPlainWords(words.filter((word) => !isFlag(word)));
  const last = steps.pop() ?? { name: "select", words: [] };
  return [...steps, { ...last, words: [...last.words, ...flags] }];
}

function isFlag(word: AnyWord): boolean {
  return isBare(word) && textOf(word).startsWith("--");
}

function planPlainWords<W extends AnyWord>(words: readonly W[]): StageStep<W>[] {
  const steps: StageStep<W>[] = [];
  const keep: W[] = [];
  const optional: W[] = [];
  for (let i = 0; i < words.length; ) {
    const word = words[i] as W;
    const shape = shapeOf(word, i === 0);
    i++;
    if (shape === undefined) {
      keep.push(word);
      continue;
    }
    const rest = words.slice(i);
    const own = rest.slice(
      0,
      shape.take(rest, (at) => shapeOf(rest[at], false) !== undefined),
    );
    i += own.length;
    const name = textOf(word);
    steps.push({ name, word, words: own });
    if (name !== "order") continue;
    const order = readOrder(own, () => false);
    keep.push(...order.rest);
    optional.push(...order.doubtful);
  }
  if (keep.length + optional.length === 0) return steps;
  return [...steps, { name: "select", words: keep, ...(optional.length > 0 && { optional }) }];
}

function shapeOf(word: AnyWord | undefined, first: boolean): Shape | undefined {
  if (word === undefined || !isBare(word)) return undefined;
  const shape = shapes.get(textOf(word));
  return shape !== undefined && (first || shape.anywhere) ? shape : undefined;
}

/** Operators that change no rows: between `order` and `limit` they make no difference. */
const columnsOnly = new Set(["select", "hide", "rename"]);

/** Tells every `order` how many of its rows the limit behind it will let through. */
function withTops<W extends AnyWord>(steps: readonly StageStep<W>[]): readonly StageStep<W>[] {
  return steps.map((step, i) => {
    if (step.name !== "order") return step;
    const next = steps.slice(i + 1).find((later) => !columnsOnly.has(later.name));
    const rows = next?.name === "limit" || next?.name === "first" ? textOf(next.words[0] ?? "") : "";
    return /^\d{1,9}$/.test(rows) ? { ...step, top: Number(rows) } : step;
  });
}
