/** Headers that every answer has: its type is not guessed, and pages of others cannot embed it. */
export const guarded: readonly string[] = [
  "x-content-type-options",
  "nosniff",
  "cross-origin-resource-policy",
  "same-origin",
];

/** What a page may load: its own scripts, styles, pictures and answers, nothing inline and nothing from elsewhere. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Headers of pages and what belongs to them. */
export const pageHeaders: readonly string[] = [
  ...guarded,
  "referrer-policy",
  "no-referrer",
  "content-security-policy",
  pagePolicy,
];
