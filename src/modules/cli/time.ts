import {
  choice,
  config,
  defineCommand,
  didYouMean,
  fail,
  integer,
  list,
  parseDuration,
  parseTime,
  text,
  time as timeColumn,
} from "../../ctx/index.ts";
import { stepFrom, steps } from "./calendar.ts";
import { readTime, writeTime } from "./layout.ts";

/** How times are written and read. */
export const timeFormat = config("time_format", "2006-01-02 15:04:05", {
  en: "How times are written: the way 3:04:05 PM, 2 January 2006 would be",
  zh: "时间格式",
});
/** What the end of a period is. */
export const timeClose = config<"open" | "close">("time_close", "open", {
  en: "Whether a period ends where the next one begins (open) or a second before (close)",
  zh: "时间区间",
});

const shortForms = ["15:04:05", "15:04", "01-02", "01-02 15:04", "01-02 15:04:05"];

/** Reads a time as people say it; `undefined` when it is none. */
function readWhen(word: string, layout: string, now: number): number | undefined {
  if (word === "now") return now;
  if (/^-?\d{1,16}$/.test(word)) return Math.abs(Number(word)) <= 8.64e15 ? Number(word) : undefined;
  const whole = readTime(layout, word, now) ?? parseTime(word);
  if (whole !== undefined) return whole;
  for (const form of shortForms) {
    const found = readTime(form, word, now);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isStep = (word: string): boolean => steps.has(word) || parseDuration(word) !== undefined;

/** Moves an instant by the words after it. */
function move(from: number, words: readonly string[], closed: boolean): number {
  let at = from;
  for (const word of words) {
    const step = steps.get(word);
    const length = step === undefined ? parseDuration(word) : undefined;
    if (step === undefined && length === undefined) {
      const hint =
        didYouMean(word, steps.keys()) ?? `one of ${[...steps.keys()].join(", ")}, or a duration such as -24h`;
      throw fail("bad_argument", { command: "time", problem: `"${word}" moves no time` }, { hint });
    }
    at = step === undefined ? at + (length ?? 0) : stepFrom(at, step, closed);
  }
  return at;
}

/** Shows an instant as a date or as a timestamp, moved as asked. */
export const time = defineCommand({
  name: "time",
  help: { en: "Show a time, or turn a timestamp into a date and back", zh: "时间管理" },
  effect: "read",
  args: {
    when: text(
      { en: "A timestamp in milliseconds, or a date; now when left out", zh: "时间戳或日期" },
      { optional: true, complete: completeSteps },
    ),
    steps: list(
      text(
        { en: `What moves it, one after the other: ${[...steps.keys()].join(", ")}, or a duration`, zh: "时间偏移" },
        { complete: completeSteps },
      ),
    ),
  },
  options: {
    time_format: text(
      { en: "How the date is written, and read (config time_format)", zh: "时间格式" },
      { optional: true },
    ),
    time_close: choice(
      ["open", "close"],
      { en: "Whether end, sunday, last and eve are the next beginning or the second before", zh: "时间区间" },
      { default: timeClose },
    ),
  },
  columns: {
    datetime: timeColumn({ en: "The time", zh: "日期" }),
    timestamp: integer({ en: "Milliseconds since 1970", zh: "时间戳" }),
  },
  examples: [
    { help: "What time is it?", shell: "> time\n…" },
    { help: "A date as a timestamp, in UTC", shell: "> time 2019-05-10T11:11:02Z\n1557486662000" },
    { help: "The beginning of the next day", shell: "> time 1557457862000 tomorrow begin\n…" },
    { help: "Another way to write it", shell: '> time 1557457862000 time_format "2006"\n2019' },
  ],
  words: ["date", "timestamp", "clock"],
  run(m, { when, steps: given, time_format, time_close }) {
    const now = m.tree.clock.now();
    const layout = time_format ?? m.conf(timeFormat);
    const isMove = when !== undefined && isStep(when);
    const start = when === undefined || isMove ? now : readWhen(when, layout, now);
    if (when !== undefined && start === undefined) {
      const hint = didYouMean(when, steps.keys()) ?? `a time looks like ${writeTime(layout, now)}`;
      throw fail("bad_argument", { command: "time", problem: `"${when}" is no time` }, { hint });
    }
    const at = move(start ?? now, isMove ? [when, ...given] : given, time_close === "close");
    if (Math.abs(at) > 8.64e15) throw fail("bad_argument", { command: "time", problem: "there is no such time" });
    const asDate = when === undefined ? time_format !== undefined : /^-?\d+$/.test(when);
    m.echo(asDate ? writeTime(layout, at) : String(at));
    m.push({ datetime: new Date(at), timestamp: at });
  },
});

function completeSteps(): { value: string; help: string }[] {
  return [...steps].map(([value, { help }]) => ({ value, help }));
}
