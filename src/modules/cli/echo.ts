import { defineCommand, list, text } from "../../ctx/index.ts";

/** Shows words. */
export const echo = defineCommand({
  name: "echo",
  help: { en: "Show words", zh: "输出文本" },
  effect: "read",
  args: { words: list(text({ en: "What to show", zh: "文本" })) },
  examples: [{ help: "Two words", shell: "> echo hello world\nhello world" }],
  words: ["print"],
  run: (_m, { words }) => words.join(" ") || "\n",
});
