/* Draws what was measured: as text for the terminal, as docs/benchmarks.md for readers. */
import { arch, cpus, platform } from "node:os";
import { ratio } from "./measure.mjs";

const units = {
  wall: "ms",
  cpu: "ms CPU",
  rss: "MB",
  us: "µs each",
  heap: "MB more in the heap",
  percent: "% CPU",
};
const titles = {
  wall: "wall ms",
  cpu: "CPU ms",
  rss: "max RSS MB",
  rate: "a second",
  each: "each round, thousands",
  server: "CPU µs of server",
  client: "CPU µs of client",
  p50: "p50 µs",
  p99: "p99 µs",
  percent: "CPU %",
  before: "heap before MB",
  after: "heap after MB",
  heap: "more MB",
};
const usual = { columns: ["wall", "cpu", "rss"], compare: "wall" };

/** Draws one benchmark: a Markdown table, its bars, and who was not here. */
export function drawBench(result) {
  const { name, about, rounds, rows, bars, absent, notes = [] } = result;
  const lines = bars.map((bar) => `- ${drawBar(bar)}`);
  if (absent.length > 0) lines.push(`- not on this machine: ${absent.join(", ")}`);
  const said = rounds > 1 ? [...notes, `Medians of ${rounds} interleaved rounds.`] : notes;
  const table = rows.length === 0 ? [] : [drawRows(rows, result.columns === undefined ? usual : result), ""];
  return [`## ${name}: ${about}`, "", ...table, ...lines, "", ...said, ""].join("\n");
}

function drawRows(rows, { columns, compare }) {
  const [first] = rows;
  const head = ["", ...columns.map((column) => titles[column])];
  if (compare !== undefined) head.push(`× ${first.name}`);
  const lines = rows.map((row) => {
    if (row.failed) return [row.name, row.failed, ...head.slice(2).map(() => "")];
    const cells = [row.name, ...columns.map((column) => number(row[column]))];
    if (compare !== undefined) cells.push(first.failed ? "" : ratio(row, first, compare).toFixed(2));
    return cells;
  });
  return drawTable([head, ...lines]);
}

/** Draws the page of all benchmarks. */
export function drawPage(results, peers, date) {
  const versions = Object.entries(peers).map(([name, peer]) => `${name} ${peer?.version ?? "(not here)"}`);
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench` (after `npm --prefix bench install`). Every row runs in turn with the others, so that a",
    "busy machine slows all of them alike; × is the median of the ratios within each round. CPU is user and system time",
    "of the process and of those it waited for; RSS cannot read less than 10 MB, the size of what measures. Of servers it",
    "is CPU of each request that counts most: unlike the rate it hardly depends on what else the machine does.",
    "",
    `${date.toISOString().slice(0, 10)}, node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores; ${versions.join(", ")}.`,
    "",
    ...results.map(drawBench),
  ].join("\n");
}

function drawBar({ row, to, what, most, least, value, verdict }) {
  const got = value === undefined ? "" : ` (${value.toFixed(2)})`;
  const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
  const bar = to === undefined ? `${row}: ${limit} ${units[what]}` : `${row}: ${limit} × ${to}`;
  return `${bar}: **${verdict}**${got}`;
}

function drawTable([head, ...rows]) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function number(value) {
  if (typeof value === "string") return value;
  return Number.isNaN(value) ? "–" : value.toFixed(value < 100 ? 1 : 0);
}
