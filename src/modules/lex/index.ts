/** Words and tokens: the scanner of lines, to look into. */
import { defineContext } from "../../ctx/index.ts";
import { splitCommand } from "./split.ts";

export default defineContext({
  name: "lex",
  help: { en: "Words and tokens of the language", zh: "词法中心" },
  commands: [splitCommand],
});
