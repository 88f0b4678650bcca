/* Draws what was measured: as text for the terminal, as docs/benchmarks.md for readers. */
import { arch, cpus, platform } from "node:os";
import { ratio } from "./measure.mjs";

const units = { wall: "ms", cpu: "ms CPU", rss: "MB", us: "µs each", heap: "MB more in the heap" };

/** Draws one benchmark: a Markdown table, its bars, and who was not here. */
export function drawBench({ name, about, rounds, rows, bars, absent }) {
  const [first] = rows;
  const lines = rows.map((row) => {
    if (row.failed) return [row.name, row.failed, "", "", ""];
    const times = first.failed ? "" : ratio(row, first, "wall").toFixed(2);
    return [row.name, number(row.wall), number(row.cpu), number(row.rss), times];
  });
  return [
    `## ${name}: ${about}`,
    "",
    drawTable([["", "wall ms", "CPU ms", "max RSS MB", `× ${first.name}`], ...lines]),
    "",
    ...bars.map((bar) => `- ${drawBar(bar)}`),
    ...(absent.length > 0 ? [`- not on this machine: ${absent.join(", ")}`] : []),
    "",
    `Medians of ${rounds} interleaved rounds.`,
    "",
  ].join("\n");
}

/** Draws the page of all benchmarks. */
export function drawPage(results, peers, date) {
  const versions = Object.entries(peers).map(([name, peer]) => `${name} ${peer?.version ?? "(not here)"}`);
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench` (after `npm --prefix bench install`). Every row runs in turn with the others, so that a",
    "busy machine slows all of them alike; × is the median of the ratios within each round. CPU is user and system time",
    "of the process and of those it waited for; RSS cannot read less than 10 MB, the size of what measures.",
    "",
    `${date.toISOString().slice(0, 10)}, node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores; ${versions.join(", ")}.`,
    "",
    ...results.map(drawBench),
  ].join("\n");
}

function drawBar({ row, to, what, most, value, verdict }) {
  const got = value === undefined ? "" : ` (${value.toFixed(2)})`;
  const bar = to === undefined ? `${row}: at most ${most} ${units[what]}` : `${row}: at most ${most} × ${to}`;
  return `${bar}: **${verdict}**${got}`;
}

function drawTable([head, ...rows]) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function number(value) {
  return Number.isNaN(value) ? "–" : value.toFixed(value < 100 ? 1 : 0);
}
