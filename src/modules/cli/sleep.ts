import { setTimeout as wait } from "node:timers/promises";
import { defineCommand, duration, type Param, textOf } from "../../ctx/index.ts";

const length = duration({ en: "How long: 500ms, 2h30m; a bare number is seconds, as elsewhere", zh: "时长" });

/** A duration whose bare number is seconds: what everybody's fingers mean by `sleep 5`. */
const pause: Param<number> = {
  ...length,
  read(words) {
    const word = textOf(words[0] ?? "");
    return length.read(isBare(word) ? [`${word}s`] : words);
  },
  check: (value) => length.check(isBare(value) ? `${value}s` : value),
};

const isBare = (value: unknown): boolean => typeof value === "string" && /^\d+(\.\d+)?$/.test(value);

/** The longest one timer can wait. */
const longest = 2 ** 31 - 1;

/** Waits. */
export const sleep = defineCommand({
  name: "sleep",
  help: { en: "Wait", zh: "睡眠" },
  effect: "read",
  args: { time: pause },
  examples: [{ help: "Wait a moment", shell: "> sleep 10ms" }],
  words: ["wait", "pause"],
  async run(m, { time }) {
    const { clock } = m.tree;
    const end = clock.ticks() + time;
    for (let left = time; left > 0; left = end - clock.ticks()) {
      await wait(Math.min(left, longest), undefined, { signal: m.signal });
    }
  },
});
