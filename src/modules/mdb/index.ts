import { defineContext } from "../../ctx/index.ts";

/** Keeps databases, notes and key-value lists. */
export default defineContext({
  name: "mdb",
  help: { en: "Data that stays", zh: "数据中心" },
});
