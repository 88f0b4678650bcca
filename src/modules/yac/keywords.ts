/** First words that begin a statement instead of a command. */
export const keywords: ReadonlySet<string> = new Set([
  "var",
  "let",
  "if",
  "else",
  "for",
  "fun",
  "kit",
  "return",
  "break",
  "continue",
  "try",
  "catch",
  "label",
  "goto",
  "end",
]);
