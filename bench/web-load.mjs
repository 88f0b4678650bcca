/* Load by HTTP from 64 connections: by wrk where it is installed, else by a client of our own. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Kid, start } from "./kid.mjs";

const connections = 64;

/** Finds the program that makes the load: { name, run(url, headers, seconds) → { count, rate, client } }, client in µs. */
export function findLoad(hold) {
  const { error } = spawnSync("wrk", ["-v"]);
  return error === undefined ? { name: `wrk -t1 -c${connections}`, run: byWrk } : byOurselves(hold);
}

async function byWrk(url, headers, seconds) {
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const before = childrenCpu();
  const said = await output(["wrk", "-t1", `-c${connections}`, `-d${seconds}`, ...given, url]);
  const used = childrenCpu() - before;
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(`wrk ${url}: ${said}`);
  const count = Number(/(\d+) requests in/.exec(said)?.[1]);
  return { count, rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1]), client: used / count };
}

function output(argv) {
  return new Promise((resolve, reject) => {
    const child = start(argv, { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(said) : reject(new Error(`${argv[0]} ended with ${code}`))));
  });
}

/** Processor time of the processes we have waited for, in microseconds, in steps of 10,000; not known but on Linux. */
function childrenCpu() {
  try {
    const [user, system] = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /, "")
      .split(" ")
      .slice(13, 15);
    return (Number(user) + Number(system)) * 10_000;
  } catch {
    return Number.NaN;
  }
}

function byOurselves(hold) {
  const client = hold(Kid.script("http-client.mjs"));
  const run = async (url, headers, seconds) => {
    const before = await client.usage();
    const { count, rate } = await client.ask("load", { url, headers, at: connections, ms: seconds * 1000 });
    const after = await client.usage();
    return { count, rate, client: (after.cpu - before.cpu) / count };
  };
  return { name: `a client of our own in node, ${connections} connections (no wrk here)`, run };
}
