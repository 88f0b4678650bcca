/* Runs servers side by side: all kinds in turn, round by round, so that a busy neighbour hits all of them alike. */
import { median } from "./measure.mjs";

/**
 * Runs rows of { name, run } in interleaved rounds; `run` gives a sample { rate, server, client… }. Gives the rows with
 * their samples and the median of each figure.
 */
export async function inTurn(rows, { rounds, warm }) {
  const samples = rows.map(() => []);
  for (let round = -warm; round < rounds; round++) {
    for (const [index, { name, run }] of rows.entries()) {
      const sample = await run();
      if (round < 0) continue;
      samples[index].push(sample);
      process.stderr.write(`  round ${round + 1}: ${name}: ${said(sample)}\n`);
    }
  }
  return rows.map(({ name }, index) => ({ name, samples: samples[index], ...medians(samples[index]) }));
}

/** A row of something that is measured once. */
export function once(name, sample) {
  process.stderr.write(`  ${name}: ${said(sample)}\n`);
  return { name, samples: [sample], ...sample };
}

function medians(samples) {
  const keys = Object.keys(samples[0]);
  const figures = keys.map((key) => [key, median(samples.map((sample) => sample[key]))]);
  // The rate of each round is shown beside their median.
  const each = samples.map(({ rate }) => (rate / 1000).toFixed(1)).join(" ");
  return { ...Object.fromEntries(figures), each };
}

function said(sample) {
  return Object.entries(sample)
    .filter(([, figure]) => figure !== undefined)
    .map(([key, figure]) => `${key} ${figure.toFixed(figure < 100 ? 2 : 0)}`)
    .join(", ");
}
