/** So many rows are merged between two pauses. */
const part = 4096;

/**
 * Sorts the numbers from 0 up to `count`: stable, and in steps, since a million rows take longer than others should
 * have to wait. Each `undefined` is a good moment for a pause.
 */
export function* sortSteps(
  count: number,
  compare: (a: number, b: number) => number,
): Generator<undefined, Uint32Array> {
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  let merged = 0;
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let left = start;
      let right = middle;
      for (let i = start; i < end; i++) {
        const takeLeft = left < middle && (right >= end || compare(from[left] as number, from[right] as number) <= 0);
        to[i] = from[takeLeft ? left++ : right++] as number;
        if (++merged % part === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
