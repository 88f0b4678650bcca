import { defineContext } from "../../ctx/index.ts";
import { ifconfig } from "./ifconfig.ts";

/** The network of this machine. */
export default defineContext({
  name: "tcp",
  help: { en: "The network", zh: "网络中心" },
  commands: [ifconfig],
});
