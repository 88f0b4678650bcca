import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";

/** What stands where the program would be: it tells how it was called and ends as the next line of `ends` says. */
const program = `#!/bin/sh
cd "$(dirname "$0")/.."
echo "$@" >>called
env | grep -E '^(CTX_HOME|ctx_dev|ctx_box)=' | sort >environment
end=$(head -n 1 ends)
sed -i.old 1d ends
case $end in
  wait) trap 'echo TERM >>called; exit 143' TERM; echo up; while :; do /bin/sleep 0.05; done ;;
  kill) kill -s KILL $$ ;;
  *) exit "$end" ;;
esac
`;

let root = "";

function script(path: string, text: string): void {
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), 0o755);
}

function read(path: string): string[] {
  return readFileSync(join(root, path), "utf8").split("\n").slice(0, -1);
}

function environment(): NodeJS.ProcessEnv {
  const { CTX_HOME: _home, ctx_box: _box, ctx_dev: _dev, web_port: _port, PATH, ...rest } = process.env;
  return { ...rest, PATH: `${join(root, "stubs")}:${PATH}` };
}

function boot(ends: string[], args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(root, "ends"), `${ends.join("\n")}\n`);
  return spawnSync(join(root, "bin/boot.sh"), args, {
    cwd: root,
    encoding: "utf8",
    env: { ...environment(), ...env },
  });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "boot script "));
  for (const folder of ["bin", "etc", "usr/template", "stubs"]) mkdirSync(join(root, folder), { recursive: true });
  for (const name of ["boot.sh", "setup.sh"]) {
    copyFileSync(join("bin", name), join(root, "bin", name));
    chmodSync(join(root, "bin", name), 0o755);
  }
  writeFileSync(join(root, "etc/init.shy"), "# init\n");
  script("bin/bench", program);
  script("stubs/sleep", '#!/bin/sh\necho "$1" >>slept\n');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("C-40 boot.sh", () => {
  const cases: [ends: string[], code: number, slept: string[]][] = [
    [["0"], 0, []],
    [["75", "0"], 0, ["1"]],
    [["1", "70", "kill", "0"], 0, ["1", "2", "4"]],
    [["1", "1", "1", "1", "1", "1", "1", "0"], 0, ["1", "2", "4", "8", "16", "30", "30"]],
    [["78"], 78, []],
    [["1", "78"], 78, ["1"]],
    [["130"], 130, []],
    [["143"], 143, []],
  ];
  for (const [ends, code, slept] of cases) {
    test(`a node that ends with ${ends.join(", ")} leaves ${code} after ${slept.length} restarts`, () => {
      writeFileSync(join(root, "slept"), "");
      const run = boot(ends);
      assert.equal(run.status, code, run.stderr);
      assert.deepEqual(read("slept"), slept);
      assert.deepEqual(read("called"), Array(ends.length).fill("--service"));
    });
  }

  for (const signal of ["TERM", "INT", "HUP"] as const) {
    test(`passes ${signal} on, waits, and ends with the node's code`, async () => {
      writeFileSync(join(root, "ends"), "wait\n");
      script(
        "bin/bench",
        program.replace("'echo TERM >>called; exit 143' TERM", `'echo ${signal} >>called; exit 7' ${signal}`),
      );
      // A shell ignores INT in what it starts in the background, which only node undoes.
      if (signal === "INT")
        script(
          "bin/bench",
          '#!/bin/sh\nexec node -e \'process.on("SIGINT", () => { require("fs").writeFileSync("called", "--service\\nINT\\n"); process.exit(7) }); setInterval(() => {}, 9); console.log("up")\'\n',
        );
      const child = spawn(join(root, "bin/boot.sh"), {
        cwd: root,
        env: environment(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      child.stdout.once("data", () => child.kill(`SIG${signal}`));
      const code = await new Promise((resolve) => child.once("close", resolve));
      assert.equal(code, 7);
      assert.deepEqual(read("called"), ["--service", signal]);
    });
  }

  test("home is the checkout, and what the caller has set stays", () => {
    boot(["0"]);
    assert.deepEqual(read("environment"), [`CTX_HOME=${root}`]);
    boot(["0"], [], { CTX_HOME: "/elsewhere", ctx_dev: "http://up:9094" });
    assert.deepEqual(read("environment"), ["CTX_HOME=/elsewhere", "ctx_dev=http://up:9094"]);
  });

  test("create makes a folder of its own for a worker, again and again", () => {
    for (const port of ["", ":9194"]) {
      const run = boot(["0"], ["create", "app/de mo"], port ? { web_port: port } : {});
      assert.equal(run.status, 0, run.stderr);
      assert.deepEqual(read("environment"), [
        `CTX_HOME=${root}/app/de mo`,
        `ctx_box=http://localhost${port || ":9094"}`,
        "ctx_dev=",
      ]);
    }
    assert.deepEqual(read("app/de mo/etc/init.shy"), ["# init"]);
  });

  test("create leaves a file alone that somebody has put there", () => {
    mkdirSync(join(root, "app/demo/etc"), { recursive: true });
    writeFileSync(join(root, "app/demo/etc/init.shy"), "# mine\n");
    boot(["0"], ["create", "app/demo"]);
    assert.deepEqual(read("app/demo/etc/init.shy"), ["# mine"]);
  });

  for (const args of [["create"], ["sing"]]) {
    test(`boot.sh ${args.join(" ")} is answered with the usage`, () => {
      const run = boot(["0"], args);
      assert.equal(run.status, 2);
      assert.match(run.stderr, /usage: bin\/boot\.sh \[create DIR\]/);
    });
  }
});

describe("bin/bench", () => {
  test("without a build says so, also through links", () => {
    copyFileSync("bin/bench", join(root, "bin/bench"));
    symlinkSync(join(root, "bin/bench"), join(root, "one"));
    symlinkSync("../one", join(root, "usr/two"));
    for (const path of ["bin/bench", "one", "usr/two"]) {
      const run = spawnSync(join(root, path), { encoding: "utf8" });
      assert.equal(run.stderr, "error: not built; run npm start\n");
      assert.equal(run.status, 70);
    }
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, "dist/boot.cjs"), "console.log(process.argv.slice(2).join('|'))");
    for (const path of ["bin/bench", "one", "usr/two"]) {
      const run = spawnSync(join(root, path), ["a b", ""], { encoding: "utf8" });
      assert.equal(run.stdout, "a b|\n");
    }
  });
});
