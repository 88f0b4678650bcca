/** The same transcripts and examples against what is shipped: the bundle, run by `bin/bench` with lines coming through a pipe. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fits, readTranscript } from "../src/ctx/testing.ts";
import { examples, transcripts } from "./support/play.ts";

const skip = process.env["CTX_TEST_BUNDLE"] === "1" ? false : "set CTX_TEST_BUNDLE=1 once the bundle is built";

/** What differs by design: a shell that reads lines keeps a history, a tree for tests has none. */
const differs = /^cli\.history:/;

/** A line that tells where the answer of a step ends. */
const marker = (step: number): string => `===${step}===`;

async function shownByBundle(typed: readonly string[], context: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "ctx-bundle-"));
  const home = join(folder, "home");
  for (const part of ["etc", "usr"].filter((part) => existsSync(part)))
    cpSync(part, join(home, part), { recursive: true });
  // One file for both streams keeps answers and errors in the order they came.
  const shown = openSync(join(folder, "shown"), "a");
  try {
    const bench = spawn(resolve("bin/bench"), ["--alone"], {
      cwd: home,
      env: { PATH: process.env["PATH"], HOME: home, CTX_HOME: home, USER: "tester", TZ: process.env["TZ"] },
      stdio: ["pipe", shown, shown],
    });
    const lines = [`~${context}`, `echo ${marker(0)}`, ...typed.flatMap((line, i) => [line, `echo ${marker(i + 1)}`])];
    bench.stdin?.end(`${lines.join("\n")}\n`);
    await once(bench, "exit");
    return readFileSync(join(folder, "shown"), "utf8")
      .split(/===\d+===\n/)
      .slice(1, typed.length + 1);
  } finally {
    closeSync(shown);
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("transcripts and examples against the bundle", { skip }, () => {
  for (const { name, text, context = "ctx" } of [...transcripts(), ...examples()]) {
    if (differs.test(name)) continue;
    test(name, async () => {
      const steps = readTranscript(text);
      const shown = await shownByBundle(
        steps.map(({ typed }) => typed),
        context,
      );
      assert.equal(shown.length, steps.length, "every step was answered");
      for (const [i, step] of steps.entries()) {
        const got = shown[i] ?? "";
        if (!fits(got, step.shown)) assert.equal(got.trimEnd(), step.shown, `line ${step.line}: > ${step.typed}`);
      }
    });
  }
});
