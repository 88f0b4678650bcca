/** Opens the network of a node: puts together what the other modules give, and lets go of all of it at the end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  here,
  links,
  log,
  type Message,
  type Signer,
  settingsOf,
  signer,
  type Tree,
  upgrades,
} from "../../ctx/index.ts";
import type { NodeType } from "./fields.ts";
import type { Network } from "./network.ts";
import { type Facts, Peers } from "./peers.ts";
import { limitSettings, nodeCount, nodeRoute, refusedCount } from "./state.ts";
import { systemTimers, type Timers } from "./timers.ts";

/** What tests replace. */
export interface OpenOptions {
  readonly timers?: Timers;
  readonly random?: () => number;
}

/** Opens the network of a service node; what it opens is closed when the context stops. */
export async function openNetwork(m: Message, { timers = systemTimers, random = Math.random }: OpenOptions = {}) {
  const { tree } = m;
  const { home, env } = tree.host;
  const name = (await m.cmd("cli.runtime", "node.name")).text;
  const type: NodeType = (await m.cmd("cli.runtime", "node.type")).text === "worker" ? "worker" : "server";
  const url = env["ctx_box"] || env["ctx_dev"] || "";
  const limits = settingsOf(m, limitSettings);
  let shown = name;
  const changed = ({ address, links: count, refused }: Facts): void => {
    m.setCap(nodeCount, count);
    m.setCap(nodeRoute, address);
    m.setCap(refusedCount, refused);
    if (shown === address) return;
    shown = address;
    m.cmd("cli.runtime", { key: "node.route", value: address }).catch((error: unknown) =>
      m.log("error", String(error)),
    );
  };
  const peers = new Peers({
    name,
    type,
    home,
    signer: () => tree.use(signer)(),
    links: tree.use(links),
    clock: tree.clock,
    timers,
    limits,
    random,
    log: (level, text) => tree.use(log)(level, text, { target: m.target.path }),
    above: url === "" ? undefined : () => urlOfAbove(home) ?? url,
    changed,
  });
  m.onStop(() => peers.close());
  m.onStop(tree.provide(here, () => peers.address));
  m.onStop(tree.use(upgrades)("/ctx", (upgrade) => tree.use(links).accept(upgrade, (link) => peers.accept(link))));
  changed({ address: peers.address, links: 0, refused: 0 });
  peers.start();
  return peers satisfies Network;
}

/** The signer of a tree, whose key is read, or made, when something is signed or checked first. */
export function lazySigner(tree: Tree): Signer {
  const get = (): Signer => tree.use(signer)();
  return {
    get key() {
      return get().key;
    },
    sign: (bytes) => get().sign(bytes),
    verify: (key, bytes, signature) => get().verify(key, bytes, signature),
  };
}

/**
 * The URL of the node above that runs on this machine, as it stands in its folder today; undefined when that is not known.
 * `bin/boot.sh create` wrote the folder into `var/run/above`; its node writes the URL, whose port may change.
 */
function urlOfAbove(home: string): string | undefined {
  try {
    const folder = readFileSync(join(home, "var", "run", "above"), "utf8").trim();
    return readFileSync(join(folder, "var", "run", "web"), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
