import { defineContext, links, settingsOf } from "../../ctx/index.ts";
import { ifconfig } from "./ifconfig.ts";
import { OpenLinks } from "./link.ts";
import { limitSettings, linkCount } from "./state.ts";

/** The network of this machine. */
export default defineContext({
  name: "tcp",
  help: { en: "The network", zh: "网络中心" },
  caches: [linkCount],
  configs: Object.values(limitSettings),
  commands: [ifconfig],
  start(m) {
    const open = new OpenLinks(settingsOf(m, limitSettings), (count) => m.setCap(linkCount, count));
    m.onStop(() => open.close());
    m.onStop(m.tree.provide(links, open));
    return undefined;
  },
});
