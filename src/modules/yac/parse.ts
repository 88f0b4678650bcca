import { defineCommand, integer, list, Source, type Span, text } from "../../ctx/index.ts";
import { expression } from "./expression.ts";
import { parseScript } from "./parser.ts";
import type { Chain, Part, Pipeline, Script, Stage, Word } from "./tree.ts";

/** A node of a tree, and how deep it stands. */
interface Node extends Span {
  readonly depth: number;
  readonly kind: string;
}

/** Lists the nodes of a tree from the top down; what holds one thing only is left out. */
export function listNodes(script: Script, depth = 0): readonly Node[] {
  return script.statements.flatMap((chain) => listChain(chain, depth));
}

function node(kind: string, depth: number, { start, end }: Span): Node {
  return { kind, depth, start, end };
}

function listChain(chain: Chain, depth: number): readonly Node[] {
  if (chain.rest.length === 0) return listPipeline(chain.first, depth);
  const links = chain.rest.flatMap((link) => [
    node(link.operator, depth + 1, link),
    ...listPipeline(link.pipeline, depth + 1),
  ]);
  return [node("chain", depth, chain), ...listPipeline(chain.first, depth + 1), ...links];
}

function listPipeline(pipeline: Pipeline, depth: number): readonly Node[] {
  const inside = pipeline.stages.length === 1 ? depth : depth + 1;
  const stages = pipeline.stages.flatMap((stage) => listStage(stage, inside));
  return inside === depth ? stages : [node("pipeline", depth, pipeline), ...stages];
}

function listStage(stage: Stage, depth: number): readonly Node[] {
  const inside = depth + 1;
  return [
    node(stage.kind, depth, stage),
    ...(stage.context === undefined ? [] : [node("context", inside, stage.context)]),
    ...stage.words.flatMap((word) => listWord(word, inside)),
    ...stage.conditions.map((condition) => node("condition", inside, condition)),
    ...stage.redirections.map((redirection) => node("redirection", inside, redirection)),
  ];
}

function listWord(word: Word, depth: number): readonly Node[] {
  const [part] = word.parts;
  const kind = part?.kind === "expression" && part.open === "" ? "expression" : "word";
  return [node(kind, depth, word), ...listParts(word.parts, depth + 1)];
}

/** Lists the commands inside of a word. */
function listParts(parts: readonly Part[], depth: number): readonly Node[] {
  return parts.flatMap((part) => {
    if (part.kind === "text") return listParts(part.parts, depth);
    return part.kind === "command" ? listNodes(part.node, depth) : [];
  });
}

export const parseCommand = defineCommand({
  name: "parse",
  help: { en: "Show the tree of a line", zh: "显示命令行的语法树" },
  effect: "read",
  args: { line: list(text({ en: "The line, in quotes", zh: "命令行，加引号" }), { required: true }) },
  columns: {
    depth: integer({ en: "How deep it stands in the tree", zh: "层级" }),
    kind: text({ en: "What it is", zh: "类型" }),
    text: text({ en: "The text as it was typed", zh: "文本" }),
    line: integer({ en: "Line it begins on", zh: "行" }),
    column: integer({ en: "Character of the line it begins at", zh: "列" }),
  },
  examples: [
    {
      help: "See what belongs to what",
      shell: `
        > yac.parse 'dir etc % limit 3'
        depth  kind       text               line  column
            0  pipeline   dir etc % limit 3     1       1
            1  call       dir etc               1       1
            2  word       dir                   1       1
            2  word       etc                   1       5
            1  operators  limit 3               1      11
            2  word       limit                 1      11
            2  word       3                     1      17`,
    },
  ],
  run(_m, { line }) {
    const source = new Source("line", line.join(" "));
    const { script, errors } = parseScript(source, { expression });
    const [first] = errors;
    if (first !== undefined) throw first;
    return listNodes(script).map(({ depth, kind, start, end }) => ({
      depth,
      kind,
      text: source.text.slice(start, end),
      ...source.place(start),
    }));
  },
});
