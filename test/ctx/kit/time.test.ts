import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import {
  isoWithZone,
  parseDuration,
  parseSize,
  parseTime,
  printDuration,
  printTime,
} from "../../../src/ctx/kit/time.ts";

const durations: [string, number | undefined][] = [
  ["2h30m", 9_000_000],
  ["500ms", 500],
  ["-24h", -86_400_000],
  ["1d", 86_400_000],
  ["1w", 604_800_000],
  ["1.5h", 5_400_000],
  ["0s", 0],
  ["5", undefined],
  ["h", undefined],
  ["2h 30m", undefined],
  ["", undefined],
];
for (const [text, ms] of durations) test(`duration ${text}`, () => assert.equal(parseDuration(text), ms));

const sizes: [string, number | undefined][] = [
  ["10kb", 10_000],
  ["10kib", 10_240],
  ["1.5MB", 1_500_000],
  ["7", 7],
  ["7b", 7],
  ["1tib", 2 ** 40],
  ["10k", undefined],
  ["kb", undefined],
  ["-1kb", undefined],
];
for (const [text, bytes] of sizes) test(`size ${text}`, () => assert.equal(parseSize(text), bytes));

const times: [string, number | undefined][] = [
  ["2019-05-10", new Date(2019, 4, 10).getTime()],
  ["2019-05-10 11:11:02", new Date(2019, 4, 10, 11, 11, 2).getTime()],
  ["2019-05-10 11:11", new Date(2019, 4, 10, 11, 11).getTime()],
  ["2019-05-10T11:11:02Z", Date.UTC(2019, 4, 10, 11, 11, 2)],
  ["2019-05-10T11:11:02.125Z", Date.UTC(2019, 4, 10, 11, 11, 2, 125)],
  ["2019-05-10T11:11:02+08:00", Date.UTC(2019, 4, 10, 3, 11, 2)],
  ["2019-05-10T11:11:02-0330", Date.UTC(2019, 4, 10, 14, 41, 2)],
  ["2020-02-29", new Date(2020, 1, 29).getTime()],
  ["2019-02-29", undefined],
  ["2019-13-01", undefined],
  ["2019-05-10 24:00:00", undefined],
  ["2019-5-10", undefined],
  ["20190510", undefined],
  ["2019-05-10x", undefined],
  ["", undefined],
];
for (const [text, ms] of times) test(`time ${text}`, () => assert.equal(parseTime(text), ms));

test("a duration printed reads back", () => {
  fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => parseDuration(printDuration(ms)) === ms));
});

test("a time printed reads back: to the second for people, to the millisecond with its zone", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1, 0, 2), max: Date.UTC(9999, 11, 30) }), (ms) => {
      assert.equal(parseTime(isoWithZone(ms)), ms);
      const at = new Date(ms);
      const two = (n: number): string => String(n).padStart(2, "0");
      const date = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
      const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
      assert.equal(printTime(ms), `${date} ${clock}`);
    }),
  );
});

test("times are right on both sides of a change of clocks, in any zone", () => {
  const script = `
    const { isoWithZone, printTime } = await import(${JSON.stringify(new URL("../../../src/ctx/kit/time.js", import.meta.url).href)});
    const at = Date.UTC(2019, 2, 31, 1);
    console.log([at - 1000, at, at + 1000].map((ms) => printTime(ms) + " " + isoWithZone(ms)).join("\\n"));`;
  const run = (TZ: string): string[] =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script], { env: { TZ }, encoding: "utf8" })
      .stdout.trim()
      .split("\n");
  assert.deepEqual(run("Europe/Paris"), [
    "2019-03-31 01:59:59 2019-03-31T01:59:59+01:00",
    "2019-03-31 03:00:00 2019-03-31T03:00:00+02:00",
    "2019-03-31 03:00:01 2019-03-31T03:00:01+02:00",
  ]);
  assert.equal(run("Asia/Kolkata")[0], "2019-03-31 06:29:59 2019-03-31T06:29:59+05:30");
});
