import { type Completing, choice, defineCommand, didYouMean, fail, type Message, text, time } from "../../ctx/index.ts";
import { withLinks } from "./answer.ts";
import { type Nodes, nodes } from "./nodes.ts";

/** Shows all nodes that are known below this one, and forgets one that will not come back. */
export const node = defineCommand({
  name: "node",
  help: { en: "Show all nodes below this one, also those that are away; or forget one", zh: "节点列表" },
  effect: "admin",
  args: {
    action: choice(
      ["forget"],
      { en: "forget: give up a name, whose key is then a stranger's", zh: "操作" },
      { optional: true },
    ),
    name: text({ en: "The name of a node right below this one", zh: "节点名" }, { optional: true, complete: names }),
  },
  columns: {
    node: text({ en: "Its address", zh: "地址" }),
    type: text({ en: "worker or server", zh: "类型" }),
    status: text({ en: "online or offline", zh: "状态" }),
    since: time({ en: "Since when", zh: "时间" }),
    key: text({ en: "Its public key", zh: "公钥" }),
  },
  examples: [
    { help: "The nodes below this one", shell: "> node\nnode  type  status  since  key" },
    {
      help: "A name that nobody has",
      shell: '> node forget nosuch\nerror: no node "nosuch" (node lists those there are)',
    },
  ],
  words: ["nodes", "offline", "known", "keys", "fleet"],
  run: (m: Message, { action, name }) =>
    withLinks(m, (known) => (action === undefined ? list(m, known) : forget(known, name))),
});

function list(m: Message, known: Nodes | undefined): void {
  for (const { address, type, isOnline, since, key } of known?.network.below() ?? []) {
    m.push({ node: address, type, status: isOnline ? "online" : "offline", since: new Date(since), key });
  }
}

function forget(known: Nodes | undefined, name: string | undefined): void {
  if (name === undefined) throw fail("bad_argument", { command: "node", problem: "name is missing" });
  if (known?.network.forget(name) === true) return;
  const hint = didYouMean(name, known === undefined ? [] : children(known)) ?? "node lists those there are";
  throw fail("not_found", { what: "node", name }, { hint });
}

/** The names of the nodes right below. */
function children({ network }: Nodes): string[] {
  const start = network.address.length + 1;
  return network.below().flatMap(({ address }) => {
    const name = address.slice(start);
    return name.includes(".") ? [] : [name];
  });
}

function names(_prefix: string, { from }: Completing): string[] {
  const known = from.tree.use(nodes);
  return known === undefined ? [] : children(known);
}
