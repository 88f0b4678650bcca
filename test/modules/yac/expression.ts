import { fail, type Source } from "../../../src/ctx/index.ts";
import type { ExpressionHook, ExpressionRequest } from "../../../src/modules/yac/hooks.ts";

const value = /\s*(?:'[^']*'|"[^"]*"|[$@]?[\p{L}\d_.]+|(?<open>\$?\())/uy;
const joint = /\s*(==|!=|<=|>=|&&|\|\||[-+*/<>]|and\b|or\b)(?!>)/y;

/** A small expression grammar for tests: values joined by operators. Its tree is its text without blanks. */
export const expression: ExpressionHook = (source, offset, request) => {
  let at = offset;
  let tree = "";
  let compared = false;
  for (;;) {
    const operand = readValue(source, at, request);
    tree += operand.tree;
    at = operand.end;
    joint.lastIndex = at;
    const [all = "", operator = ""] = joint.exec(source.text) ?? [];
    const isComparison = operator === "<" || operator === ">";
    const loose = operator === "&&" || operator === "||";
    if (operator === "" || (isComparison && compared) || (loose && request.place === "condition"))
      return { tree, end: at };
    compared = isComparison;
    tree += operator;
    at += all.length;
  }
};

function readValue(source: Source, offset: number, request: ExpressionRequest): { tree: string; end: number } {
  const { text } = source;
  value.lastIndex = offset;
  const found = value.exec(text);
  const open = found?.groups?.["open"];
  const end = offset + (found?.[0].length ?? 0);
  if (found === null || (request.data && /^\s*[$@]/.test(found[0]))) {
    const at = { source, span: { start: offset, end: Math.min(offset + 1, text.length) } };
    throw fail("parse_error", { problem: "a value is missing" }, { at, partial: offset >= text.length });
  }
  if (open === undefined) return { tree: found[0].trim(), end };
  const inner = open === "(" ? expression(source, end, request) : request.command(source, end);
  if (text[inner.end] !== ")") {
    const at = { source, span: { start: end - 1, end } };
    throw fail("parse_error", { problem: 'unclosed "("' }, { at, partial: inner.end >= text.length });
  }
  return { tree: `${open}${text.slice(end, inner.end)})`, end: inner.end + 1 };
}
