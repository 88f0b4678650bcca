/* Calls something over and over from several places at once, and says how it went. */

/** Calls until the time is over, in milliseconds, or as often as `count` says. */
export async function load(call, { at = 1, ms = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY }) {
  const took = [];
  const began = performance.now();
  let begun = 0;
  const one = async () => {
    while (begun < count && performance.now() - began < ms) {
      begun++;
      await call();
    }
  };
  const oneTimed = async () => {
    while (performance.now() - began < ms) {
      const from = performance.now();
      await call();
      took.push((performance.now() - from) * 1000);
      begun++;
    }
  };
  await Promise.all(Array.from({ length: at }, at === 1 && ms < Number.POSITIVE_INFINITY ? oneTimed : one));
  const rate = (begun * 1000) / (performance.now() - began);
  took.sort((a, b) => a - b);
  return { count: begun, rate, p50: took[took.length >> 1], p99: took[Math.floor(took.length * 0.99)] };
}
