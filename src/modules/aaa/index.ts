import { defineContext, signer } from "../../ctx/index.ts";
import { key } from "./key.ts";
import { keepSigner } from "./signer.ts";

/** Knows users, sessions, roles and keys. */
export default defineContext({
  name: "aaa",
  help: { en: "Who you are and what you may", zh: "认证中心" },
  commands: [key],
  start(m) {
    m.onStop(m.tree.provide(signer, keepSigner(m.tree.host.home)));
    return undefined;
  },
});
