/** Work that is perhaps done at once: a value, or a promise of one. Only promises are waited for. */
export type Maybe<T> = T | Promise<T>;

/** Continues with the value of something that is perhaps a promise, at once when it is none. */
export function after<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Waits for one more thing. A failure is told to whoever waits; that nobody waits any more must not end the program. */
export function waitBoth(waiting: Promise<void> | undefined, more: Maybe<void>): Promise<void> | undefined {
  if (!(more instanceof Promise)) return waiting;
  const both = waiting === undefined ? more : Promise.all([waiting, more]).then(() => undefined);
  both.catch(() => undefined);
  return both;
}

/** Continues with how some work ended, at once when it ends at once. What `good` throws does not come to `bad`. */
export function settled<T, U>(
  work: () => Maybe<T>,
  good: (value: T) => Maybe<U>,
  bad: (error: unknown) => Maybe<U>,
): Maybe<U> {
  let done: Maybe<T>;
  try {
    done = work();
  } catch (error) {
    return bad(error);
  }
  return done instanceof Promise ? done.then(good, bad) : good(done);
}

/** Takes items one after another, each when the one before is done; at once as long as none gives a promise. */
export function inTurn<T>(items: readonly T[], step: (item: T, index: number) => Maybe<void>): Maybe<void> {
  for (let index = 0; index < items.length; index++) {
    const wait = step(items[index] as T, index);
    if (wait instanceof Promise) return restInTurn(wait, items, index + 1, step);
  }
}

async function restInTurn<T>(
  first: Promise<void>,
  items: readonly T[],
  from: number,
  step: (item: T, index: number) => Maybe<void>,
): Promise<void> {
  await first;
  for (let index = from; index < items.length; index++) await step(items[index] as T, index);
}

/** Most levels of work within work on one stack. */
const mostLevels = 100;
let levels = 0;

/** Does work that may lead to more of its kind, on a fresh stack where this one is deep: nesting is not bounded by it. */
export function deeper<T>(work: () => Maybe<T>): Maybe<T> {
  if (levels >= mostLevels) return new Promise((resolve) => setImmediate(resolve)).then(() => deeper(work));
  levels++;
  try {
    return work();
  } finally {
    levels--;
  }
}
