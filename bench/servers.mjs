/*
 * What is measured of servers, against whom, and what it may cost. `run` gives rows of samples, the first of them the one
 * the others are compared with, and `notes` on what was done.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Kid, withKids } from "./kid.mjs";
import { callOver, invite, makeHome, startLinked, startService, until } from "./our-nodes.mjs";
import { inTurn, once } from "./rounds.mjs";
import { findLoad } from "./web-load.mjs";

const isQuick = process.env.BENCH_QUICK === "1";
const path = "/nfs/pwd";

/** A text such that the message around it, as plain ws sends it, is 300 bytes long. */
const around = { v: 1, id: "123456", from: "com", to: "com.demo", cmd: "echo", args: [""] };
const payload = "x".repeat(300 - JSON.stringify(around).length);
const sizes = isQuick ? { rounds: 3, seconds: 1, ms: 500 } : { rounds: 9, seconds: 2, ms: 1500 };
const { rounds } = sizes;

export const serverBenches = [
  {
    name: "http",
    about: "GET of a trivial command: through guard, schema and dispatch",
    columns: ["rate", "each", "server", "client"],
    compare: "rate",
    bars: [{ row: "bench /nfs/pwd", to: "fastify", what: "rate", least: 0.9 }],
    run: (set) => withKids((hold) => runHttp(hold, set)),
  },
  {
    name: "link",
    about: "a signed call of a command on another node and its signed answer, 64 at a time",
    columns: ["rate", "each", "server", "client", "p50", "p99"],
    compare: "rate",
    bars: [{ row: "signed call", to: "plain ws, JSON", what: "rate", least: 0.6 }],
    run: (set) => withKids((hold) => runLink(hold, set)),
  },
  {
    name: "idle",
    about: `a node and a worker below it that do nothing, for ${isQuick ? 10 : 60} s`,
    columns: ["rss", "percent"],
    bars: ["node", "worker"].flatMap((row) => [
      { row, what: "rss", most: 90 },
      { row, what: "percent", most: 0.2 },
    ]),
    run: (set) => withKids((hold) => runIdle(hold, set)),
  },
  {
    name: "heap",
    about: "the heap before and after 100,000 requests",
    columns: ["before", "after", "heap", "rss"],
    bars: ["GET /nfs/pwd", "signed call, caller", "signed call, answerer"].map((row) => ({
      row,
      what: "heap",
      most: 5,
    })),
    run: (set) => withKids((hold) => runHeap(hold, set)),
  },
];

const headersFor = ({ token }) => ({ Authorization: `Bearer ${token}`, Accept: "application/json" });

/** Gives the schemas of a command as the node publishes them: fastify checks and writes by the same. */
function schemasOf({ parameters = [], responses }) {
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const takes = { type: "object", properties, additionalProperties: false };
  return { takes, gives: responses[200].content["application/json"].schema };
}

async function runHttp(hold, { bench, scratch }) {
  const node = await startService(hold, { bench, home: makeHome(scratch, "com") });
  const answer = await callOver(node, path);
  const schemas = schemasOf((await callOver(node, "/openapi.json")).paths[path].get);
  const load = findLoad(hold);
  const peers = ["fastify", "fastify, token", "node:http"].map((kind) => ({
    name: kind,
    kid: hold(Kid.script("http-peer.mjs", { kind, path, answer, token: node.token, ...schemas })),
  }));
  const [first, ...others] = await Promise.all(peers.map(async (one) => ({ ...one, url: await one.kid.ask("url") })));
  const servers = [first, { ...node, name: "bench /nfs/pwd" }, ...others];
  for (const { url } of servers) {
    const same = JSON.stringify(await callOver({ url, token: node.token }, path));
    if (same !== JSON.stringify(answer)) throw new Error(`${url} gives another answer: ${same}`);
  }
  const rows = servers.map(({ name, kid, url }) => ({
    name,
    async run() {
      const before = await kid.usage();
      const { count, rate, client } = await load.run(url + path, headersFor(node), sizes.seconds);
      const after = await kid.usage();
      return { rate, server: (after.cpu - before.cpu) / count, client };
    },
  }));
  const notes = [
    `Load by ${load.name}, the same request with the same headers to all. All answer the same JSON, but ours has line`,
    "breaks in it, and four more headers (tag, cache, guards of browsers). Both fastify rows have the schemas that the",
    "node publishes of the command, for query and answer; `fastify, token` looks up the hash of the token and checks a role, the other one and node:http let all pass.",
  ];
  return { rows: await inTurn(rows, { rounds, warm: 2 }), rounds, notes };
}

