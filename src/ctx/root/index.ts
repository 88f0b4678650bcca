import { config, defineContext } from "../context.ts";

const chain = config("ctx.chain", ["aaa", "ssh", "cli", "nfs"], {
  en: "Contexts whose commands can be typed anywhere, in this order",
  zh: "任意模块都可直接使用其命令的模块",
});

/** The root of the tree: its commands can be typed in every context. */
export const root = defineContext({
  name: "ctx",
  help: { en: "The tree of modules", zh: "模块中心" },
  configs: [chain],
  commands: [],
});
