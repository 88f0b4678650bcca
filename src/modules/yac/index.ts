/** The grammar of lines: parsing, running, and looking into both. */
import { defineContext, script } from "../../ctx/index.ts";
import { engine } from "./engine.ts";
import { parseCommand } from "./parse.ts";
import { show } from "./show.ts";

export default defineContext({
  name: "yac",
  help: { en: "Grammar of the language", zh: "语法中心" },
  commands: [parseCommand, show],
  start(m) {
    m.onStop(m.tree.provide(script, engine));
    return undefined;
  },
});
