import { defineContext } from "../../ctx/index.ts";

/** Waits, goes on, and tells what a node is doing. */
export default defineContext({
  name: "gdb",
  help: { en: "A look into a running node", zh: "调试中心" },
});
