import { defineContext } from "../../../ctx/index.ts";

/** Makes every command a part of a page. */
export default defineContext({
  name: "code",
  help: { en: "The workbench", zh: "代码中心" },
});
