/** Steps in the calendar of the node's zone. Days are counted by their date, so that a day of 23 or 25 hours is one day. */

/** Gives the instant at which a day begins, so many days and months away from the one of `at`. */
function dayOf(at: Date, month: number, day: number): Date {
  const start = new Date(2000, 0, 1);
  start.setFullYear(at.getFullYear(), month, day);
  return start;
}
function shiftDays(at: Date, days: number): Date {
  const moved = new Date(at);
  moved.setDate(moved.getDate() + days);
  return moved;
}
/** How many days ago the week began, on its Monday. */
const sinceMonday = (at: Date): number => (at.getDay() + 6) % 7;

interface Step {
  readonly help: string;
  readonly to: (at: Date) => Date;
  /** It is the open end of a period: with `time_close close` the last second before it is meant. */
  readonly ends?: true;
}

const yesterday: Step = { help: "The same time a day before", to: (at) => shiftDays(at, -1) };

/** The words that move a time, as the seed has them (and `yesterday`, spelt as elsewhere). */
export const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
  ["begin", { help: "The beginning of the day", to: (at) => dayOf(at, at.getMonth(), at.getDate()) }],
  ["end", { help: "The end of the day", to: (at) => dayOf(at, at.getMonth(), at.getDate() + 1), ends: true }],
  ["yestoday", yesterday],
  ["yesterday", yesterday],
  ["tomorrow", { help: "The same time a day later", to: (at) => shiftDays(at, 1) }],
  [
    "monday",
    { help: "The beginning of the week", to: (at) => dayOf(at, at.getMonth(), at.getDate() - sinceMonday(at)) },
  ],
  [
    "sunday",
    {
      help: "The end of the week",
      to: (at) => dayOf(at, at.getMonth(), at.getDate() - sinceMonday(at) + 7),
      ends: true,
    },
  ],
  ["first", { help: "The beginning of the month", to: (at) => dayOf(at, at.getMonth(), 1) }],
  ["last", { help: "The end of the month", to: (at) => dayOf(at, at.getMonth() + 1, 1), ends: true }],
  ["new", { help: "The beginning of the year", to: (at) => dayOf(at, 0, 1) }],
  ["eve", { help: "The end of the year", to: (at) => dayOf(at, 12, 1), ends: true }],
]);

const second = 1000;

/** Moves an instant by one step; with `closed` the end of a period is its last second. */
export function stepFrom(ms: number, { to, ends }: Step, closed: boolean): number {
  return to(new Date(ms)).getTime() - (ends === true && closed ? second : 0);
}
