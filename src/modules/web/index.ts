import { beside, defineContext } from "../../ctx/index.ts";
import { besideService } from "./beside.ts";
import chat from "./chat/index.ts";
import code from "./code/index.ts";
import wiki from "./wiki/index.ts";

/** Serves pages and answers HTTP. */
export default defineContext({
  name: "web",
  help: { en: "Pages and HTTP", zh: "应用中心" },
  contexts: [chat, code, wiki],
  start(m) {
    if (m.tree.host.mode !== "service") m.onStop(m.tree.provide(beside, besideService(m.tree)));
    return undefined;
  },
});
