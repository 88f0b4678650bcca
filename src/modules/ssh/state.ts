import { cache, config } from "../../ctx/index.ts";

/** How many nodes this one has links with. */
export const nodeCount = cache<number>("nodes", 0, { en: "How many nodes this one has links with", zh: "节点数" });
/** The address of this node. */
export const nodeRoute = cache<string>("route", "", { en: "The address of this node", zh: "节点路由" });
/** What looked like an attack and was refused. */
export const refusedCount = cache<number>("refused", 0, {
  en: "How many messages of other nodes were refused",
  zh: "拒绝次数",
});

/** The settings of a network, by what the code calls them; times in milliseconds, lengths in bytes. */
export const limitSettings = {
  beat: config("link_beat", 15_000, {
    en: "After how much silence the other side of a link is asked whether it is there, in milliseconds",
    zh: "心跳间隔(毫秒)",
  }),
  body: config("link_body", 1_000_000, {
    en: "Longest message between nodes, in bytes",
    zh: "节点消息上限(字节)",
  }),
  faults: config("link_faults", 5, {
    en: "After how many messages that an honest node does not send a link is closed",
    zh: "违规次数上限",
  }),
  meet: config("link_meet", 5000, {
    en: "How long a new link may take to show who it is, in milliseconds",
    zh: "握手时限(毫秒)",
  }),
  misses: config("link_misses", 2, {
    en: "How often the other side of a link may fail to answer",
    zh: "心跳失败上限",
  }),
  nodes: config("link_nodes", 20_000, {
    en: "The most nodes that may be below this one",
    zh: "下级节点上限",
  }),
  queue: config("link_queue", 8 * 1024 * 1024, {
    en: "How many bytes may wait on a link",
    zh: "连接排队上限(字节)",
  }),
  retryMax: config("link_retry_max", 30_000, {
    en: "The longest wait before the node above is dialled again, in milliseconds",
    zh: "重连最长等待(毫秒)",
  }),
  retryMin: config("link_retry_min", 200, {
    en: "The shortest wait before the node above is dialled again, in milliseconds",
    zh: "重连最短等待(毫秒)",
  }),
  tries: config("link_tries", 20, {
    en: "How often an address may fail to join, a minute",
    zh: "每分钟加入失败上限",
  }),
};

/** The limits of a network, as they are set. */
export type Limits = Readonly<Record<keyof typeof limitSettings, number>>;
