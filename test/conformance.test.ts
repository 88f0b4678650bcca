/**
 * Recorded cases of the original program, played here. A case that deviates on purpose stands in
 * docs/language-deviations.md and must deviate; every other case must agree.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fits, makeTestTree } from "../src/ctx/testing.ts";
import { modules } from "../src/modules.ts";
import { codeSpans, read, tableRows } from "./support/files.ts";

const recordings = "test/fixtures/conformance";

/** What each recording is about: the requirement its cases prove. */
const about = {
  dir: "C-30",
  select: "C-24",
  time: "C-31",
  oneshot: "C-01",
  context: "C-11",
  config: "C-13",
} as const;
type Recording = keyof typeof about;

/** One typed line, what the original showed, and the context or the exit code after it. */
interface Line {
  readonly typed: string;
  readonly shown: string[];
  ended: string | undefined;
}

interface Case {
  readonly id: string;
  readonly lines: readonly Line[];
}

/** The original began its sessions in this context; ours begin in `ssh`, as the seed shows its prompt. */
const begin = { theirs: "stdio", ours: "ssh" } as const;

function casesOf(recording: Recording): Case[] {
  const text = read(`${recordings}/${recording}.txt`);
  const [, ...blocks] = recording === "oneshot" ? text.split(/^(?=\$ )/m) : text.split(/^=== /m);
  return blocks.map((block, i) => {
    if (recording === "oneshot") return { id: `oneshot-${String(i + 1).padStart(2, "0")}`, lines: linesOf(block) };
    const [, name = "", rest = ""] = /^(\S+)\n([\s\S]*)$/.exec(block) ?? [];
    return { id: /\d/.test(name) ? name : `${recording}-${name}`, lines: linesOf(rest) };
  });
}

function linesOf(block: string): Line[] {
  const lines: Line[] = [];
  for (const line of block.split("\n")) {
    const mark = line.slice(0, 2);
    const text = line.slice(2);
    if (mark === "> " || mark === "$ ") lines.push({ typed: text, shown: [], ended: undefined });
    const last = lines.at(-1);
    if (last === undefined) continue;
    // A backslash at the end says that the last line had no end; ours always has one.
    if (mark === "< ") last.shown.push(text.replace(/\\$/, ""));
    if (mark === "@ " || mark === "= ") last.ended = text === begin.theirs ? begin.ours : text;
  }
  return lines;
}

const run = mkdtempSync(join(tmpdir(), "conformance-"));
after(() => rmSync(run, { recursive: true, force: true }));
before(() => execFileSync("bash", [`${recordings}/fixture.sh`, run]));
process.env["TZ"] = "UTC";
const env = { HOME: run, USER: "shy", HOSTNAME: "com", PATH: "/usr/bin:/bin", TZ: "UTC" };

/** What a line showed here, and the context or the exit code after it. */
interface Answer {
  readonly shown: string;
  readonly ended: string;
}

async function inSession(lines: readonly Line[]): Promise<Answer[]> {
  const { tree, who, show, stop } = await makeTestTree(modules, {
    host: { home: run, env },
    who: { lang: "zh" },
  });
  who.session.cwd = run;
  who.session.context = tree.contextNamed(begin.ours);
  const answers: Answer[] = [];
  for (const { typed } of lines) {
    const shown = await show(typed);
    answers.push({ shown, ended: who.session.context.name });
  }
  await stop();
  return answers;
}

function inOneShots(lines: readonly Line[]): Answer[] {
  return lines.map(({ typed }) => {
    const { stdout, stderr, status } = spawnSync(resolve("bin/bench"), typed.split(" "), {
      cwd: run,
      env: { ...env, CTX_HOME: run, LANG: "zh_CN.UTF-8" },
      encoding: "utf8",
    });
    return { shown: stdout + stderr, ended: String(status) };
  });
}

/** Now, hashes and addresses differ from run to run. */
function expected({ shown }: Line): string {
  return shown
    .join("\n")
    .replaceAll("$RUN", run)
    .replace(/\$(TIME|HASH|IP|WORK)\b/g, "…");
}

const oneBlank = (text: string): string => text.replace(/\s+/g, " ").trim();

const page = read("docs/language-deviations.md");
/** The page's rows by case. */
const deviations = new Map(tableRows(page).map(([id = "", ...cells]) => [id, cells]));
const ids = new Set<string>();

for (const [recording, requirement] of Object.entries(about) as [Recording, string][]) {
  describe(recording, () => {
    for (const { id, lines } of casesOf(recording)) {
      ids.add(id);
      test(`${requirement} ${id}: ${lines[0]?.typed ?? ""}`, async () => {
        const answers = recording === "oneshot" ? inOneShots(lines) : await inSession(lines);
        const differs = lines.findIndex((line, i) => {
          const { shown, ended } = answers[i] ?? { shown: "", ended: "" };
          return !fits(shown, expected(line)) || (line.ended !== undefined && line.ended !== ended);
        });
        const deviation = deviations.get(id);
        if (deviation === undefined) {
          const line = lines[differs];
          if (line === undefined) return;
          const { shown, ended } = answers[differs] ?? { shown: "", ended: "" };
          assert.equal(`${shown}\n@ ${ended}`, `${expected(line)}\n@ ${line.ended ?? ended}`, line.typed);
          assert.fail(line.typed);
        }
        assert.ok(differs >= 0, "it agrees: the row in docs/language-deviations.md is stale");
        const all = oneBlank(answers.map(({ shown, ended }) => `${shown}\n@ ${ended}`).join("\n"));
        for (const span of codeSpans(deviation[1] ?? "")) {
          const said = oneBlank(span.replaceAll("\\|", "|").replaceAll("$RUN", run));
          assert.ok(all.includes(said), `ours does not show ${said}, but\n${all}`);
        }
      });
    }
  });
}

describe("docs/language-deviations.md", () => {
  for (const [id, cells] of deviations) {
    test(`${id} is a recorded case, and has a reason`, () => {
      assert.ok(ids.has(id), "there is no such case");
      assert.ok(cells.length === 3 && cells.every((cell) => cell !== ""), "a cell is empty");
    });
  }
});
