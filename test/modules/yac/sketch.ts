import { printRedirection, printWord } from "../../../src/modules/yac/printer.ts";
import type { Chain, Pipeline, Script, Stage } from "../../../src/modules/yac/tree.ts";

/** Writes a tree in few words, as it is shown to people: `(pipe (call dir etc) (operators order size))`. */
export function sketch(script: Script): string {
  return script.statements.map(sketchChain).join("\n");
}

function sketchChain(chain: Chain): string {
  return chain.rest.reduce(
    (left, link) => `(${link.operator} ${left} ${sketchPipeline(link.pipeline)})`,
    sketchPipeline(chain.first),
  );
}

function sketchPipeline({ stages }: Pipeline): string {
  const pieces = stages.map(sketchStage);
  return pieces.length === 1 ? pieces.join("") : `(pipe ${pieces.join(" ")})`;
}

function sketchStage(stage: Stage): string {
  const pieces: string[] = [stage.kind];
  if (stage.context !== undefined) pieces.push(`~${stage.context.name}`);
  for (const word of stage.words) {
    const [part] = word.parts;
    const isExpression = part?.kind === "expression" && part.open === "";
    pieces.push(isExpression ? `{${part.text}}` : printWord(word));
  }
  for (const { operator, expression } of stage.conditions) pieces.push(`(${operator} {${expression.text}})`);
  for (const redirection of stage.redirections) pieces.push(`(${printRedirection(redirection)})`);
  return `(${pieces.join(" ")})`;
}
