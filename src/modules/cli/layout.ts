/**
 * Times in Go's way of saying a format, which the seed uses: a layout shows how one reference instant would be written,
 * `2006-01-02 15:04:05`, Monday the 2nd of January, seven hours behind UTC. Read and written in the node's own zone,
 * unless the layout holds a zone.
 */

const months = "January February March April May June July August September October November December".split(" ");
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const short = (name: string): string => name.slice(0, 3);
const digits = (count: number, width: number): string => String(count).padStart(width, "0");
const hour12 = (at: Date): number => at.getHours() % 12 || 12;

/** What was read of a time; what the layout does not name is not there. */
interface Fields {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  ms?: number;
  afternoon?: boolean;
  /** Minutes ahead of UTC. */
  zone?: number;
}

/** One element of a layout: how it is written, what it looks like, and what it tells when it is read. */
interface Element {
  readonly write: (at: Date) => string;
  readonly form: string;
  readonly read: (text: string, into: Fields) => void;
}

const skip = (): void => undefined;

function numberElement(
  key: "year" | "month" | "day" | "hour" | "minute" | "second",
  form: string,
  write: Element["write"],
): Element {
  return {
    write,
    form,
    read: (text, into) => {
      into[key] = Number(text);
    },
  };
}

function nameElement(names: readonly string[], nameOf: (at: Date) => number, key?: "month"): Element {
  return {
    write: (at) => names[nameOf(at)] ?? "",
    form: `(?:${names.join("|")})`,
    read: (text, into) => {
      if (key !== undefined) into[key] = names.indexOf(text) + 1;
    },
  };
}

function halfElement(am: string, pm: string): Element {
  return {
    write: (at) => (at.getHours() < 12 ? am : pm),
    form: `(?:${am}|${pm})`,
    read: (text, into) => {
      into.afternoon = text === pm;
    },
  };
}

function zoneElement(between: "" | ":", utc: string): Element {
  return {
    write(at) {
      const ahead = -at.getTimezoneOffset();
      if (ahead === 0 && utc !== "") return utc;
      const minutes = Math.abs(ahead);
      return `${ahead < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60), 2)}${between}${digits(minutes % 60, 2)}`;
    },
    form: `(?:[-+]\\d\\d${between}\\d\\d${utc === "" ? "" : `|${utc}`})`,
    read(text, into) {
      const minutes = text === utc ? 0 : Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
      into.zone = text.startsWith("-") ? -minutes : minutes;
    },
  };
}

/** A fraction of the second, as long as the layout's: `.000` keeps final zeros, `.999` leaves them out. */
function fractionElement(layout: string): Element {
  const length = layout.length - 1;
  const keepsZeros = layout.endsWith("0");
  return {
    write(at) {
      const text = digits(at.getMilliseconds(), 3).padEnd(length, "0").slice(0, length);
      if (keepsZeros) return `.${text}`;
      const kept = text.replace(/0+$/, "");
      return kept === "" ? "" : `.${kept}`;
    },
    form: keepsZeros ? `\\.\\d{${length}}` : "(?:\\.\\d{1,9})?",
    read(text, into) {
      into.ms = Math.trunc(Number(`0${text}`) * 1000);
    },
  };
}

/** The elements by how the reference instant is written; a longer one stands before those it begins with. */
const elements: readonly (readonly [string, Element])[] = [
  ["2006", numberElement("year", "\\d{4}", (at) => digits(at.getFullYear(), 4))],
  ["January", nameElement(months, (at) => at.getMonth(), "month")],
  ["Jan", nameElement(months.map(short), (at) => at.getMonth(), "month")],
  ["Monday", nameElement(days, (at) => at.getDay())],
  ["Mon", nameElement(days.map(short), (at) => at.getDay())],
  ["MST", { write: zoneName, form: "[A-Z]{3,5}", read: skip }],
  ["Z07:00", zoneElement(":", "Z")],
  ["Z0700", zoneElement("", "Z")],
  ["-07:00", zoneElement(":", "")],
  ["-0700", zoneElement("", "")],
  ["01", numberElement("month", "\\d\\d", (at) => digits(at.getMonth() + 1, 2))],
  ["02", numberElement("day", "\\d\\d", (at) => digits(at.getDate(), 2))],
  ["03", numberElement("hour", "\\d\\d", (at) => digits(hour12(at), 2))],
  ["04", numberElement("minute", "\\d\\d", (at) => digits(at.getMinutes(), 2))],
  ["05", numberElement("second", "\\d\\d", (at) => digits(at.getSeconds(), 2))],
  ["06", shortYear()],
  ["15", numberElement("hour", "\\d\\d", (at) => digits(at.getHours(), 2))],
  ["_2", numberElement("day", "[ \\d]\\d", (at) => String(at.getDate()).padStart(2))],
  ["PM", halfElement("AM", "PM")],
  ["pm", halfElement("am", "pm")],
  ["1", numberElement("month", "\\d{1,2}", (at) => String(at.getMonth() + 1))],
  ["2", numberElement("day", "\\d{1,2}", (at) => String(at.getDate()))],
  ["3", numberElement("hour", "\\d{1,2}", (at) => String(hour12(at)))],
  ["4", numberElement("minute", "\\d{1,2}", (at) => String(at.getMinutes()))],
  ["5", numberElement("second", "\\d{1,2}", (at) => String(at.getSeconds()))],
];

