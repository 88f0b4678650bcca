/** A help text: English, or English with other tongues beside it. */
export type Help = string | { readonly en: string; readonly zh?: string };
export type Lang = "en" | "zh";

/** Gives the text in a tongue, English where there is no other. */
export function helpIn(help: Help, lang: Lang = "en"): string {
  return typeof help === "string" ? help : ((lang === "zh" ? help.zh : undefined) ?? help.en);
}
