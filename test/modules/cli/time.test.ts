import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Collector } from "../../../src/ctx/index.ts";
import { readTime, writeTime } from "../../../src/modules/cli/layout.ts";
import { errorOf, now, stage } from "./cli-tree.ts";

process.env["TZ"] = "UTC";

/** The words after `time`, one by one, and what is shown. */
const shown: readonly (readonly [words: readonly string[], text: string])[] = [
  [[], String(now)],
  [["1557457862000"], "2019-05-10 03:11:02"],
  [["2019-05-10 11:11:02"], "1557486662000"],
  [["2019-05-10"], String(Date.UTC(2019, 4, 10))],
  [["2019-05-10T11:11:02+08:00"], "1557457862000"],
  [["now"], String(now)],
  [["11:11"], String(Date.UTC(2026, 10, 21, 11, 11))],
  [["11:11:02"], String(Date.UTC(2026, 10, 21, 11, 11, 2))],
  [["05-10"], String(Date.UTC(2026, 4, 10))],
  [["05-10 11:11"], String(Date.UTC(2026, 4, 10, 11, 11))],
  [["1557457862000", "begin"], "2019-05-10 00:00:00"],
  [["1557457862000", "end"], "2019-05-11 00:00:00"],
  [["1557457862000", "end", "time_close", "close"], "2019-05-10 23:59:59"],
  [["1557457862000", "yestoday"], "2019-05-09 03:11:02"],
  [["1557457862000", "yesterday"], "2019-05-09 03:11:02"],
  [["1557457862000", "tomorrow"], "2019-05-11 03:11:02"],
  [["1557457862000", "monday"], "2019-05-06 00:00:00"],
  [["1557457862000", "sunday"], "2019-05-13 00:00:00"],
  [["1557457862000", "sunday", "time_close", "close"], "2019-05-12 23:59:59"],
  [["1557457862000", "first"], "2019-05-01 00:00:00"],
  [["1557457862000", "last"], "2019-06-01 00:00:00"],
  [["1557457862000", "new"], "2019-01-01 00:00:00"],
  [["1557457862000", "eve"], "2020-01-01 00:00:00"],
  [["1557457862000", "1h"], "2019-05-10 04:11:02"],
  [["1557457862000", "-24h"], "2019-05-09 03:11:02"],
  [["1557457862000", "begin", "1h"], "2019-05-10 01:00:00"],
  [["1557457862000", "tomorrow", "begin", "-1s"], "2019-05-10 23:59:59"],
  [["begin"], String(Date.UTC(2026, 10, 21))],
  [["-1h"], String(now - 3_600_000)],
  [["1557457862000", "time_format", "2006/01/02"], "2019/05/10"],
  [["time_format", "2006/01/02"], "2026/11/21"],
  [["2019/05/10", "time_format", "2006/01/02"], String(Date.UTC(2019, 4, 10))],
  [["-1000"], "1969-12-31 23:59:59"],
];

for (const [words, text] of shown) {
  test(`C-31 time ${words.join(" ")}`, async (t) => {
    const { run } = await stage(t);
    assert.equal((await run(["time", ...words])).text, text);
  });
}

test("C-31 time gives both forms as a table", async (t) => {
  const { run } = await stage(t);
  const { rows } = await run(["time", "1557457862000"]);
  assert.deepEqual(rows, [{ datetime: new Date(1557457862000), timestamp: 1557457862000 }]);
});

test("C-31 config time_format is how times are written and read", async (t) => {
  const { run, tree } = await stage(t);
  const slot = tree.root.children.get("cli")?.configs.get("time_format");
  assert.equal(slot?.value, "2006-01-02 15:04:05");
  if (slot !== undefined) tree.setConf(slot, "2 Jan 2006");
  assert.equal((await run(["time", "1557457862000"])).text, "10 May 2019");
  assert.equal((await run(["time", "10 May 2019"])).text, String(Date.UTC(2019, 4, 10)));
});

const wrong: readonly (readonly [words: readonly string[], message: string])[] = [
  [["nosuch"], 'time: "nosuch" is no time'],
  [["2019-02-30"], 'time: "2019-02-30" is no time'],
  [["25:00"], 'time: "25:00" is no time'],
  [[""], 'time: "" is no time'],
  [["9007199254740993"], 'time: "9007199254740993" is no time'],
  [["now", "nextweek"], 'time: "nextweek" moves no time'],
  [["8640000000000000", "1h"], "time: there is no such time"],
];

for (const [words, message] of wrong) {
  test(`time ${words.join(" ")} is an error, not now`, async (t) => {
    const { run } = await stage(t);
    const error = await errorOf(run(["time", ...words]));
    assert.deepEqual([error.code, error.message], ["bad_argument", message]);
  });
}

test("a mistyped step is guessed", async (t) => {
  const { run } = await stage(t);
  assert.equal((await errorOf(run(["time", "now", "tommorow"]))).hint, 'did you mean "tomorrow"?');
});

const at = new Date(2019, 4, 9, 3, 4, 5, 60).getTime();
const layouts: readonly (readonly [layout: string, text: string])[] = [
  ["2006-01-02 15:04:05", "2019-05-09 03:04:05"],
  ["Mon Jan _2 15:04:05 MST 2006", "Thu May  9 03:04:05 UTC 2019"],
  ["Monday, January 2, 06", "Thursday, May 9, 19"],
  ["3:04 PM", "3:04 AM"],
  ["03:4:5pm", "03:4:5am"],
  ["15:04:05.000", "03:04:05.060"],
  ["15:04:05.999", "03:04:05.06"],
  ["2006-01-02T15:04:05Z07:00", "2019-05-09T03:04:05Z"],
  ["2006-01-02T15:04:05-0700", "2019-05-09T03:04:05+0000"],
  ["1/2", "5/9"],
  ["(at) 15h", "(at) 03h"],
];
for (const [layout, text] of layouts) test(`the layout ${layout}`, () => assert.equal(writeTime(layout, at), text));

const reading: readonly (readonly [layout: string, text: string, ms: number | undefined])[] = [
  ["2006-01-02 15:04:05.000 -07:00", "2019-05-10 11:11:02.500 +08:00", 1557457862500],
  ["3:04 PM", "12:30 AM", Date.UTC(2026, 10, 21, 0, 30)],
  ["3:04 PM", "12:30 PM", Date.UTC(2026, 10, 21, 12, 30)],
  ["3:04 PM", "13:30 PM", undefined],
  ["2 Jan 2006", "31 Jun 2019", undefined],
  ["02.01.06", "10.05.19", Date.UTC(2019, 4, 10)],
  ["no field", "no field", undefined],
  ["1".repeat(60), "1".repeat(61), undefined],
];
for (const [layout, text, ms] of reading) {
  test(`the layout ${layout.slice(0, 40)} reads ${text.slice(0, 40)}`, () =>
    assert.equal(readTime(layout, text, now), ms));
}

test("what a layout writes it reads", () => {
  const layout = "2006-01-02 15:04:05.000";
  const inReach = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 0, 1) });
  fc.assert(fc.property(inReach, (ms) => readTime(layout, writeTime(layout, ms), now) === ms));
});

test("no layout and no text make reading throw or hang", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (layout, text) => {
      readTime(layout, text, now);
      writeTime(layout, now);
    }),
  );
});

test("C-24 who reads a table gets the table of time", async (t) => {
  const { run } = await stage(t);
  const out = Object.assign(new Collector(() => undefined), { wantsTable: true });
  await run(["time", "1557457862000"], { out });
  assert.equal(out.text, "");
  assert.equal(out.rows.length, 1);
});
