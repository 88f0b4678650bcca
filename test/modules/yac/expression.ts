import { fail, type Source } from "../../../src/ctx/index.ts";
import type { ExpressionHook, ExpressionRequest } from "../../../src/modules/yac/hooks.ts";

const value = /\s*(?:'[^']*'|"[^"]*"|[$@]?[\p{L}\d_.]+|(?<open>\$?\())/uy;
const joint = /\s*(==|!=|<=|>=|&&|\|\||[-+*/<>]|and\b|or\b)(?!>)/y;

/** A small expression grammar for tests: values joined by operators, and any `$`. Its tree is no more than a name. */
export const expression: ExpressionHook = (source, offset, request) => {
  let at = offset;
  let compared = false;
  for (;;) {
    at = readValue(source, at, request);
    joint.lastIndex = at;
    const [all = "", operator = ""] = joint.exec(source.text) ?? [];
    const isComparison = operator === "<" || operator === ">";
    const loose = operator === "&&" || operator === "||";
    if (operator === "" || (isComparison && compared) || (loose && request.place === "condition")) {
      return { tree: { kind: "name", span: { start: offset, end: at }, name: "" }, end: at };
    }
    compared = isComparison;
    at += all.length;
  }
};

/** Gives the end of a value. */
function readValue(source: Source, offset: number, request: ExpressionRequest): number {
  const { text } = source;
  value.lastIndex = offset;
  const found = value.exec(text);
  const open = found?.groups?.["open"];
  const end = offset + (found?.[0].length ?? 0);
  if (found === null || (request.data && /^\s*[$@]/.test(found[0]))) {
    const at = { source, span: { start: offset, end: Math.min(offset + 1, text.length) } };
    throw fail("parse_error", { problem: "a value is missing" }, { at, partial: offset >= text.length });
  }
  if (open === undefined) return end;
  const inner = open === "(" ? expression(source, end, request) : request.command(source, end);
  if (text[inner.end] !== ")") {
    const at = { source, span: { start: end - 1, end } };
    throw fail("parse_error", { problem: 'unclosed "("' }, { at, partial: inner.end >= text.length });
  }
  return inner.end + 1;
}
