import { aliases, config, defineContext, fallback } from "../../ctx/index.ts";
import { alias, aliasService, aliasTable } from "./alias.ts";
import { echo } from "./echo.ts";
import { history } from "./history.ts";
import { quit } from "./quit.ts";
import { fillRuntime, runtime, runtimeFacts } from "./runtime.ts";
import { sleep } from "./sleep.ts";
import { endPrograms, programFallback, system } from "./system.ts";
import { time, timeClose, timeFormat } from "./time.ts";
import { version } from "./version.ts";

export { inputText, oneShot } from "./door/one-shot.ts";
export { serve } from "./door/service.ts";
export { shell } from "./door/shell.ts";

/** Where the prompt of a shell starts. */
export const startName = config("start", "ssh", { en: "The context a shell starts in", zh: "启动模块" });

/** The person at the keyboard, and the system around us. */
export default defineContext({
  name: "cli",
  help: { en: "Programs, time, and the node itself", zh: "管理中心" },
  configs: [aliasTable, runtimeFacts, startName, timeFormat, timeClose],
  commands: [alias, echo, history, quit, runtime, sleep, system, time, version],
  start(m) {
    const { tree, target } = m;
    m.onStop(fillRuntime(target));
    m.onStop(tree.provide(aliases, aliasService(tree)));
    m.onStop(tree.provide(fallback, programFallback(target)));
    m.onStop(() => endPrograms(tree));
    return undefined;
  },
});
