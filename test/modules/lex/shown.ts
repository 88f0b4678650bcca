import { Source } from "../../../src/ctx/index.ts";
import { type Hooks, type Nested, Scanner, scanAll } from "../../../src/modules/lex/scanner.ts";
import { printStep } from "../../../src/modules/lex/steps.ts";
import type { Part, Token } from "../../../src/modules/lex/token.ts";

/** Scans a nested command to its bracket and gives its words; takes an expression up to the first bracket that closes it. */
export const hooks: Hooks<string, string> = {
  command(source, offset): Nested<string> {
    const scanner = new Scanner(source, hooks, offset);
    const pieces: string[] = [];
    for (;;) {
      const token = scanner.peek();
      if (token.kind === "close" || token.kind === "end") return { node: pieces.join(" "), end: token.start };
      pieces.push(showToken(scanner.next()));
    }
  },
  expression(source, offset): Nested<string> {
    const end = /[\]}]/.exec(source.text.slice(offset));
    const stop = end === null ? source.text.length : offset + end.index;
    return { node: source.text.slice(offset, stop), end: stop };
  },
};

/** Writes a token: the words as their parts, the rest by kind. */
export function showToken(token: Token<string, string>): string {
  switch (token.kind) {
    case "word":
      return `${token.bare ? "" : "!"}${token.parts.map(showPart).join("+")}`;
    case "operator":
      return `<${token.operator}>`;
    default:
      return `<${token.kind}>`;
  }
}

function showPart(part: Part<string, string>): string {
  switch (part.kind) {
    case "bare":
      return part.text;
    case "raw":
      return `'${part.text}'`;
    case "text":
      return `"${part.parts.map(showPart).join("+")}"`;
    case "variable":
      return `$${part.name}${part.steps.map(printStep).join("")}`;
    case "setting":
      return `@${part.name}${part.steps.map(printStep).join("")}`;
    case "command":
      return `${part.open}${part.node})`;
    case "expression":
      return `${part.open}${part.text}${part.open === "$[" ? "]" : "}"}`;
  }
}

/** Scans a text and writes its tokens, without the end. */
export function shown(text: string): string {
  return scanAll(new Source("test", text), hooks).slice(0, -1).map(showToken).join(" ");
}
