import { type Format, fail } from "../../ctx/index.ts";
import { Refusal } from "./problem.ts";

/** How an answer is written: a format of the renderers, events (SSE), or our own bytes. */
export interface Form {
  readonly type: string;
  readonly format: Format | "events" | "wire";
  /** The content type as it is sent. */
  readonly sent: string;
}

const form = (type: string, format: Form["format"], sent = `${type}; charset=utf-8`): Form => ({ type, format, sent });

/** The first is what a caller gets who takes anything. */
const forms: readonly Form[] = [
  form("application/json", "json", "application/json"),
  form("text/plain", "plain"),
  form("text/csv", "csv"),
  form("text/tab-separated-values", "tsv"),
  form("text/html", "html"),
  form("application/yaml", "yaml", "application/yaml"),
  form("text/markdown", "md"),
  form("application/x-ndjson", "ndjson", "application/x-ndjson"),
  form("text/event-stream", "events", "text/event-stream"),
  form("application/x-ctx", "wire", "application/x-ctx"),
];

interface Range {
  readonly type: string;
  readonly quality: number;
  readonly index: number;
}

/** Most headers whose choice is remembered: clients have few. */
const mostKnown = 64;
const known = new Map<string, Form>();

/** Chooses the form that a caller likes best; throws when there is none that the caller takes. */
export function chooseForm(accept: string | undefined): Form {
  if (accept === undefined || accept === "*/*") return forms[0] as Form;
  const before = known.get(accept);
  if (before !== undefined) return before;
  const chosen = best(accept);
  if (chosen === undefined) {
    const hint = `there is ${forms.map(({ type }) => type).join(", ")}`;
    throw new Refusal(fail("unsupported", { problem: "no answer in the form that Accept asks for" }, { hint }), 406);
  }
  if (known.size >= mostKnown) known.clear();
  known.set(accept, chosen);
  return chosen;
}

function best(accept: string): Form | undefined {
  const ranges = accept.split(",").map(readRange);
  let chosen: Form | undefined;
  let rank: readonly number[] = [0, 0, 0];
  for (const one of forms) {
    const [range, exactness] = rangeFor(one.type, ranges);
    if (range === undefined || range.quality === 0) continue;
    const mine = [range.quality, exactness, -range.index];
    if (chosen !== undefined && !isAbove(mine, rank)) continue;
    chosen = one;
    rank = mine;
  }
  return chosen;
}

/** `text/csv;q=0.8`; what is no number counts as 1. */
function readRange(text: string, index: number): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const given = parameters.find((one) => one.startsWith("q="))?.slice(2);
  const quality = given === undefined ? 1 : Number(given);
  return { type, index, quality: quality >= 0 && quality <= 1 ? quality : 1 };
}

/** Finds the range that says most about a type, and how exactly it names it. */
function rangeFor(type: string, ranges: readonly Range[]): readonly [Range | undefined, number] {
  const group = `${type.slice(0, type.indexOf("/"))}/*`;
  for (const [place, name] of [type, group, "*/*"].entries()) {
    const range = ranges.find((one) => one.type === name);
    if (range !== undefined) return [range, 2 - place];
  }
  return [undefined, 0];
}

function isAbove(mine: readonly number[], other: readonly number[]): boolean {
  const at = mine.findIndex((value, i) => value !== other[i]);
  return at >= 0 && (mine[at] as number) > (other[at] as number);
}
