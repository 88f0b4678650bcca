/**
 * Times, durations and sizes as text. Times are shown in the node's own zone (that of the process).
 *
 * `printTime` is called for every row of a listing, so what is costly, the zone's offset and the date, is worked out
 * once a day of the data and remembered.
 */
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const remembered = 4096;

/** Milliseconds of each unit of duration, by the name people type. */
export const durationUnits: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", second],
  ["m", minute],
  ["h", hour],
  ["d", day],
  ["w", 7 * day],
]);

/** Bytes of each unit of size, by the name people type, in lower case. */
export const sizeUnits: ReadonlyMap<string, number> = new Map([
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["tb", 1e12],
  ["kib", 2 ** 10],
  ["mib", 2 ** 20],
  ["gib", 2 ** 30],
  ["tib", 2 ** 40],
]);

const durationForm = /^(-?)((?:\d+(?:\.\d+)?(?:ms|[smhdw]))+)$/;
const longestDuration = 100;
const durationPart = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;

/** Reads `2h30m`, `500ms`, `-24h` as milliseconds; `undefined` when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const found = text.length > longestDuration ? null : durationForm.exec(text);
  if (found === null) return undefined;
  let sum = 0;
  for (const [, count, unit] of (found[2] ?? "").matchAll(durationPart))
    sum += Number(count) * (durationUnits.get(unit ?? "") ?? 0);
  const ms = Math.round(sum);
  if (!Number.isSafeInteger(ms)) return undefined;
  return found[1] === "-" && ms !== 0 ? -ms : ms;
}

/** Writes milliseconds as `1d2h30m`; the text reads back as the same duration. */
export function printDuration(ms: number): string {
  if (!Number.isFinite(ms)) return String(ms);
  let rest = Math.abs(Math.round(ms));
  if (rest === 0) return "0s";
  let text = ms < 0 ? "-" : "";
  for (const [unit, length] of [
    ["d", day],
    ["h", hour],
    ["m", minute],
    ["s", second],
    ["ms", 1],
  ] as const) {
    const count = Math.floor(rest / length);
    if (count === 0) continue;
    text += `${count}${unit}`;
    rest -= count * length;
  }
  return text;
}

const sizeForm = /^(\d+(?:\.\d+)?)([kmgt]i?b|b)?$/i;

/** Reads `10kb` (10,000), `10kib` (10,240) or plain `10` as bytes; `undefined` when the text is no size. */
export function parseSize(text: string): number | undefined {
  const found = sizeForm.exec(text);
  if (found === null) return undefined;
  const bytes = Math.round(Number(found[1]) * (sizeUnits.get((found[2] ?? "b").toLowerCase()) ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const timeForm = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads `2019-05-10`, `2019-05-10 11:11:02`, `2019-05-10T11:11:02.5+08:00` as milliseconds since 1970. Without a zone
 * it is local time. `undefined` when the text does not read as a time, so `2019-02-30` does not.
 */
export function parseTime(text: string): number | undefined {
  // Every cell of a text column beside a time comes here: most are told apart by their fifth character.
  if (text.charCodeAt(4) !== 45 || text.length > 40) return undefined;
  const found = timeForm.exec(text);
  if (found === null) return undefined;
  const [year, month, date, hours, minutes, seconds] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || date < 1 || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, date);
  if (utc.getUTCDate() !== date) return undefined;
  const ms = Math.trunc(Number(`0.${found[7] ?? "0"}`) * second);
  const zone = found[8];
  if (zone === undefined) {
    const local = new Date(2000, 0, 1);
    local.setFullYear(year, month - 1, date);
    return local.setHours(hours, minutes, seconds, ms);
  }
  const offset = readOffset(zone);
  return offset === undefined ? undefined : utc.setUTCHours(hours, minutes, seconds, ms) - offset;
}

function readOffset(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * hour + minutes * minute);
}

/** How far local clocks are ahead of UTC at an instant, exactly (old offsets have seconds, getTimezoneOffset has none). */
function offsetAt(ms: number): number {
  const at = new Date(ms);
  const local = new Date(0);
  local.setUTCFullYear(at.getFullYear(), at.getMonth(), at.getDate());
  return local.setUTCHours(at.getHours(), at.getMinutes(), at.getSeconds(), at.getMilliseconds()) - ms;
}

const offsets = new Map<number, number | undefined>();
const dates = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));

/** The offset of a whole day of UTC, unless clocks are changed within it. */
function offsetOfDay(utcDay: number): number | undefined {
  if (offsets.has(utcDay)) return offsets.get(utcDay);
  const start = offsetAt(utcDay * day);
  const offset = start === offsetAt((utcDay + 1) * day) ? start : undefined;
  if (offsets.size >= remembered) offsets.clear();
  offsets.set(utcDay, offset);
  return offset;
}

function printDate(localDay: number): string {
  const known = dates.get(localDay);
  if (known !== undefined) return known;
  const at = new Date(localDay * day);
  const year = at.getUTCFullYear();
  const digits = String(Math.abs(year)).padStart(4, "0");
  const text = `${year < 0 ? "-" : ""}${digits}-${twoDigits[at.getUTCMonth() + 1]}-${twoDigits[at.getUTCDate()]}`;
  if (dates.size >= remembered) dates.clear();
  dates.set(localDay, text);
  return text;
}

function printWith(ms: number, offset: number, between: string): string {
  const local = ms + offset;
  const localDay = Math.floor(local / day);
  const seconds = Math.floor((local - localDay * day) / second);
  const clock = `${twoDigits[Math.floor(seconds / 3600)]}:${twoDigits[Math.floor(seconds / 60) % 60]}:${twoDigits[seconds % 60]}`;
  return printDate(localDay) + between + clock;
}

const isTime = (ms: number): boolean => Math.abs(ms) <= 8.64e15 - day;

/** Writes an instant as people read it: `2019-05-10 11:11:02`, local time. */
export function printTime(ms: number): string {
  if (!isTime(ms)) return "no time";
  return printWith(ms, offsetOfDay(Math.floor(ms / day)) ?? offsetAt(ms), " ");
}

/** Writes an instant as programs read it: `2019-05-10T11:11:02.5+08:00`, exact to the millisecond. */
export function isoWithZone(ms: number): string {
  if (!isTime(ms)) return "no time";
  const minutes = Math.round((offsetOfDay(Math.floor(ms / day)) ?? offsetAt(ms)) / minute);
  const thousandths = ((ms % second) + second) % second;
  const fraction = thousandths === 0 ? "" : `.${String(thousandths).padStart(3, "0")}`;
  const ahead = Math.abs(minutes);
  const zone =
    minutes === 0 ? "Z" : `${minutes < 0 ? "-" : "+"}${twoDigits[Math.floor(ahead / 60)]}:${twoDigits[ahead % 60]}`;
  return printWith(ms, minutes * minute, "T") + fraction + zone;
}
