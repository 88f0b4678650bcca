/*
 * Calls a command that does next to nothing a million times in one process, and prints as JSON what one call takes (us)
 * and by how many MB the heap has grown after a collection. Needs --expose-gc.
 */
import { call, defineCommand, defineContext, makeTree, terminalWho, text } from "../dist/src/ctx/index.js";

const calls = 1_000_000;
const greet = defineCommand({
  name: "greet",
  help: "Greets somebody",
  effect: "read",
  args: { who: text("Whom") },
  run: (_m, { who }) => who,
});
const room = defineContext({ name: "trial", help: "Where the command is", commands: [greet] });
const host = { home: ".", program: ".", version: "0", env: {}, pid: 0, mode: "test" };
const tree = makeTree([room], host);
const calling = { from: tree.context("trial"), who: terminalWho(tree, { cwd: "." }) };

// What is remembered about the last calls fills up first.
await callTimes(20_000);
const before = heap();
const started = performance.now();
await callTimes(calls);
const us = ((performance.now() - started) * 1000) / calls;
process.stdout.write(JSON.stringify({ us, heap: heap() - before }));

async function callTimes(times) {
  for (let index = 0; index < times; index++) {
    const answer = call({ words: ["greet", "you"] }, calling);
    if (answer instanceof Promise) await answer;
  }
}

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
