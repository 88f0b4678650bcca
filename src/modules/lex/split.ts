import { defineCommand, fail, integer, list, parseExpression, Source, type Span, text } from "../../ctx/index.ts";
import { type Nested, Scanner } from "./scanner.ts";
import { bareText, type Part, type Token } from "./token.ts";
import { isContextName, watchCall, watchOperators } from "./watch.ts";

/** A token, a part of one, or a piece of an expression, and how deep it stands in others. */
export interface Piece extends Span {
  readonly kind: string;
  readonly depth: number;
}

const deepest = 500;

/** Cuts a text as the parser would: words and what stands between them, and expressions where they are asked for. */
export function splitText(source: Source): readonly Piece[] {
  return split(source, 0, 0).node;
}

function split(source: Source, start: number, depth: number): Nested<readonly Piece[]> {
  // A command in a word stands two levels below it: word, part, command.
  if (depth > 2 * deepest) {
    throw fail(
      "parse_error",
      { problem: `nested deeper than ${deepest}` },
      { at: { source, span: { start, end: start } } },
    );
  }
  const pieces: Piece[] = [];
  const scanner = new Scanner<readonly Piece[], readonly Piece[]>(
    source,
    {
      command: (_source, offset) => split(source, offset, depth + 2),
      expression: (_source, offset) => splitExpression(source, offset, depth + 2, { inside: true }),
    },
    start,
  );
  const expression = (options: Parameters<typeof splitExpression>[3]): void => {
    const { node, end } = splitExpression(source, scanner.offset, depth + 1, options);
    pieces.push(...node);
    scanner.seek(end);
  };
  let watch = watchCall();
  let isFirst = true;
  // A line that ends with an operator goes on: the newline begins nothing.
  let goesOn = false;
  for (;;) {
    const token = scanner.peek();
    if (token.kind === "end" || (token.kind === "close" && depth > 0)) return { node: pieces, end: token.start };
    scanner.next();
    pieces.push({ kind: token.kind, depth, start: token.start, end: token.end });
    if (token.kind === "word") {
      for (const part of token.parts) if (!token.bare) pieces.push(...splitPart(part, depth + 1));
      const bare = bareText(token);
      if (!(isFirst && isContextName(bare)) && watch.word(bare)) expression({ stage: true });
      isFirst = false;
    } else if (token.kind === "operator" && (token.operator === "?" || token.operator === "??")) {
      expression({ short: true });
    } else if (beginsStage(token) && !(token.kind === "newline" && goesOn)) {
      const isOperators = token.kind === "operator" && token.operator === "%";
      watch = isOperators ? watchOperators() : watchCall();
      isFirst = !isOperators;
    }
    if (token.kind !== "newline" && token.kind !== "comment") goesOn = token.kind === "operator";
  }
}

const ends: ReadonlySet<string> = new Set(["|", "%", ";", "&&", "||", "&"]);

function beginsStage(token: Token<unknown, unknown>): boolean {
  return token.kind === "newline" || (token.kind === "operator" && ends.has(token.operator));
}

function splitPart(part: Part<readonly Piece[], readonly Piece[]>, depth: number): readonly Piece[] {
  const piece: Piece = { kind: part.kind, depth, start: part.start, end: part.end };
  if (part.kind === "text") return [piece, ...part.parts.flatMap((inner) => splitPart(inner, depth))];
  return part.kind === "command" || part.kind === "expression" ? [piece, ...part.node] : [piece];
}

function splitExpression(
  source: Source,
  offset: number,
  depth: number,
  options: { readonly stage?: boolean; readonly short?: boolean; readonly inside?: boolean },
): Nested<readonly Piece[]> {
  const node: Piece[] = [];
  const { end } = parseExpression(source, offset, {
    ...options,
    seen: (kind, { start, end }) => node.push({ kind, depth, start, end }),
  });
  return { node, end };
}

export const splitCommand = defineCommand({
  name: "split",
  help: { en: "Cut a line into tokens, with kinds and places", zh: "切分命令行，显示词法单元" },
  effect: "read",
  args: { line: list(text({ en: "The line, in quotes", zh: "命令行，加引号" }), { required: true }) },
  columns: {
    depth: integer({ en: "How deep it stands in other tokens", zh: "层级" }),
    kind: text({ en: "What it is", zh: "类型" }),
    text: text({ en: "The text as it was typed", zh: "文本" }),
    line: integer({ en: "Line it begins on", zh: "行" }),
    column: integer({ en: "Character of the line it begins at", zh: "列" }),
  },
  examples: [
    {
      help: "See where the words of a line end",
      shell: `
        > lex.split 'dir etc | wc -l'
        depth  kind      text  line  column
            0  word      dir      1       1
            0  word      etc      1       5
            0  operator  |        1       9
            0  word      wc       1      11
            0  word      -l       1      14`,
    },
  ],
  run(_m, { line }) {
    const source = new Source("line", line.join(" "));
    return splitText(source).map(({ depth, kind, start, end }) => {
      const shown = kind === "newline" ? "" : source.text.slice(start, end);
      return { depth, kind, text: shown, ...source.place(start) };
    });
  },
});
