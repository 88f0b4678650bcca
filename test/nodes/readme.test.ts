/** What README.md types beside running nodes shows what it says there. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fits } from "../../src/ctx/testing.ts";
import { programLine } from "../support/doors.ts";
import { read } from "../support/files.ts";
import { Fleet, type FleetNode } from "../support/fleet.ts";

/** Times, numbers of links and milliseconds are others each time. */
function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "TIME")
    .replace(/tcp\.link\d+/g, "tcp.link")
    .replace(/(answered\s+0\s+)\d+/g, "$1MS");
}

interface Step {
  readonly typed: string;
  readonly shown: string;
}

/** The commands of the blocks for a console, each with what stands below it. */
function typedIn(page: string): Step[] {
  const blocks = [...page.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, typed = "", shown = ""]) => ({
      typed: typed.replace(/\s+# .*$/, ""),
      shown: shown.trim(),
    })),
  );
}

describe("C-40 C-41 C-50 what README.md types beside nodes", { timeout: 240_000 }, () => {
  const fleet = new Fleet();
  let com: FleetNode;
  before(async () => {
    com = await fleet.server("com");
    cpSync("etc", join(com.home, "etc"), { recursive: true });
    const demo = await fleet.worker("demo", com);
    const sub = await fleet.worker("sub", demo);
    const logged = demo.logged("boot");
    await sub.kill();
    await demo.logs("boot", /[.]sub has gone/, logged);
  });
  after(() => fleet.stop());

  const steps = typedIn(read("README.md"));
  assert.ok(steps.length > 8);
  // Files of the checkout are the same for all; who makes a worker is tested in test/bin/join.test.ts.
  for (const { typed, shown } of steps.filter((step) => /^(bin\/bench|curl) /.test(step.typed))) {
    test(typed, () => {
      const line = typed
        .replaceAll("bin/bench", programLine)
        .replace(/^curl/, "curl -s")
        .replaceAll("http://127.0.0.1:9094", com.url);
      const token = `token="Authorization: Bearer ${com.token}"`;
      const { stdout } = spawnSync("sh", ["-c", `exec 2>&1; ${token}; ${line}`], {
        cwd: com.home,
        env: com.env,
        encoding: "utf8",
      });
      const got = stdout.replaceAll(com.home, "/home/you/contextos");
      if (shown === "") assert.doesNotMatch(got, /^error/m);
      else assert.ok(fits(steady(got), steady(shown)), got);
    });
  }
});
