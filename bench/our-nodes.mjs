/* Nodes of ours for the benchmarks of servers: as a service runs them, each in a folder of its own. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kid } from "./kid.mjs";

/** Milliseconds between two looks at what another process is to bring about. */
const pause = 50;
const patience = 20_000;

/** Makes a folder for a node of that name. */
export function makeHome(scratch, name) {
  const home = join(mkdtempSync(join(scratch, "node-")), name);
  mkdirSync(join(home, "var/run/invite"), { recursive: true, mode: 0o700 });
  return home;
}

/** Lets the node of one folder join that of another, as `bin/boot.sh create` does: both get the same secret. */
export function invite(aboveHome, home, name) {
  const secret = randomBytes(32).toString("hex");
  writeFileSync(join(aboveHome, "var/run/invite", name), secret, { mode: 0o600 });
  writeFileSync(join(home, "var/run/join"), secret, { mode: 0o600 });
}

/** Starts a service node, as `bin/boot.sh` does, on any free port; `above` is the URL of the node above it. */
export async function startService(hold, { bench, home, above = "" }) {
  const env = { CTX_HOME: home, web_port: "0", ctx_box: above, ctx_dev: "", ctx_log: "" };
  const kid = hold(new Kid([bench, "--service"], env));
  const file = (name) => readFileSync(join(home, "var/run", name), "utf8").trim();
  const url = await until(() => file("web"), "the HTTP door");
  return { kid, url, token: file("token") };
}

/** Starts a node whose commands and links are driven from here, and waits until it can be reached from the one above. */
export async function startLinked(hold, { scratch, name, above, payload }) {
  const home = makeHome(scratch, name);
  if (above !== undefined) invite(above.home, home, name);
  const kid = hold(Kid.script("linked.mjs", { home, name, above: above?.url, payload }));
  const node = {
    kid,
    home,
    address: above === undefined ? name : `${above.address}.${name}`,
    url: await kid.ask("url"),
  };
  for (let up = above; up !== undefined; up = up.above) await up.kid.ask("linked", { address: node.address });
  return { ...node, above };
}

/** Calls a command by HTTP; gives its answer as JSON. */
export async function callOver({ url, token }, path, body) {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json", "content-type": "application/json" };
  const more = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { headers, ...more });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** Looks until there is something; what throws is not there yet. */
export async function until(look, what) {
  for (const end = performance.now() + patience; performance.now() < end; ) {
    try {
      const found = await look();
      if (found) return found;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`${what} did not come`);
}
