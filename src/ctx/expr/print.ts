import { printDuration } from "../kit/time.ts";
import { Duration, printValue, type Value } from "../kit/value.ts";
import { chainLevels, level, type Tree } from "./tree.ts";

/** Writes a tree as text that parses back to the same tree. */
export function printTree(tree: Tree): string {
  return print(tree, level.choose);
}

/** Writes a tree where something as tight as `least` is wanted: looser ones stand in parentheses. */
function print(tree: Tree, least: number): string {
  const text = bare(tree);
  return levelOf(tree) < least ? `(${text})` : text;
}

function levelOf(tree: Tree): number {
  switch (tree.kind) {
    case "choose":
    case "not":
    case "compare":
    case "negate":
      return tree.kind === "negate" ? level.unary : level[tree.kind];
    case "between":
    case "is null":
      return level.compare;
    case "chain":
      return chainLevels[tree.links[0]?.op ?? "or"];
    case "literal":
      // `5.x` would be one number.
      return typeof tree.value === "object" && tree.value !== null ? level.unary : literalLevel(tree.value);
    default:
      return level.postfix;
  }
}

const literalLevel = (value: Value): number => (typeof value === "number" ? level.unary : level.postfix);

function bare(tree: Tree): string {
  switch (tree.kind) {
    case "literal":
      return printLiteral(tree.value);
    case "name":
      return tree.name;
    case "column":
      return backticks(tree.name);
    case "text":
      return printText(tree.parts);
    case "list":
      return `[${tree.items.map(printTree).join(", ")}]`;
    case "map":
      return `{${tree.entries.map(({ key, value }) => `${printKey(key)}: ${printTree(value)}`).join(", ")}}`;
    case "chain": {
      const tight = levelOf(tree) + 1;
      return print(tree.first, tight) + tree.links.map(({ op, value }) => ` ${op} ${print(value, tight)}`).join("");
    }
    case "compare":
      return `${print(tree.left, level.sum)} ${tree.op} ${print(tree.right, level.sum)}`;
    case "between":
      return `${print(tree.of, level.sum)} between ${print(tree.low, level.sum)} and ${print(tree.high, level.sum)}`;
    case "is null":
      return `${print(tree.of, level.sum)} is null`;
    case "not":
      return `not ${print(tree.of, level.not)}`;
    case "negate":
      return `-${print(tree.of, level.unary)}`;
    case "choose":
      return `${print(tree.test, level.default)} ? ${printTree(tree.yes)} : ${printTree(tree.no)}`;
    case "part":
      return `${print(tree.of, level.postfix)}.${key.test(tree.key) ? tree.key : backticks(tree.key)}`;
    case "index":
      return `${print(tree.of, level.postfix)}[${printTree(tree.index)}]`;
    case "call":
      return `${tree.name}(${tree.args.map(printTree).join(", ")})`;
    case "host":
      return tree.text;
  }
}

const key = /^\p{ID_Continue}+$/u;
const backticks = (name: string): string => `\`${name.replaceAll("`", "``")}\``;
const printKey = (name: string): string => (key.test(name) ? name : quote(name));

/** Writes a value as an expression that has this value. */
function printLiteral(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (value === null) return "null";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Duration) return printDuration(value.ms);
  return printValue(value);
}

/** Quotes a text so that an expression, and a command line, read it back as it is. */
export function quote(text: string): string {
  return text.includes("'") ? `"${escapeText(text)}"` : `'${text}'`;
}

const escapeText = (text: string): string =>
  text.replace(/["$\\\p{Cc}]/gu, (character) => escapes.get(character) ?? character);

const escapes: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\u001b", "\\e"],
  ['"', '\\"'],
  ["$", "\\$"],
  ["\\", "\\\\"],
]);

function printText(parts: readonly (string | Tree)[]): string {
  let text = "";
  for (const part of parts) {
    if (typeof part !== "string") text += part.kind === "host" ? part.text : `\${${printTree(part)}}`;
    // What follows `$name` must not become a part of the name.
    else if (/\w$/.test(text) && /^[\w.[]/.test(part))
      text += `\\u{${part.charCodeAt(0).toString(16)}}${escapeText(part.slice(1))}`;
    else text += escapeText(part);
  }
  return `"${text}"`;
}
