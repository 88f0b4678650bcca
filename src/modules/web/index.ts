import { defineContext } from "../../ctx/index.ts";
import chat from "./chat/index.ts";
import code from "./code/index.ts";
import wiki from "./wiki/index.ts";

/** Serves pages and answers HTTP. */
export default defineContext({
  name: "web",
  help: { en: "Pages and HTTP", zh: "应用中心" },
  contexts: [chat, code, wiki],
});
