import { config, defineContext } from "../context.ts";
import { cache } from "./cache.ts";
import { command } from "./command.ts";
import { config as configCommand } from "./config.ts";
import { context, contextCount, messageCount, serverCount } from "./context.ts";
import { help } from "./help.ts";
import { message } from "./message.ts";
import { operators } from "./operators.ts";

const chain = config("chain", ["aaa", "ssh", "cli", "nfs"], {
  en: "Modules whose commands can be typed anywhere, in this order",
  zh: "任意模块都可直接使用其命令的模块",
});

/** The root of the tree: its commands can be typed in every context. */
export const root = defineContext({
  name: "ctx",
  help: { en: "The tree of modules", zh: "模块中心" },
  caches: [contextCount, serverCount, messageCount],
  configs: [chain],
  commands: [context, command, configCommand, cache, message, help, ...operators],
  start: () => "shy",
});
