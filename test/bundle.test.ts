/** The same transcripts and examples against what is shipped: the bundle, run by `bin/bench` with lines coming through a pipe. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fits, readTranscript } from "../src/ctx/testing.ts";
import { read } from "./support/files.ts";
import { examples, transcripts } from "./support/play.ts";

const skip = process.env["CTX_TEST_BUNDLE"] === "1" ? false : "set CTX_TEST_BUNDLE=1 once the bundle is built";

/**
 * What differs by design: a shell that reads lines keeps a history, a tree for tests has none; and it asks the node of its
 * folder for other nodes, where a tree for tests is a node without links.
 */
const differs = /^(cli\.history|ssh\.(node|remote)):/;

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

/** The commands that a page shows behind `$ `, each with what stands below it. */
function typedInShell(page: string): { readonly command: string; readonly shown: string }[] {
  const blocks = [...page.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^\$ (bin\/bench \S.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = "", shown = ""]) => ({
      command,
      shown: shown.trim(),
    })),
  );
}

/** Files have other times in every checkout. */
const withoutTimes = (text: string): string => text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME");

describe("what README.md types in the outer shell", { skip }, () => {
  const steps = typedInShell(read("README.md"));
  assert.ok(steps.length > 3);
  for (const { command, shown } of steps) {
    test(command, () => {
      const home = mkdtempSync(join(tmpdir(), "ctx-readme-"));
      try {
        const env = { ...process.env, CTX_HOME: home };
        const got = spawnSync("sh", ["-c", `exec 2>&1; ${command}`], { encoding: "utf8", env }).stdout;
        if (shown === "") assert.doesNotMatch(got, /^error/m);
        else assert.ok(fits(withoutTimes(got), withoutTimes(shown)), got);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });
  }
});
