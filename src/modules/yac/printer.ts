import { escapeText, quoteText, quoteWord } from "../lex/quote.ts";
import { printStep } from "../lex/steps.ts";
import { bareText } from "../lex/token.ts";
import type { Chain, ExpressionPart, Part, Pipeline, Redirection, Script, Stage, Statement, Word } from "./tree.ts";

/** Writes a tree as canonical text, a statement a line. Its comments are not part of the tree's meaning and are left out. */
export function printScript(script: Script): string {
  return script.statements.map((statement) => `${printStatement(statement)}\n`).join("");
}

export function printStatement(statement: Statement): string {
  return printChain(statement);
}

function printChain(chain: Chain): string {
  const rest = chain.rest.map((link) => ` ${link.operator} ${printPipeline(link.pipeline)}`);
  return printPipeline(chain.first) + rest.join("");
}

function printPipeline(pipeline: Pipeline): string {
  return pipeline.stages
    .map((stage, i) => (i === 0 ? "" : stage.kind === "operators" ? " % " : " | ") + printStage(stage))
    .join("");
}

/** Writes a command or the operators of a stage, with what stands around it. */
export function printStage(stage: Stage): string {
  const pieces = stage.words.map(printWord);
  if (stage.context !== undefined) pieces.unshift(`~${stage.context.name}`);
  // A redirection behind a condition would be read as a comparison.
  for (const redirection of stage.redirections) pieces.push(printRedirection(redirection));
  for (const { operator, expression } of stage.conditions) pieces.push(`${operator} ${expression.text}`);
  return pieces.join(" ");
}

/** Writes a redirection. */
export function printRedirection(redirection: Redirection): string {
  switch (redirection.operator) {
    case "2>&1":
      return redirection.operator;
    case ">$":
    case ">@": {
      const column = redirection.column === undefined ? "" : ` ${printWord(redirection.column)}`;
      return `${redirection.operator} ${printWord(redirection.name)}${column}`;
    }
    default:
      return `${redirection.operator} ${printWord(redirection.target)}`;
  }
}

/** Writes a word so that it is read as the same word. */
export function printWord(word: Word): string {
  const plain = bareText(word);
  if (plain !== undefined && word.parts.some((part) => part.kind !== "bare")) return quoteWord(plain);
  let text = "";
  for (const [i, part] of word.parts.entries()) {
    text += printPart(part, word.parts[i - 1]);
  }
  return text;
}

/** Bare text that came to touch a name by a joined line would be read as part of it: the lines stay joined as they were. */
function printBare(text: string, before: Part | undefined): string {
  const touches =
    before?.kind === "variable" || before?.kind === "setting"
      ? /^[A-Za-z0-9_.[]/.test(text) && !/^(\.(?![A-Za-z_])|\[(?!-?\d+\]|\$\w+\]))/.test(text)
      : before?.kind === "bare" && /[$@]$/.test(before.text);
  return touches ? `\\\n${text}` : text;
}

function printPart(part: Part, before?: Part): string {
  switch (part.kind) {
    case "bare":
      return printBare(part.text, before);
    case "raw":
      return quoteText(part.text);
    case "text":
      return `"${part.parts.map((inner) => (inner.kind === "raw" ? escapeText(inner.text) : printPart(inner))).join("")}"`;
    case "variable":
      return `$${part.name}${part.steps.map(printStep).join("")}`;
    case "setting":
      return `@${part.name}${part.steps.map(printStep).join("")}`;
    case "command":
      return `${part.open}${printInside(part.node)})`;
    case "expression":
      return printExpression(part);
  }
}

function printExpression({ open, text }: ExpressionPart): string {
  if (open === "") return text;
  return open + text + (open === "$[" ? "]" : "}");
}

function printInside(script: Script): string {
  return script.statements.map(printStatement).join("; ");
}
