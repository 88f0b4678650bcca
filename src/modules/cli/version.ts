import { defineCommand, text } from "../../ctx/index.ts";

/** Shows what this program is. */
export const version = defineCommand({
  name: "version",
  help: { en: "Show the version of the program", zh: "版本信息" },
  effect: "read",
  columns: {
    version: text({ en: "Of the program", zh: "版本" }),
    node: text({ en: "Of Node.js", zh: "运行时" }),
    platform: text({ en: "System and processor", zh: "平台" }),
  },
  examples: [{ help: "Which version is this?", shell: "> version\nversion  node  platform\n…  …  …" }],
  run: (m) => ({
    version: m.tree.host.version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  }),
});
