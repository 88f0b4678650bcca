/*
 * npm run bench [NAME…]: measures the program and the peers that are here, side by side, and says which bars are met.
 * Without names all of them run and docs/benchmarks.md is written. Peers: npm --prefix bench install.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { benches } from "./benches.mjs";
import { measure, ratio } from "./measure.mjs";
import { findPeers } from "./peers.mjs";
import { drawBench, drawPage } from "./report.mjs";
import { serverBenches } from "./servers.mjs";

const root = dirname(import.meta.dirname);
const wanted = process.argv.slice(2);
const all = [...benches, ...serverBenches];

if (!existsSync(join(root, "dist/boot.cjs"))) stop("not built; run npm run build");
const unknown = wanted.find((name) => !all.some((bench) => bench.name === name));
if (unknown !== undefined) stop(`no benchmark "${unknown}"; there are ${all.map((bench) => bench.name).join(", ")}`);

const peers = findPeers();
const scratch = mkdtempSync(join(tmpdir(), "contextos-bench-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

const results = [];
for (const bench of all) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  process.stderr.write(`${bench.name}: ${bench.about}\n`);
  const result = await (bench.run === undefined ? runPrograms(bench) : runServers(bench));
  process.stdout.write(`${drawBench(result)}\n`);
  results.push(result);
}
if (wanted.length === 0) writeFileSync(join(root, "docs/benchmarks.md"), drawPage(results, peers, new Date()));
if (results.some((result) => result.bars.some((bar) => bar.verdict !== "ok" && bar.verdict !== "skipped")))
  process.exitCode = 1;

/** Measures programs from their start to their end. */
function runPrograms(bench) {
  const rows = bench.rows({ root, scratch, peers, bench: join(root, "bin/bench") });
  const here = rows.filter((row) => row.argv[0] !== undefined);
  const absent = rows.filter((row) => row.argv[0] === undefined).map((row) => row.name);
  // A home of its own: nothing that was saved on this machine, and no running node, takes part.
  const env = { CTX_HOME: scratch };
  const measured = measure(
    here.map((row) => ({ ...row, env: { ...env, ...row.env } })),
    { rounds: bench.rounds, warm: bench.warm, python: peers.python?.path, scratch, cwd: root },
  );
  for (const row of measured)
    if (row.prints && !row.failed) Object.assign(row, JSON.parse(readFileSync(row.out, "utf8")));
  return { ...bench, rows: measured, absent, bars: bench.bars.map((bar) => judge(bar, measured)) };
}

/** Measures processes that stay up; one that fails does not keep the others from being measured. */
async function runServers(bench) {
  try {
    const { rows, rounds, notes } = await bench.run({ scratch, bench: join(root, "bin/bench") });
    return { ...bench, rows, rounds, notes, absent: [], bars: bench.bars.map((bar) => judge(bar, rows)) };
  } catch (error) {
    const bars = bench.bars.map((bar) => ({ ...bar, verdict: "failed" }));
    return { ...bench, rows: [], rounds: 0, notes: [String(error)], absent: [], bars };
  }
}

/** Compares a row with what it may cost, or has to reach: so many times another row, or so much at all. */
function judge(bar, rows) {
  const row = rows.find((one) => one.name === bar.row);
  const to = bar.to === undefined ? row : rows.find((one) => one.name === bar.to);
  if (row === undefined || to === undefined) return { ...bar, verdict: "skipped" };
  if (row.failed || to.failed) return { ...bar, verdict: "failed" };
  const value = bar.to === undefined ? row[bar.what] : ratio(row, to, bar.what);
  if (Number.isNaN(value)) return { ...bar, value, verdict: "skipped" };
  if (bar.least !== undefined) return { ...bar, value, verdict: value >= bar.least ? "ok" : "under" };
  return { ...bar, value, verdict: value <= bar.most ? "ok" : "over" };
}

function stop(problem) {
  process.stderr.write(`error: ${problem}\n`);
  process.exit(2);
}
