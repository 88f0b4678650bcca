import { defineCommand, Mismatch, type Param, text, textOf } from "../../ctx/index.ts";

/** The exit code that asks `boot.sh` to start the program again. */
const restartCode = 75;

const word = text({ en: "The exit code, or restart", zh: "退出码" }, { optional: true });

function readCode(given: unknown): number {
  if (given === "restart") return restartCode;
  const code = typeof given === "number" ? given : /^\d{1,3}$/.test(String(given)) ? Number(given) : -1;
  if (!Number.isInteger(code) || code < 0 || code > 255) {
    throw new Mismatch(`must be a number from 0 to 255, or restart, but is "${String(given)}"`);
  }
  return code;
}

const exitCode: Param<number | undefined> = {
  ...(word as Param<undefined>),
  complete: () => ["0", "1", "restart"],
  read: (words) => readCode(textOf(words[0] ?? "")),
  check: readCode,
  schema: { type: ["integer", "string"], description: "0 to 255, or restart" },
};

/** Ends the program, after everything that is open was closed. */
export const quit = defineCommand({
  name: "quit",
  help: { en: "End the program", zh: "结束程序" },
  effect: "admin",
  args: { code: exitCode },
  examples: [{ help: "End it well", shell: "> quit" }],
  words: ["exit", "restart", "stop"],
  run(m, { code }) {
    m.tree.life.quit(code ?? 0);
  },
});
