import { isDigit, isNameStart, nameEnd } from "./chars.ts";
import type { Step } from "./token.ts";

const none: readonly Step[] = [];

/** Scans the `.key`, `[0]` and `[$name]` that touch a variable. What is no step is text: `$file.` and `$x[a-z]*`. */
export function scanSteps(text: string, start: number): readonly Step[] {
  let steps: Step[] | undefined;
  for (let at = start; ; ) {
    const step = text[at] === "." ? scanKey(text, at) : text[at] === "[" ? scanIndex(text, at) : undefined;
    if (step === undefined) return steps ?? none;
    steps ??= [];
    steps.push(step);
    at = step.end;
  }
}

function scanKey(text: string, start: number): Step | undefined {
  if (!isNameStart(text.charCodeAt(start + 1))) return undefined;
  const end = nameEnd(text, start + 1);
  return { kind: "key", name: text.slice(start + 1, end), start, end };
}

function scanIndex(text: string, start: number): Step | undefined {
  const first = start + 1;
  if (text[first] === "$" && isNameStart(text.charCodeAt(first + 1))) {
    const end = nameEnd(text, first + 1);
    return text[end] === "]" ? { kind: "variable", name: text.slice(first + 1, end), start, end: end + 1 } : undefined;
  }
  const digits = text[first] === "-" ? first + 1 : first;
  let end = digits;
  while (isDigit(text.charCodeAt(end))) end++;
  const padded = text[digits] === "0" && end > digits + 1;
  if (end === digits || padded || end - digits > 15 || text[end] !== "]") return undefined;
  return { kind: "index", index: Number(text.slice(first, end)), start, end: end + 1 };
}

/** Writes a step as it is typed. */
export function printStep(step: Step): string {
  switch (step.kind) {
    case "key":
      return `.${step.name}`;
    case "index":
      return `[${Object.is(step.index, -0) ? "-0" : step.index}]`;
    case "variable":
      return `[$${step.name}]`;
  }
}
