/** A node that stays up without a terminal, until it is told to end. */
import type { Tree } from "../../../ctx/index.ts";

/** Waits until the node is to end; gives the exit code. */
export function serve(tree: Tree): Promise<number> {
  const { quitting } = tree.life;
  if (quitting !== undefined) return Promise.resolve(quitting.code);
  return new Promise((resolve) => {
    // A timer far away keeps the process alive where no listener does.
    const alive = setInterval(() => undefined, 1 << 30);
    const end = (): void => tree.life.quit(0);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, end);
    tree.life.onQuit(({ code }) => {
      clearInterval(alive);
      for (const signal of signals) process.off(signal, end);
      resolve(code);
    });
  });
}
