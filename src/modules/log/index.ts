import { defineContext, log } from "../../ctx/index.ts";
import { debugOn, openLogs } from "./logs.ts";

/** Lines about what happened, in `var/log`. */
export default defineContext({
  name: "log",
  help: { en: "What happened, line by line", zh: "日志中心" },
  configs: [debugOn],
  start(m) {
    const logs = openLogs(m.tree, (problem) => void process.stderr.write(`${problem}\n`));
    m.onStop(logs.close);
    m.onStop(m.tree.provide(log, logs.write));
    return "bench";
  },
});
