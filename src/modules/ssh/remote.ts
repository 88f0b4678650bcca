import { randomInt } from "node:crypto";
import {
  type Columns,
  type Completing,
  command,
  defineCommand,
  didYouMean,
  duration,
  fail,
  json,
  type Maybe,
  type Message,
  printTime,
  type Sink,
  script,
  text,
  textOf,
  type WireTarget,
  type Words,
} from "../../ctx/index.ts";
import { resolveAddress } from "./address.ts";
import { answerOf, withLinks } from "./answer.ts";
import { type Asked, gather } from "./gather.ts";
import type { KnownNode, Network } from "./network.ts";
import { type Nodes, nodes } from "./nodes.ts";

const listColumns = [
  { name: "key", type: "text" },
  { name: "type", type: "text" },
  { name: "module", type: "text" },
  { name: "create_time", type: "time" },
] as const satisfies Columns;

/** What is to be run, and with what. */
interface Order {
  readonly words: Words;
  readonly input: { readonly [key: string]: unknown } | undefined;
}

/** Lists the nodes linked with this one, and runs commands on others. */
export const remote = defineCommand({
  name: "remote",
  help: { en: "List the nodes linked with this one, or run a command on another", zh: "远程命令" },
  args: {
    node: text(
      { en: 'A node: demo, com.mac.led; "*" for all from here down, "%" for one of them', zh: "节点" },
      { optional: true, complete: nodeNames },
    ),
    command: command({ en: "The command and its words, as they would be typed there", zh: "命令" }, { optional: true }),
  },
  options: {
    input: json(
      { en: "The input object of the command, in place of words after its name", zh: "参数" },
      { optional: true },
    ),
    wait: duration({ en: "With *: stop waiting for a node after so long", zh: "等待" }, { optional: true }),
  },
  examples: [
    { help: "The nodes linked with this one", shell: "> remote\nkey  type  module  create_time" },
    {
      help: "A node that is not there",
      shell: '> remote nosuch pwd\nerror: unknown node "nosuch" (bin/boot.sh create DIR makes a node below this one)',
    },
  ],
  words: ["node", "cluster", "fleet", "broadcast", "ssh"],
  run: (m: Message, { node, command: words, input, wait }) =>
    withLinks(m, async (known) => {
      if (node === undefined) return list(m, known?.network);
      if (words.length === 0) {
        const hint = `such as: remote ${node} pwd`;
        throw fail("bad_argument", { command: "remote", problem: "command is missing" }, { hint });
      }
      const order = { words, input: inputOf(input) };
      if (node === "*") return await gather(m, all(m, known, order), wait);
      await askOne(m, known, node, order);
    }),
});

function inputOf(input: unknown): Order["input"] {
  if (input === undefined) return undefined;
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Order["input"];
  throw fail("bad_argument", { command: "remote", problem: "input must be a map" });
}

function list(m: Message, network: Network | undefined): void {
  m.head(listColumns);
  for (const { name, type, module, since } of network?.peers() ?? []) {
    m.push({ key: name, type, module, create_time: new Date(since) });
  }
}

async function askOne(m: Message, known: Nodes | undefined, name: string, order: Order): Promise<void> {
  const address = name === "%" ? oneOf(known) : addressOf(known, name);
  if (known === undefined || address === known.network.address) return void (await runHere(m, order, m.out));
  const { who, signal } = m;
  await known.call(address, { ...order, who, signal, out: answerOf(m) });
}

/** One of the nodes below that can be reached, whichever. */
function oneOf(known: Nodes | undefined): string {
  const online = known?.network.below().filter(({ isOnline }) => isOnline) ?? [];
  const chosen = online[online.length === 0 ? 0 : randomInt(online.length)];
  if (chosen === undefined) throw fail("node_offline", { node: "%" }, { hint: "no node below this one is linked" });
  return chosen.address;
}

function addressOf(known: Nodes | undefined, name: string): string {
  const network = known?.network;
  const own = network?.address ?? "";
  const hasAbove = network?.peers().some(({ type }) => type === "master") ?? false;
  const address = resolveAddress(name, { own, hasAbove, knows: (one) => network?.node(one) !== undefined });
  if (address !== undefined) return reachable(address, network?.node(address));
  const names = (network?.below() ?? []).flatMap((one) => [one.address, one.address.slice(own.length + 1)]);
  const isAlone = names.length === 0 && !hasAbove;
  const other = isAlone ? "bin/boot.sh create DIR makes a node below this one" : "remote lists the nodes there are";
  throw fail("unknown_node", { name }, { hint: didYouMean(name, names) ?? other });
}

/** A node that is known to be away is not asked: nobody would answer. */
function reachable(address: string, node: KnownNode | undefined): string {
  if (node === undefined || node.isOnline) return address;
  throw fail("node_offline", { node: address }, { hint: `since ${printTime(node.since)}` });
}

/** This node and all below it. */
function all(m: Message, known: Nodes | undefined, order: Order): Asked[] {
  const here: Asked = {
    address: known?.network.address || "here",
    call: (out, signal) =>
      runHere(
        m,
        order,
        sinkOf(out, () => signal.aborted),
        signal,
      ),
  };
  const below = known?.network.below() ?? [];
  return [
    here,
    ...below.map(({ address, isOnline }): Asked => {
      const call: Asked["call"] = (out, signal) => known?.call(address, { ...order, who: m.who, signal, out });
      return { address, call: isOnline ? call : undefined };
    }),
  ];
}

/** Runs the command on this very node. */
function runHere(m: Message, { words, input }: Order, out: Sink, signal = m.signal): Maybe<unknown> {
  const { who, tree, travel } = m;
  if (input === undefined) return m.use(script).run({ source: { call: words }, who, out, signal, travel });
  const [name = ""] = words;
  return tree.call({ name: textOf(name), input }, { from: who.session.context, who, out, signal, travel });
}

/** A sink that hands on to the target of an answer. */
function sinkOf(out: WireTarget, isClosed: () => boolean): Sink {
  return {
    write: (piece) => out.write(piece),
    end: () => undefined,
    note: (said) => out.note(said),
    get closed() {
      return isClosed();
    },
  };
}

function nodeNames(_prefix: string, { from }: Completing): string[] {
  const network = from.tree.use(nodes)?.network;
  if (network === undefined) return [];
  return [...network.peers().map(({ name }) => name), ...network.below().map(({ address }) => address)];
}
