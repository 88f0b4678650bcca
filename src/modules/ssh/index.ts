import { defineContext } from "../../ctx/index.ts";
import { node } from "./node.ts";
import { answerLimit, Nodes, nodes, runLimit } from "./nodes.ts";
import { lazySigner, openNetwork } from "./open.ts";
import { remote } from "./remote.ts";
import { limitSettings, nodeCount, nodeRoute, refusedCount } from "./state.ts";

/** Finds, names and calls other nodes. */
export default defineContext({
  name: "ssh",
  help: { en: "The nodes and the ways between them", zh: "集群中心" },
  caches: [nodeCount, nodeRoute, refusedCount],
  configs: [answerLimit, runLimit, ...Object.values(limitSettings)],
  commands: [node, remote],
  async start(m) {
    const { tree } = m;
    if (tree.host.mode !== "service") return undefined;
    const network = await openNetwork(m);
    m.onStop(tree.provide(nodes, new Nodes(tree, network, lazySigner(tree))));
    return undefined;
  },
});
