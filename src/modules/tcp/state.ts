import { cache, config } from "../../ctx/index.ts";

/** How many links are open. */
export const linkCount = cache<number>("nlink", 0, { en: "How many links to other nodes are open", zh: "连接数" });

/** The settings of links, by what the code calls them. */
export const limitSettings = {
  dial: config("link_dial", 5000, {
    en: "How long opening a link may take, in milliseconds",
    zh: "建立连接的时限(毫秒)",
  }),
  message: config("link_message", 1024 * 1024, {
    en: "Longest message on a link, in bytes",
    zh: "连接消息上限(字节)",
  }),
  stranger: config("link_stranger", 4096, {
    en: "Longest message of a link whose other side is not known yet, in bytes",
    zh: "未认证连接的消息上限(字节)",
  }),
  waiting: config("link_waiting", 64, {
    en: "How many links of one address may wait to be known",
    zh: "同一地址的未认证连接数上限",
  }),
};

/** The limits of links, as they are set. */
export type LinkLimits = Readonly<Record<keyof typeof limitSettings, number>>;
