import { allowedTo, defineCommand, helpIn, httpMethod, integer, text, time } from "../../ctx/index.ts";
import { Routes } from "./route.ts";
import { opened } from "./state.ts";

/** Shows the HTTP door of this node. */
export const serve = defineCommand({
  name: "serve",
  help: { en: "Show where this node answers by HTTP", zh: "查看网页服务" },
  effect: "read",
  columns: {
    status: text({ en: "Whether it is open: start or stop", zh: "状态" }),
    address: text({ en: "Where it is", zh: "地址" }, { optional: true }),
    port: integer({ en: "Its port", zh: "端口" }, { optional: true }),
    since: time({ en: "When it was opened", zh: "开始时间" }, { optional: true }),
    running: integer({ en: "Commands that run now", zh: "正在运行的命令数" }),
    answered: integer({ en: "Requests answered", zh: "已应答的请求数" }),
  },
  examples: [
    {
      help: "A shell has none; a service node has",
      shell: `
        > web.serve
        status  address  port  since  running  answered
        stop                                0         0`,
    },
  ],
  words: ["http", "port", "address", "listen"],
  run(m) {
    const door = opened.get(m.tree);
    if (door === undefined) {
      m.push({ status: "stop", address: undefined, port: undefined, since: undefined, running: 0, answered: 0 });
      return;
    }
    const { url, port, since, running, answered } = door;
    m.push({ status: "start", address: url, port, since: new Date(since), running, answered });
  },
});

/** Lists what can be called by HTTP. */
export const route = defineCommand({
  name: "route",
  help: { en: "List the paths that can be called by HTTP", zh: "查看网页接口" },
  effect: "read",
  args: { path: text({ en: "The beginning of the paths to list", zh: "路径前缀" }, { default: "/" }) },
  columns: {
    method: text({ en: "How it is called", zh: "方法" }),
    path: text({ en: "Where", zh: "路径" }),
    command: text({ en: "The command that answers", zh: "命令" }),
    help: text({ en: "What it does", zh: "帮助" }),
  },
  examples: [
    {
      help: "Those of one module",
      shell: `
        > web.route /web/serve
        method  path        command    help
        GET     /web/serve  web.serve  Show where this node answers by HTTP`,
    },
  ],
  words: ["http", "api", "url"],
  run(m, { path: prefix }) {
    const may = allowedTo(m.tree, m.who);
    for (const [path, found] of new Routes(m.tree).all) {
      if (!path.startsWith(prefix) || !may(found)) continue;
      const method = httpMethod(found).toUpperCase();
      m.push({ method, path, command: found.right, help: helpIn(found.command.help, m.who.lang) });
    }
  },
});
