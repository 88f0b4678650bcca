import { defineContext, script } from "../../ctx/index.ts";
import { engine } from "./engine.ts";

export default defineContext({
  name: "yac",
  help: { en: "Grammar", zh: "语法中心" },
  start(m) {
    m.onStop(m.tree.provide(script, engine));
    return undefined;
  },
});
