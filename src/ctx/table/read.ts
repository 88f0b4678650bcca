/** Makes operators of words: what a planned stage runs, and what the commands of the same names do. */
import { fail } from "../errors.ts";
import { didYouMean } from "../kit/suggest.ts";
import { textOf, type Word, type Words } from "../word.ts";
import { Batch, type Columns, columnIndex } from "./batch.ts";
import { hide, rename, select } from "./columns.ts";
import { expand } from "./expand.ts";
import { eq, type Filter, reg, where } from "./filter.ts";
import { group } from "./group.ts";
import { readGroup } from "./group-words.ts";
import { join } from "./join.ts";
import { number } from "./number.ts";
import type { Emit, Operator } from "./operator.ts";
import { order } from "./order.ts";
import { readOrder } from "./order-words.ts";
import { pivot } from "./pivot.ts";
import { enumerate, last, limit, offset, reverse, sample } from "./rows.ts";
import { transpose, vertical } from "./shape.ts";
import { operatorNames, planStages, type StageStep } from "./stage.ts";
import { wrong } from "./step.ts";
import { uniq } from "./uniq.ts";
import { type Computed, format, set, transMap } from "./values.ts";

type AnyWord = string | Word;

/** What operators need from outside. */
export interface Tools {
  /** Gives numbers from 0 to below 1. */
  random(): number;
  /** Compiles the expression of `where`. */
  filter(words: Words): (columns: Columns) => Filter;
  /** Compiles the expression of `set`. */
  compute(words: Words): (columns: Columns) => Computed;
  /** Compiles a regular expression into its search. */
  regex(text: string): (text: string) => boolean;
  /** Gives the table that a word holds: what a command in brackets answered. */
  table(word: AnyWord): readonly Batch[];
}

/** Makes one operator of the words of a stage, `filename size order size limit 3`, or of several that follow each other. */
export function stageOperator(stages: readonly Words[], tools: Tools): Operator {
  return chain(planStages(stages).map((step) => operatorOf(step, tools)));
}

/** Makes the operator of one planned step. */
function operatorOf(step: StageStep<AnyWord>, tools: Tools): Operator {
  const { name, words } = step;
  const texts = words.map(textOf);
  switch (name) {
    case "select":
      return select({ columns: texts, optional: step.optional?.map(textOf) });
    case "hide":
      return hide({ columns: some(name, texts, "a column") });
    case "rename":
      return rename({ pairs: tuples(name, texts, ["a column", "its new name"]) });
    case "where":
      some(name, texts, "a condition");
      return where({ filter: tools.filter(words) });
    case "set":
      return set({ column: one(name, texts, 0, "a column"), value: tools.compute(rest(name, words, 1, "a value")) });
    case "eq":
      return eq({ column: one(name, texts, 0, "a column"), value: one(name, texts, 1, "a value") });
    case "reg":
      return reg({
        column: one(name, texts, 0, "a column"),
        matches: tools.regex(one(name, texts, 1, "a regular expression")),
      });
    case "order":
      some(name, texts, "a column");
      return order({
        keys: (columns) => readOrder(words, (column) => columnIndex(columns, column) >= 0).keys,
        top: step.top,
      });
    case "group":
      return group(readGroup(words));
    case "uniq":
      return uniq({ columns: texts });
    case "limit":
    case "first":
      return limit({ rows: count(name, texts) });
    case "offset":
      return offset({ rows: count(name, texts) });
    case "last":
      return last({ rows: count(name, texts) });
    case "sample":
      return sample({ rows: count(name, texts), random: tools.random });
    case "reverse":
      return reverse();
    case "enumerate":
      return enumerate();
    case "join":
      return readJoin(words, tools);
    case "expand":
      return expand({ column: one(name, texts, 0, "a column"), chain: texts[1] });
    case "trans_map":
      return transMap({ changes: triples(name, texts) });
    case "format":
      return format({ pairs: tuples(name, texts, ["a column", "a format"]) });
    case "pivot":
      return pivot({ column: one(name, texts, 0, "a column"), value: one(name, texts, 1, "a column of values") });
    case "transpose":
      return transpose();
    case "vertical":
      return vertical();
    case "sum":
    case "avg":
    case "min":
    case "max":
      return number({ kind: name, column: one(name, texts, 0, "a column") });
    case "count":
      return number({ kind: "count" });
    default:
      throw fail("unknown_command", { name }, { hint: didYouMean(name, operatorNames) });
  }
}

/** Runs operators one after another as one. */
function chain(operators: readonly Operator[]): Operator {
  const emits = (emit: Emit, from: number): Emit => {
    const operator = operators[from];
    if (operator === undefined) return emit;
    const next = emits(emit, from + 1);
    return (piece) => {
      if (!(piece instanceof Batch)) emit(piece);
      else if (!operator.done) operator.push(piece, next);
    };
  };
  return {
    push: (batch, emit) => emits(emit, 0)(batch),
    end(emit) {
      for (const [i, operator] of operators.entries()) operator.end(emits(emit, i + 1));
    },
    get done() {
      return operators.some((operator) => operator.done);
    },
  };
}

function readJoin(words: Words, tools: Tools): Operator {
  const [table, on, column, left] = words;
  if (table === undefined || textOf(on ?? "") !== "on" || column === undefined) {
    throw wrong("join", "a command in brackets and a column are needed", "write join (command) on column");
  }
  return join({ right: tools.table(table), on: textOf(column), left: left !== undefined && textOf(left) === "left" });
}

function one(name: string, texts: readonly string[], i: number, what: string): string {
  const text = texts[i];
  if (text === undefined) throw wrong(name, `${what} is missing`);
  return text;
}

function some(name: string, texts: readonly string[], what: string): readonly string[] {
  one(name, texts, 0, what);
  return texts;
}

function rest(name: string, words: Words, from: number, what: string): Words {
  if (words.length <= from) throw wrong(name, `${what} is missing`);
  return words.slice(from);
}

function tuples(
  name: string,
  texts: readonly string[],
  what: readonly [string, string],
): readonly (readonly [string, string])[] {
  one(name, texts, 0, what[0]);
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i < texts.length; i += 2)
    pairs.push([one(name, texts, i, what[0]), one(name, texts, i + 1, what[1])]);
  return pairs;
}

function triples(name: string, texts: readonly string[]): readonly (readonly [string, string, string])[] {
  one(name, texts, 0, "a column");
  const found: (readonly [string, string, string])[] = [];
  for (let i = 0; i < texts.length; i += 3) {
    found.push([
      one(name, texts, i, "a column"),
      one(name, texts, i + 1, "the value to replace"),
      one(name, texts, i + 2, "the new value"),
    ]);
  }
  return found;
}

function count(name: string, texts: readonly string[]): number {
  const text = one(name, texts, 0, "the number of rows");
  if (!/^\d{1,15}$/.test(text)) throw wrong(name, `the number of rows must be 0 or more, but is "${text}"`);
  return Number(text);
}
