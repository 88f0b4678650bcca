import { cache, config, type Tree } from "../../ctx/index.ts";

/** The longest body of a request. */
export const bodyLimit = config("body_limit", 1 << 20, {
  en: "Bytes a request's body may have, from the next start on",
  zh: "请求体的最大字节数，下次启动生效",
});

/** How many commands may run at once. */
export const mostRunning = config("most_running", 256, {
  en: "Commands that may run at once for callers by HTTP",
  zh: "同时运行的命令数上限",
});

/** How many keys a query or form may have. */
export const mostKeys = config("most_keys", 1000, {
  en: "Values that a query or a form may have",
  zh: "查询或表单的参数数上限",
});

/** How long a request may take to arrive. */
export const requestLimit = config("request_seconds", 30, {
  en: "Seconds a request may take to arrive, from the next start on",
  zh: "接收请求的秒数上限，下次启动生效",
});

/** What is known of a door that is open. */
export interface Opened {
  readonly port: number;
  /** Where the node is reached: `http://127.0.0.1:9094`. */
  readonly url: string;
  /** When it was opened, in milliseconds since 1970. */
  readonly since: number;
  /** Commands that run for callers now, and requests that were answered. */
  running: number;
  answered: number;
}

/** The open door of each tree. */
export const opened = new WeakMap<Tree, Opened>();

/** Where the door is, empty while there is none. */
export const address = cache(
  "address",
  "",
  { en: "Where the HTTP door is", zh: "网页服务的地址" },
  { read: (m) => opened.get(m.tree)?.url ?? "" },
);
