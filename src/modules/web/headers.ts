/** Headers that every answer has: nothing is guessed, nothing told to others, nothing embedded elsewhere. */
export const guarded: readonly string[] = [
  "x-content-type-options",
  "nosniff",
  "referrer-policy",
  "no-referrer",
  "cross-origin-resource-policy",
  "same-origin",
];

/** What a page may load: its own scripts, styles, pictures and answers, nothing inline and nothing from elsewhere. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Headers of pages and what belongs to them. */
export const pageHeaders: readonly string[] = [...guarded, "content-security-policy", pagePolicy];
