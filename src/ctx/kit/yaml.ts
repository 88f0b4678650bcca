import { parseDocument, stringify } from "yaml";
import { Source } from "../source.ts";
import { flawOf, type Parsed, valueOrFail } from "./json.ts";
import type { Value } from "./value.ts";

/**
 * Reads a YAML document (1.2, core schema: no dates, no classes) that errors call `name`; what is broken in it is a
 * `parse_error` with its place. An empty document is null.
 */
export function parseYaml(text: string, name: string): Value {
  return valueOrFail(readYaml(text), new Source(name, text));
}

function readYaml(text: string): Parsed {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) {
    const [at] = error.pos;
    return { ok: false, problem: uncapitalised(error.message), at, partial: at >= text.trimEnd().length };
  }
  try {
    const value = document.toJS({ maxAliasCount: 100 }) as Value;
    const problem = flawOf(value);
    return problem === undefined ? { ok: true, value } : { ok: false, problem, at: 0, partial: false };
  } catch (error) {
    // Aliases that multiply into a flood are refused only while the value is built.
    const problem = error instanceof Error ? uncapitalised(error.message) : "cannot be read";
    return { ok: false, problem, at: 0, partial: false };
  }
}

/** Writes a JSON-like value as YAML, in block style. */
export function stringifyYaml(value: Value): string {
  return stringify(value, { lineWidth: 0 });
}

function uncapitalised(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
