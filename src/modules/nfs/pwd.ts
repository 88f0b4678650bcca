import { choice, defineCommand, integer, text } from "../../ctx/index.ts";
import { searchPath } from "./state.ts";

export const pwd = defineCommand({
  name: "pwd",
  help: { en: "Tell the folder you are in", zh: "当前目录" },
  effect: "read",
  args: {
    what: choice(["all"], { en: "all: the search path of the node", zh: "all：查找路径" }, { optional: true }),
  },
  columns: {
    index: integer({ en: "Place in the search path", zh: "序号" }),
    value: text({ en: "Folder, from that of the node", zh: "目录" }),
  },
  examples: [
    {
      help: "List where reading commands look after your own folder",
      shell: `
        > pwd all
        index  value
            0  var
            1  usr
            2  etc
            3  bin
            4  .`,
    },
  ],
  run(m, { what }) {
    if (what === undefined) return m.who.session.cwd;
    return m.conf(searchPath).map((value, index) => ({ index, value }));
  },
});
