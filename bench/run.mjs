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

const root = dirname(import.meta.dirname);
const wanted = process.argv.slice(2);

if (!existsSync(join(root, "dist/boot.cjs"))) stop("not built; run npm run build");
const unknown = wanted.find((name) => !benches.some((bench) => bench.name === name));
if (unknown !== undefined)
  stop(`no benchmark "${unknown}"; there are ${benches.map((bench) => bench.name).join(", ")}`);

const peers = findPeers();
const scratch = mkdtempSync(join(tmpdir(), "contextos-bench-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

const results = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name)).map(runBench);
if (wanted.length === 0) writeFileSync(join(root, "docs/benchmarks.md"), drawPage(results, peers, new Date()));
if (results.some((result) => result.bars.some((bar) => bar.verdict !== "ok" && bar.verdict !== "skipped")))
  process.exitCode = 1;

function runBench(bench) {
  process.stderr.write(`${bench.name}: ${bench.about}\n`);
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
  const result = { ...bench, rows: measured, absent, bars: bench.bars.map((bar) => judge(bar, measured)) };
  process.stdout.write(`${drawBench(result)}\n`);
  return result;
}

/** Compares a row with what it may cost: so many times another row, or so much at all. */
function judge(bar, rows) {
  const row = rows.find((one) => one.name === bar.row);
  const to = bar.to === undefined ? row : rows.find((one) => one.name === bar.to);
  if (row === undefined || to === undefined) return { ...bar, verdict: "skipped" };
  if (row.failed || to.failed) return { ...bar, verdict: "failed" };
  const value = bar.to === undefined ? row[bar.what] : ratio(row, to, bar.what);
  return { ...bar, value, verdict: value <= bar.most ? "ok" : Number.isNaN(value) ? "skipped" : "over" };
}

function stop(problem) {
  process.stderr.write(`error: ${problem}\n`);
  process.exit(2);
}
