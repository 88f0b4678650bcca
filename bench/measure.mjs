/* Runs programs side by side and sums up: medians, and ratios taken round by round. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

const side = join(import.meta.dirname, "side.py");

/**
 * Measures rows of { name, argv, env? } in interleaved rounds. Processor time and memory need python3, because
 * node cannot wait4(); without it only the wall clock is read.
 */
export function measure(rows, { rounds, warm, python, scratch, cwd }) {
  const runs = rows.map(({ argv, env }, index) => ({ argv, env, out: `${scratch}/${index}.out` }));
  const samples = python ? besidePython(python, { rounds, warm, runs }, cwd) : byTheClock(runs, rounds, warm, cwd);
  return rows.map((row, index) => summary({ ...row, out: runs[index].out }, samples[index]));
}

/** Gives the median of what two rows took in the same round, one divided by the other. */
export function ratio(of, to, what) {
  return median(of.samples.map((sample, round) => sample[what] / to.samples[round][what]));
}

function besidePython(python, spec, cwd) {
  const run = spawnSync(python, ["-S", side], {
    input: JSON.stringify(spec),
    encoding: "utf8",
    cwd,
    maxBuffer: 2 ** 26,
  });
  if (run.status !== 0) throw new Error(`side.py: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

function byTheClock(runs, rounds, warm, cwd) {
  const samples = runs.map(() => []);
  for (let round = -warm; round < rounds; round++) {
    runs.forEach(({ argv: [command, ...args], env, out }, index) => {
      const opened = [openSync(out, "w"), openSync(`${out}.err`, "w")];
      const started = performance.now();
      const { status } = spawnSync(command, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", ...opened],
      });
      for (const file of opened) closeSync(file);
      const sample = { wall: performance.now() - started, cpu: Number.NaN, rss: Number.NaN, code: status };
      if (round >= 0) samples[index].push(sample);
    });
  }
  return samples;
}

function summary(row, samples) {
  const failed = samples.find((sample) => sample.code !== 0);
  return {
    ...row,
    samples,
    wall: median(samples.map((sample) => sample.wall)),
    cpu: median(samples.map((sample) => sample.cpu)),
    rss: Math.max(...samples.map((sample) => sample.rss)),
    failed: failed && `exit ${failed.code}: ${firstLine(`${row.out}.err`)}`,
  };
}

function firstLine(file) {
  try {
    return readFileSync(file, "utf8").split("\n", 1)[0];
  } catch {
    return "";
  }
}

/** Gives the middle one of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
