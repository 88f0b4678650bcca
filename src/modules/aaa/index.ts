import { defineContext } from "../../ctx/index.ts";

/** Knows users, sessions, roles and keys. */
export default defineContext({
  name: "aaa",
  help: { en: "Who you are and what you may", zh: "认证中心" },
});
