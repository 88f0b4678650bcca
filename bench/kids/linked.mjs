/*
 * A node as a service runs it (all modules, the HTTP door, its links), with one more command, `trial.echo`, which gives
 * back what it is given. Asked for load it calls that command on another node.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand, defineContext, endless, makeTree, terminalWho, text } from "../../dist/src/ctx/index.js";
import { nodes } from "../../dist/src/modules/ssh/nodes.js";
import { modules } from "../../dist/src/modules.js";
import { answers } from "./beside.cjs";
import { load } from "./load.mjs";

const { home, name, above, payload } = JSON.parse(process.argv[2]);

const echo = defineCommand({
  name: "echo",
  help: "Gives back a text",
  effect: "read",
  args: { given: text("A text") },
  run: (_m, { given }) => given,
});
const trial = defineContext({ name: "trial", help: "Where the command is", commands: [echo] });
const program = join(import.meta.dirname, "../..");
const env = { USER: "bench", HOSTNAME: name, web_port: "0", ctx_box: above ?? "" };
const tree = makeTree([...modules, trial], { home, program, version: "0", env, pid: process.pid, mode: "service" });
const who = terminalWho(tree, { cwd: home });
await tree.life.start(who);

/** One call; what comes back must be what was sent. */
async function call(run) {
  let got = "";
  await run({
    write(piece) {
      if (typeof piece === "string") got += piece;
    },
    note() {},
    format() {},
    end() {},
  });
  if (got !== payload) throw new Error(`another text came back: ${got}`);
}
const kinds = {
  call: (to) => (out) => tree.use(nodes).call(to, { words: ["trial.echo", payload], who, signal: endless, out }),
  remote: (to) => (out) =>
    tree.call({ words: ["ssh.remote", to, "trial.echo", payload] }, { from: tree.root, who, signal: endless, out }),
};

answers.url = () => readFileSync(join(home, "var/run/web"), "utf8").trim();
/** Waits until a node below can be called. */
answers.linked = async ({ address }) => {
  const isThere = () =>
    tree
      .use(nodes)
      .network.below()
      .some((one) => one.address === address && one.isOnline);
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
};
answers.load = ({ kind, to, ...how }) => load(() => call(kinds[kind](to)), how);
process.once("SIGTERM", () => tree.life.stop().finally(() => process.exit(0)));
