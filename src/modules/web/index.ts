import { defineContext } from "../../ctx/index.ts";
import chat from "./chat/index.ts";
import code from "./code/index.ts";
import { openDoor } from "./open.ts";
import { route, serve } from "./show.ts";
import { address, bodyLimit, mostKeys, mostRunning, requestLimit } from "./state.ts";
import wiki from "./wiki/index.ts";

/** Serves pages and answers HTTP. Only a node that is a service opens the door. */
export default defineContext({
  name: "web",
  help: { en: "Pages and HTTP", zh: "应用中心" },
  caches: [address],
  configs: [bodyLimit, mostKeys, mostRunning, requestLimit],
  commands: [serve, route],
  contexts: [chat, code, wiki],
  start: (m) => (m.tree.host.mode === "service" ? openDoor(m) : undefined),
});
