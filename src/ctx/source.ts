/** A half-open range of UTF-16 units in a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text with a name, so that errors can say where in it they are: a script file, or the line that was typed. */
export class Source {
  readonly name: string;
  readonly text: string;
  /** The number of the first line, for lines that are part of a bigger text. */
  readonly firstLine: number;

  constructor(name: string, text: string, firstLine = 1) {
    this.name = name;
    this.text = text;
    this.firstLine = firstLine;
  }

  /** Finds the 1-based line and column (in code points) of an offset. */
  place(offset: number): { line: number; column: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let line = this.firstLine;
    let start = 0;
    for (let i = this.text.indexOf("\n"); i >= 0 && i < at; i = this.text.indexOf("\n", i + 1)) {
      line++;
      start = i + 1;
    }
    return { line, column: [...this.text.slice(start, at)].length + 1 };
  }
}

/** A place in a source. */
export interface Place {
  readonly source: Source;
  readonly span: Span;
}

const widest = 160;

/**
 * Draws a place as people read it (after Elvish's `diag.Context`):
 *
 *     etc/local.shy:3:24: dir etc % order lines
 *                                         ^^^^^
 *
 * A long line is cut around the culprit. `width` tells how many terminal cells a text takes.
 */
export function drawPlace({ source, span }: Place, width: (text: string) => number = (text) => text.length): string {
  const { line, column } = source.place(span.start);
  const begin = source.text.lastIndexOf("\n", span.start - 1) + 1;
  const newline = source.text.indexOf("\n", span.start);
  const end = newline < 0 ? source.text.length : newline;
  const from = span.start - begin > widest / 2 ? span.start - widest / 2 : begin;
  const to = Math.min(end, from + widest);
  const clean = (text: string): string => text.replace(/\t/g, " ").replace(/\p{Cc}/gu, "·");
  const before = (from > begin ? "…" : "") + clean(source.text.slice(from, span.start));
  const culprit = clean(source.text.slice(span.start, Math.min(Math.max(span.end, span.start), to)));
  const after = clean(source.text.slice(span.start + culprit.length, to)) + (to < end ? "…" : "");
  const head = `${source.name}:${line}:${column}: `;
  const marks = "^".repeat(Math.max(1, width(culprit)));
  return `${head}${before}${culprit}${after}\n${" ".repeat(width(head) + width(before))}${marks}`;
}
