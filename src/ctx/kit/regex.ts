import { RE2JS, RE2JSException } from "re2js";

/** Longest pattern that is taken, in bytes of UTF-8. */
export const longestPattern = 10 * 1024;
const remembered = 256;

/** A regular expression of a user. Matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  readonly source: string;
  /** Tells whether the pattern matches somewhere in the text. */
  test(text: string): boolean;
}

const compiled = new Map<string, Pattern>();

/** Compiles a regular expression (RE2 syntax), or says in a sentence why it cannot. */
export function compilePattern(source: string): Pattern | { readonly problem: string } {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (source.length > longestPattern || Buffer.byteLength(source) > longestPattern)
    return { problem: "the regular expression is longer than 10 KB" };
  try {
    const program = RE2JS.compile(source);
    const pattern: Pattern = { source, test: (text) => program.test(text) };
    if (compiled.size >= remembered) compiled.delete(compiled.keys().next().value ?? "");
    compiled.set(source, pattern);
    return pattern;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { problem: `bad regular expression: ${error.message.replace(/^error parsing regexp: /, "")}` };
  }
}
