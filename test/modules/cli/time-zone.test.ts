import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "./cli-tree.ts";

process.env["TZ"] = "Europe/Berlin";

// Clocks went forward on 31 March 2019 at two and back on 27 October 2019 at three.
const days: readonly (readonly [words: readonly string[], text: string])[] = [
  [["2019-03-30 12:00:00", "tomorrow"], "2019-03-31 12:00:00"],
  [["2019-03-31 12:00:00", "yestoday"], "2019-03-30 12:00:00"],
  [["2019-03-30 12:00:00", "24h"], "2019-03-31 13:00:00"],
  [["2019-03-31 12:00:00", "end"], "2019-04-01 00:00:00"],
  [["2019-10-27 12:00:00", "begin"], "2019-10-27 00:00:00"],
  [["2019-10-27 12:00:00", "sunday"], "2019-10-28 00:00:00"],
];

for (const [words, text] of days) {
  test(`C-31 a day is a day when clocks change: time ${words.join(" ")}`, async (t) => {
    const { run } = await stage(t);
    const timestamp = (await run(["time", ...words])).text;
    assert.equal((await run(["time", timestamp])).text, text);
  });
}

test("C-31 times are in the zone of the node", async (t) => {
  const { run } = await stage(t);
  assert.equal((await run(["time", "1557457862000"])).text, "2019-05-10 05:11:02");
});
