import { defineContext } from "../../../ctx/index.ts";

/** Turns `usr/wiki` into pages. */
export default defineContext({
  name: "wiki",
  help: { en: "Pages written in Markdown", zh: "文档中心" },
});
