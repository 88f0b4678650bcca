import { cache, config, type Message } from "../../ctx/index.ts";

/** How many nodes this one has links with. */
export const nodeCount = cache<number>("nodes", 0, { en: "How many nodes this one has links with", zh: "节点数" });
/** The address of this node. */
export const nodeRoute = cache<string>("route", "", { en: "The address of this node", zh: "节点路由" });
/** What looked like an attack and was refused. */
export const refusedCount = cache<number>("refused", 0, {
  en: "How many messages of other nodes were refused",
  zh: "拒绝次数",
});

const linkMeet = config("link_meet", 5000, {
  en: "How long a new link may take to show who it is, in milliseconds",
  zh: "握手时限(毫秒)",
});
const linkBeat = config("link_beat", 15_000, {
  en: "After how much silence the other side of a link is asked whether it is there, in milliseconds",
  zh: "心跳间隔(毫秒)",
});
const linkMisses = config("link_misses", 2, {
  en: "How often the other side of a link may fail to answer",
  zh: "心跳失败上限",
});
const linkRetryMin = config("link_retry_min", 200, {
  en: "The shortest wait before the node above is dialled again, in milliseconds",
  zh: "重连最短等待(毫秒)",
});
const linkRetryMax = config("link_retry_max", 30_000, {
  en: "The longest wait before the node above is dialled again, in milliseconds",
  zh: "重连最长等待(毫秒)",
});
const linkQueue = config("link_queue", 8 * 1024 * 1024, {
  en: "How many bytes may wait on a link",
  zh: "连接排队上限(字节)",
});
const linkBody = config("link_body", 1_000_000, {
  en: "Longest message between nodes, in bytes",
  zh: "节点消息上限(字节)",
});
const linkTries = config("link_tries", 20, {
  en: "How often an address may fail to join, a minute",
  zh: "每分钟加入失败上限",
});
const linkFaults = config("link_faults", 5, {
  en: "After how many messages that an honest node does not send a link is closed",
  zh: "违规次数上限",
});
const linkNodes = config("link_nodes", 20_000, {
  en: "The most nodes that may be below this one",
  zh: "下级节点上限",
});

export const limitSettings = [
  linkBeat,
  linkBody,
  linkFaults,
  linkMeet,
  linkMisses,
  linkNodes,
  linkQueue,
  linkRetryMax,
  linkRetryMin,
  linkTries,
];

/** The limits of a network; times in milliseconds, lengths in bytes. */
export interface Limits {
  readonly meet: number;
  readonly beat: number;
  readonly misses: number;
  readonly retryMin: number;
  readonly retryMax: number;
  readonly queue: number;
  readonly body: number;
  readonly tries: number;
  readonly faults: number;
  readonly nodes: number;
}

/** The limits as they are set. */
export function limitsOf(m: Message): Limits {
  return {
    get meet() {
      return m.conf(linkMeet);
    },
    get beat() {
      return m.conf(linkBeat);
    },
    get misses() {
      return m.conf(linkMisses);
    },
    get retryMin() {
      return m.conf(linkRetryMin);
    },
    get retryMax() {
      return m.conf(linkRetryMax);
    },
    get queue() {
      return m.conf(linkQueue);
    },
    get body() {
      return m.conf(linkBody);
    },
    get tries() {
      return m.conf(linkTries);
    },
    get faults() {
      return m.conf(linkFaults);
    },
    get nodes() {
      return m.conf(linkNodes);
    },
  };
}
