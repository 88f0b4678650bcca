import { defineContext, links } from "../../ctx/index.ts";
import { ifconfig } from "./ifconfig.ts";
import { type LinkLimits, OpenLinks } from "./link.ts";
import { linkCount, linkDial, linkMessage, linkStranger, linkWaiting } from "./state.ts";

/** The network of this machine. */
export default defineContext({
  name: "tcp",
  help: { en: "The network", zh: "网络中心" },
  caches: [linkCount],
  configs: [linkDial, linkMessage, linkStranger, linkWaiting],
  commands: [ifconfig],
  start(m) {
    const limits: LinkLimits = {
      get dial() {
        return m.conf(linkDial);
      },
      get message() {
        return m.conf(linkMessage);
      },
      get stranger() {
        return m.conf(linkStranger);
      },
      get waiting() {
        return m.conf(linkWaiting);
      },
    };
    const open = new OpenLinks(limits, (count) => m.setCap(linkCount, count));
    m.onStop(() => open.close());
    m.onStop(m.tree.provide(links, open));
    return undefined;
  },
});
