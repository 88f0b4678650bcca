import { config } from "../../ctx/index.ts";

/** The columns `dir` shows when none are asked for. */
export const dirFields = config("dir_fields", "time size line filename", {
  en: "Columns dir shows when none are asked for",
  zh: "目录列表的默认列",
});

/** The folders of the node where reading commands look after the session's own. */
export const searchPath = config<readonly string[]>("path", ["var", "usr", "etc", "bin", "."], {
  en: "Folders of the node where reading commands look after your own",
  zh: "读取文件时的查找路径",
});
