import type { TestContext } from "node:test";
import { type Context, type CtxError, command, defineCommand, fail, integer, textOf } from "../../src/ctx/index.ts";
import { makeTestTree, type TestTree, type TestTreeOptions } from "../../src/ctx/testing.ts";
import { modules } from "../../src/modules.ts";

/** What the commands of a probe have seen. */
export interface Seen {
  /** Rows that `rows` has given. */
  given: number;
  /** Rows that `eat` has read. */
  eaten: number;
  /** Whether the generator of `rows` was ended properly. */
  ended: boolean;
  /** Whether the signal of `rows` was aborted. */
  aborted: boolean;
}

const count = integer("How many rows", { default: 10 });
const columns = { n: integer("Number") };

/** Makes a context of commands that stream, read, fail and call on, and what they have seen. */
export function makeProbe(): { readonly probe: Context; readonly seen: Seen } {
  const seen: Seen = { given: 0, eaten: 0, ended: false, aborted: false };
  const rows = defineCommand({
    name: "rows",
    help: "Give rows",
    effect: "read",
    args: { count },
    columns,
    async *run(m, { count }) {
      try {
        for (let n = 1; n <= count; n++) {
          seen.given = n;
          yield { n };
        }
      } finally {
        seen.ended = true;
        seen.aborted = m.signal.aborted;
      }
    },
  });
  const pass = defineCommand({
    name: "pass",
    help: "Hand on what comes in",
    effect: "read",
    input: "table",
    columns,
    async *run(m) {
      for await (const batch of m.piped?.batches() ?? []) yield batch;
    },
  });
  const eat = defineCommand({
    name: "eat",
    help: "Count what comes in",
    effect: "read",
    input: "table",
    async run(m) {
      for await (const batch of m.piped?.batches() ?? []) seen.eaten += batch.length;
      return `${seen.eaten}\n`;
    },
  });
  const half = defineCommand({
    name: "half",
    help: "Give two rows, then fail",
    columns,
    run(m) {
      m.push({ n: 1 }).push({ n: 2 });
      throw fail("failed", { problem: "no luck" });
    },
  });
  const refuse = defineCommand({
    name: "refuse",
    help: "Read nothing and fail",
    input: "table",
    run() {
      throw fail("failed", { problem: "refused" });
    },
  });
  const bug = defineCommand({
    name: "bug",
    help: "Have a bug",
    run() {
      throw new TypeError("a secret of the house");
    },
  });
  const both = defineCommand({
    name: "both",
    help: "Give text and a row, and note something",
    columns,
    run(m) {
      m.note("careful");
      m.echo("some text\n");
      m.push({ n: 1 });
    },
  });
  const wait = defineCommand({
    name: "wait",
    help: "Wait until stopped",
    run: (m) =>
      new Promise<undefined>((resolve) => {
        m.signal.addEventListener("abort", () => resolve(undefined), { once: true });
      }),
  });
  const over = defineCommand({
    name: "over",
    help: "Call another command",
    args: { words: command("What to call") },
    run: (m, { words }) => m.cmd(textOf(words[0] ?? ""), ...words.slice(1).map(textOf)),
  });
  const commands = [rows, pass, eat, half, refuse, bug, both, wait, over];
  return { probe: { name: "probe", help: "Streams and failures", commands }, seen };
}

/** A tree of all modules and a probe, with the caller in the probe; it ends with the test. */
export async function probeTree(
  t: TestContext,
  options: TestTreeOptions & { readonly more?: readonly Context[] } = {},
): Promise<TestTree & { readonly seen: Seen }> {
  const { probe, seen } = makeProbe();
  const { more = [], ...rest } = options;
  const stage = await makeTestTree([...modules, probe, ...more], rest);
  t.after(() => stage.stop());
  stage.who.session.context = stage.tree.contextNamed("probe");
  return { ...stage, seen };
}

/** Gives the error that some work ends with. */
export async function errorOf(work: () => unknown): Promise<CtxError> {
  try {
    await work();
  } catch (error) {
    return error as CtxError;
  }
  throw new Error("an error was expected");
}
