/** The script engine: text or words to a tree, the tree run for a caller. */
import {
  after,
  isBare,
  type Maybe,
  type Piped,
  type Script as ScriptPort,
  type ScriptRequest,
  type Sink,
  Source,
  textOf,
  type Words,
} from "../../ctx/index.ts";
import { expression } from "./expression.ts";
import type { Frame } from "./frame.ts";
import { isPartial, type Parsed, type ParseOptions, parseScript } from "./parser.ts";
import { runScript } from "./program.ts";
import { resolveCall } from "./resolve.ts";
import type { Script, Stage, Word } from "./tree.ts";
import { linesFromWords } from "./words.ts";

const options: ParseOptions = { expression };

/** Gives the tree of a text without errors; throws the first one. */
function correct({ script, errors, source }: Parsed): { readonly script: Script; readonly source: Source } {
  const [first] = errors;
  if (first !== undefined) throw first;
  return { script, source };
}

/** A call has no text: its words know their places themselves. */
const callSource = new Source("call", "");

/** Runs lines and scripts; what other rooms know as the port `script`. */
export const engine: ScriptPort = {
  run({ source, who, out, signal, piped, travel }: ScriptRequest): Maybe<number> {
    const base = { who, signal, travel, runScript, runLine };
    if ("call" in source) {
      const frame: Frame = { ...base, source: callSource };
      const call = resolveCall(source.call, frame);
      return after(call.run(frame, out, call.takesInput ? piped : undefined), () => 0);
    }
    const parsed =
      "argv" in source
        ? linesFromWords(source.argv, options)
        : parseScript(new Source(source.name, source.text), options);
    const { script, source: text } = correct(parsed);
    return runScript(script, { ...base, source: text }, out, piped);
  },
  isPartial: (text) => isPartial(parseScript(new Source("line", text), options)),
};

/** Runs the text an alias stands for; further words join its first command. */
function runLine(line: string, rest: Words, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<number> {
  const { script, source } = correct(parseScript(new Source("alias", line), options));
  return runScript(joinWords(script, rest), { ...frame, source }, out, piped);
}

function joinWords(script: Script, rest: Words): Script {
  const [statement, ...statements] = script.statements;
  const [stage, ...stages] = statement?.first.stages ?? [];
  if (statement === undefined || stage === undefined || rest.length === 0) return script;
  const joined: Stage = { ...stage, words: [...stage.words, ...rest.map((word) => rawWord(word, stage))] };
  return {
    ...script,
    statements: [{ ...statement, first: { ...statement.first, stages: [joined, ...stages] } }, ...statements],
  };
}

/** A word that is final, as a word of a tree. */
function rawWord(word: Words[number], { start, end }: Stage): Word {
  return { kind: "word", parts: [{ kind: "raw", text: textOf(word), start, end }], bare: isBare(word), start, end };
}
