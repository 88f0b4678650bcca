/** Files and folders. */
import { defineContext } from "../../ctx/index.ts";
import { cd } from "./cd.ts";
import { dir } from "./dir.ts";
import { load, save } from "./file.ts";
import { path } from "./path.ts";
import { pwd } from "./pwd.ts";
import { dirFields, searchPath } from "./state.ts";
import { importTable } from "./table-file.ts";

export default defineContext({
  name: "nfs",
  help: { en: "Files and folders", zh: "存储中心" },
  configs: [dirFields, searchPath],
  commands: [dir, pwd, cd, path, load, save, importTable],
});
