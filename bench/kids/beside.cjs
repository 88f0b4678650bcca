/*
 * Loaded first in every process of the benchmarks of servers (--require): answers what its parent asks over IPC, and ends
 * with its parent. A program adds questions of its own with `answers`.
 */
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

const answers = {
  usage() {
    const { user, system } = process.cpuUsage();
    return { cpu: user + system, rss: process.memoryUsage.rss() / 2 ** 20 };
  },
  /** The heap after a collection, in MB. What waits for another turn of the loop to be let go of gets some. */
  async heap() {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
    }
    return process.memoryUsage().heapUsed / 2 ** 20;
  },
};
module.exports = { answers };

/** A question may come before the program that answers it has begun. */
async function answerOf(what, about) {
  while (answers[what] === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  return await answers[what](about);
}

if (process.send !== undefined) {
  process.on("message", ({ id, what, about }) => {
    answerOf(what, about).then(
      (answer) => process.send({ id, answer }),
      (error) => process.send({ id, error: String(error?.stack ?? error) }),
    );
  });
  process.on("disconnect", () => process.exit(1));
}
