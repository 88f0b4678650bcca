import { defineContext } from "../../ctx/index.ts";
export default defineContext({ name: "lex", help: { en: "Words", zh: "词法中心" } });