function shortYear(): Element {
  return {
    write: (at) => digits(((at.getFullYear() % 100) + 100) % 100, 2),
    form: "\\d\\d",
    read(text, into) {
      const year = Number(text);
      into.year = year < 69 ? 2000 + year : 1900 + year;
    },
  };
}

function zoneName(at: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

const fraction = /^\.(?:0+|9+)(?!\d)/;

/** Takes a layout apart into elements and the text between them. */
function* partsOf(layout: string): Generator<Element | string> {
  let plain = "";
  for (let at = 0; at < layout.length; ) {
    const dots = layout[at] === "." ? fraction.exec(layout.slice(at)) : null;
    const known = elements.find(([name]) => layout.startsWith(name, at));
    const found = dots === null ? known : ([dots[0], fractionElement(dots[0])] as const);
    if (found === undefined) {
      plain += layout[at++];
      continue;
    }
    if (plain !== "") yield plain;
    plain = "";
    yield found[1];
    at += found[0].length;
  }
  if (plain !== "") yield plain;
}

/** Writes an instant by a layout. */
export function writeTime(layout: string, ms: number): string {
  const at = new Date(ms);
  return [...partsOf(layout)].map((part) => (typeof part === "string" ? part : part.write(at))).join("");
}

/**
 * Reads a text by a layout as milliseconds since 1970; `undefined` when it does not fit or names no real instant.
 * What the layout leaves out in front (the year in `01-02`, the date in `15:04`) is that of `now`; what it leaves out
 * behind is the beginning.
 */
export function readTime(layout: string, text: string, now: number): number | undefined {
  const parts = [...partsOf(layout)];
  const read = parts.filter((part) => typeof part !== "string");
  // An element twice would tell nothing more, and many of varying width make the matching slow.
  if (new Set(read).size < read.length) return undefined;
  const form = parts.map((part) => (typeof part === "string" ? literal(part) : `(${part.form})`)).join("");
  const found = new RegExp(`^${form}$`, "u").exec(text);
  if (found === null) return undefined;
  const fields: Fields = {};
  for (const [i, part] of read.entries()) part.read(found[i + 1] ?? "", fields);
  return instantOf(fields, new Date(now));
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function instantOf(fields: Fields, now: Date): number | undefined {
  const given = [fields.year, fields.month, fields.day, fields.hour, fields.minute, fields.second];
  const current = [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes()];
  const first = given.findIndex((value) => value !== undefined);
  if (first < 0) return undefined;
  const filled = given.map((value, i) => value ?? (i < first ? current[i] : undefined) ?? (i === 1 || i === 2 ? 1 : 0));
  const [year, month, day, clock, minute, second] = filled as [number, number, number, number, number, number];
  const hour = fields.afternoon === undefined ? clock : (clock % 12) + (fields.afternoon ? 12 : 0);
  if (fields.afternoon !== undefined && (clock < 1 || clock > 12)) return undefined;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  if (utc.getUTCDate() !== day) return undefined;
  if (fields.zone !== undefined) return utc.setUTCHours(hour, minute - fields.zone, second, fields.ms ?? 0);
  const local = new Date(2000, 0, 1);
  local.setFullYear(year, month - 1, day);
  return local.setHours(hour, minute, second, fields.ms ?? 0);
}
