import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import cli from "../../src/modules/cli/index.ts";
import { stage } from "../modules/cli/cli-tree.ts";

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
  for (const name of ["boot.sh", "setup.sh", "invite.mjs"]) {
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

  for (const args of [["create"], ["invite"], ["sing"]]) {
    test(`boot.sh ${args.join(" ")} is answered with the usage`, () => {
      const run = boot(["0"], args);
      assert.equal(run.status, 2);
      assert.match(run.stderr, /usage: bin\/boot\.sh \[create DIR \| invite NAME\]/);
    });
  }
});

describe("C-40 boot.sh lets a worker join", () => {
  /** What a file holds; its mode and that of its folder are those of a secret. */
  function secret(path: string): string {
    assert.equal(statSync(join(root, path)).mode & 0o777, 0o600, path);
    assert.equal(statSync(join(root, dirname(path))).mode & 0o777, 0o700, dirname(path));
    const [line = "", ...more] = read(path);
    assert.deepEqual(more, []);
    return line;
  }

  // The last one is written as a letter and a mark, as some systems keep it.
  const names: [folder: string, name: string][] = [
    ["demo", "demo"],
    ["de mo", "de_mo"],
    ["中文", "中文"],
    ["a.b-c_d", "a_b-c_d"],
    ["x😀;$(id)'\"", "x____id___"],
    ["-n", "-n"],
    ["e\u0301", "e_"],
  ];
  for (const [folder, name] of names) {
    test(`${folder} is invited as ${name}, the name it has`, async (t) => {
      const run = boot(["0"], ["create", `app/${folder}`]);
      assert.equal(run.status, 0, run.stderr);
      const first = secret(`app/${folder}/var/run/join`);
      assert.match(first, /^[0-9a-f]{32}$/);
      assert.equal(secret(`var/run/invite/${name}`), first);
      assert.equal(secret(`app/${folder}/var/run/above`), root);
      const env = { ctx_box: "http://localhost" };
      const worker = await stage(t, [cli], { home: join(root, "app", folder), env });
      assert.equal((await worker.run(["runtime", "node.name"])).text, name);
    });
  }

  test("a secret that was not used is made new, for both; a worker that has joined gets none", () => {
    boot(["0"], ["create", "app/demo"]);
    const first = secret("app/demo/var/run/join");
    mkdirSync(join(root, "app/demo/var/run/node"));
    writeFileSync(join(root, "app/demo/var/run/node/known.json"), "{}");
    boot(["0"], ["create", "app/demo"]);
    const second = secret("app/demo/var/run/join");
    assert.notEqual(second, first);
    assert.equal(secret("var/run/invite/demo"), second);
    rmSync(join(root, "app/demo/var/run/join"));
    rmSync(join(root, "var/run/invite/demo"));
    const run = boot(["0"], ["create", "app/demo"]);
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(readdirSync(join(root, "var/run/invite")), []);
    assert.deepEqual(readdirSync(join(root, "app/demo/var/run")).toSorted(), ["above", "node"]);
  });

  test("what lies open is closed", () => {
    mkdirSync(join(root, "app/demo/var/run"), { recursive: true, mode: 0o777 });
    chmodSync(join(root, "app/demo/var/run"), 0o777);
    writeFileSync(join(root, "app/demo/var/run/join"), "old", { mode: 0o666 });
    boot(["0"], ["create", "app/demo"]);
    assert.notEqual(secret("app/demo/var/run/join"), "old");
  });

  test("a worker below a worker, whose port nobody knows before", () => {
    boot(["0"], ["create", "app/demo"]);
    const run = boot(["0"], ["create", "app/demo/app/sub"], { CTX_HOME: "app/demo" });
    assert.equal(run.status, 0, run.stderr);
    const home = join(root, "app/demo");
    assert.deepEqual(read("environment"), [`CTX_HOME=${home}/app/sub`, "ctx_box=http://localhost:0", "ctx_dev="]);
    assert.equal(secret("app/demo/app/sub/var/run/above"), home);
    assert.equal(secret("app/demo/var/run/invite/sub"), secret("app/demo/app/sub/var/run/join"));
    assert.deepEqual(readdirSync(join(root, "var/run/invite")), ["demo"]);
  });

  test("CDPATH does not lead elsewhere", () => {
    mkdirSync(join(root, "usr/app/demo"), { recursive: true });
    const run = boot(["0"], ["create", "app/demo"], { CDPATH: join(root, "usr") });
    assert.equal(run.status, 0, run.stderr);
    assert.equal(secret("app/demo/var/run/above"), root);
  });

  test("invite shows a secret once, and where it belongs", () => {
    const run = boot([], ["invite", "my laptop"]);
    assert.equal(run.status, 0, run.stderr);
    assert.equal(run.stdout, `${secret("var/run/invite/my_laptop")}\n`);
    assert.match(run.stderr, /lets my_laptop join once, within 24 hours: put it into var\/run\/join/);
  });

  const refusals: [what: string, args: string[], env: NodeJS.ProcessEnv, said: RegExp][] = [
    ["the checkout", ["create", "."], {}, /is a node already: a worker has a folder of its own/],
    ["the checkout by another way", ["create", "bin/.."], {}, /is a node already/],
    ["the node above", ["create", "etc"], { CTX_HOME: "etc" }, /is a node already/],
    ["a file", ["create", "etc/init.shy"], {}, /the folder etc\/init\.shy cannot be made: /],
    ["a folder below a file", ["create", "etc/init.shy/demo"], {}, /cannot be made: /],
    ["a name of two lines", ["create", "app/a\nb"], {}, /no line breaks/],
    [
      "a node above that is not there",
      ["create", "app/demo"],
      { CTX_HOME: "nowhere" },
      /CTX_HOME is no folder: nowhere/,
    ],
    ["an invitation from nowhere", ["invite", "demo"], { CTX_HOME: "nowhere" }, /CTX_HOME is no folder: nowhere/],
  ];
  for (const [what, args, env, said] of refusals) {
    test(`${what} is refused`, () => {
      const run = boot(["0"], args, env);
      assert.equal(run.status, 78, run.stderr);
      assert.match(run.stderr, /^error: [^\n]*\n$/);
      assert.match(run.stderr, said);
      assert.ok(!existsSync(join(root, "called")));
    });
  }

  const skip = process.getuid?.() !== 0 && "only root may become somebody else";
  test("a folder without rights is refused", { skip }, () => {
    chmodSync(root, 0o755);
    mkdirSync(join(root, "theirs"), { mode: 0o755 });
    for (const [folder, said] of [
      ["theirs", /the folder theirs cannot be made: Permission denied/],
      ["app/demo", /the folder app\/demo cannot be made: Permission denied/],
    ] as const) {
      const run = spawnSync(join(root, "bin/boot.sh"), ["create", folder], {
        cwd: root,
        encoding: "utf8",
        env: environment(),
        uid: 65534,
        gid: 65534,
      });
      assert.equal(run.status, 78);
      assert.match(run.stderr, said);
    }
  });
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