async function runLink(hold, { scratch }) {
  const ws = hold(Kid.script("plain-ws.mjs", { payload }));
  const wsClient = hold(Kid.script("plain-ws.mjs", { payload, url: await ws.ask("url") }));
  const com = await startLinked(hold, { scratch, name: "com", payload });
  const demo = await startLinked(hold, { scratch, name: "demo", above: com, payload });
  const sub = await startLinked(hold, { scratch, name: "sub", above: demo, payload });
  const rows = [
    { name: "plain ws, JSON", client: wsClient, others: [ws] },
    { name: "signed call", client: com.kid, others: [demo.kid], kind: "call", to: demo.address },
    { name: "remote demo", client: com.kid, others: [demo.kid], kind: "remote", to: "demo" },
    {
      name: "signed call, a node between",
      client: com.kid,
      others: [demo.kid, sub.kid],
      kind: "call",
      to: sub.address,
    },
  ].map((row) => ({ name: row.name, run: () => callBoth(row) }));
  const notes = [
    "Two processes (three where a node is between), one connection, messages of 300 bytes as plain ws sends them. CPU of",
    "the server is that of all processes but the caller. p50 and p99 are those of one call at a time.",
  ];
  return { rows: await inTurn(rows, { rounds, warm: 2 }), rounds, notes };
}

/** Calls 64 at a time, then one at a time. */
async function callBoth({ client, others, kind, to }) {
  const before = await Promise.all([client, ...others].map((kid) => kid.usage()));
  const { count, rate } = await client.ask("load", { kind, to, at: 64, ms: sizes.ms });
  const after = await Promise.all([client, ...others].map((kid) => kid.usage()));
  const [own, ...theirs] = after.map(({ cpu }, index) => (cpu - before[index].cpu) / count);
  const { p50, p99 } = await client.ask("load", { kind, to, at: 1, ms: sizes.ms / 2 });
  return { rate, server: theirs.reduce((sum, one) => sum + one, 0), client: own, p50, p99 };
}

async function runIdle(hold, { bench, scratch }) {
  const [home, workerHome] = [makeHome(scratch, "com"), makeHome(scratch, "demo")];
  const node = await startService(hold, { bench, home });
  invite(home, workerHome, "demo");
  const worker = await startService(hold, { bench, home: workerHome, above: node.url });
  const list = async () => JSON.stringify(await callOver(node, "/ssh/remote", {}));
  await until(async () => (await list()).includes("demo"), "the link");
  const ms = isQuick ? 10_000 : 60_000;
  await sleep(isQuick ? 2000 : 10_000);
  const kids = [node.kid, worker.kid];
  const before = await Promise.all(kids.map((kid) => kid.usage()));
  await sleep(ms);
  const after = await Promise.all(kids.map((kid) => kid.usage()));
  const rows = ["node", "worker"].map((name, index) => {
    const percent = (after[index].cpu - before[index].cpu) / (ms * 10);
    return once(name, { rss: Math.max(before[index].rss, after[index].rss), percent });
  });
  return {
    rows,
    rounds: 1,
    notes: ["Both are `bin/bench --service`, linked; the node has answered a few requests before."],
  };
}

const warming = 20_000;
const requests = 100_000;

async function runHeap(hold, set) {
  const rows = [await heapOfHttp(hold, set), ...(await heapOfLink(hold, set))];
  const notes = [
    `MB of heap in use after a collection, before and after ${requests} requests, ${warming} of them first.`,
  ];
  return { rows, rounds: 1, notes };
}

async function heapOfHttp(hold, { bench, scratch }) {
  const node = await startService(hold, { bench, home: makeHome(scratch, "com") });
  const load = findLoad(hold);
  const send = async (wanted) => {
    for (let sent = 0; sent < wanted; ) sent += (await load.run(node.url + path, headersFor(node), 1)).count;
  };
  const [row] = await heapOf(["GET /nfs/pwd"], [node.kid], send);
  await node.kid.stop();
  return row;
}

async function heapOfLink(hold, { scratch }) {
  const com = await startLinked(hold, { scratch, name: "com", payload });
  const demo = await startLinked(hold, { scratch, name: "demo", above: com, payload });
  const send = (count) => com.kid.ask("load", { kind: "call", to: demo.address, at: 64, count });
  return await heapOf(["signed call, caller", "signed call, answerer"], [com.kid, demo.kid], send);
}

async function heapOf(names, kids, send) {
  await send(warming);
  const before = await Promise.all(kids.map((kid) => kid.ask("heap")));
  await send(requests);
  const after = await Promise.all(kids.map((kid) => kid.ask("heap")));
  const usages = await Promise.all(kids.map((kid) => kid.usage()));
  return names.map((name, index) => {
    const sample = { before: before[index], after: after[index], rss: usages[index].rss };
    return once(name, { ...sample, heap: after[index] - before[index] });
  });
}
