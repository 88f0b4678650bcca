import type { Message } from "../../ctx/index.ts";

/** After so many milliseconds of work at one go, others get their turn. */
const slice = 10;

/**
 * Makes the pause of a long piece of work. Called every now and then, it gives a promise to wait for when others should
 * have their turn, and throws once nobody wants the answer any more.
 */
export function turnsOf(m: Message): () => Promise<void> | undefined {
  const { clock } = m.tree;
  let end = clock.ticks() + slice;
  return () => {
    if (clock.ticks() < end) return undefined;
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      end = clock.ticks() + slice;
      return m.ready();
    });
  };
}

/** Works through steps, with pauses, and hands what they give to `take`. */
export async function workThrough<T>(
  steps: Iterable<T | undefined>,
  pause: () => Promise<void> | undefined,
  take: (part: T) => Promise<void> | void,
): Promise<void> {
  for (const part of steps) {
    if (part !== undefined) {
      const taking = take(part);
      if (taking !== undefined) await taking;
    }
    const pausing = pause();
    if (pausing !== undefined) await pausing;
  }
}
