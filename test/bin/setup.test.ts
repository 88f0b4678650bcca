import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const npm = `#!/bin/sh
echo "$1" >>asked
case $1 in
  ci) mkdir -p node_modules; : >node_modules/.package-lock.json ;;
  run) mkdir -p usr/librarys/vendor; : >usr/librarys/vendor/lit.js ;;
esac
[ ! -e broken ]
`;

let root = "";

function put(path: string, text = ""): void {
  writeFileSync(join(root, path), text);
}

function setup() {
  put("asked");
  const { PATH, ...env } = process.env;
  const run = spawnSync("sh", ["-c", `root=$PWD; . ./bin/setup.sh; setup`], {
    cwd: root,
    encoding: "utf8",
    env: { ...env, PATH: `${join(root, "stubs")}:${PATH}` },
  });
  return {
    asked: readFileSync(join(root, "asked"), "utf8").split("\n").slice(0, -1),
    said: run.stderr,
    code: run.status,
  };
}

function change(path: string): void {
  const later = Date.now() / 1000 + 60;
  utimesSync(join(root, path), later, later);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "setup script "));
  for (const folder of ["bin", "src/ctx", "stubs"]) mkdirSync(join(root, folder), { recursive: true });
  for (const path of [
    "src/ctx/a.ts",
    "bin/bundle.mjs",
    "bin/vendor.mjs",
    "bin/boot.cjs",
    "package-lock.json",
    "tsconfig.json",
  ])
    put(path);
  copyFileSync("bin/setup.sh", join(root, "bin/setup.sh"));
  put("stubs/npm", npm);
  chmodSync(join(root, "stubs/npm"), 0o755);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("C-40 a fresh clone is installed and built, once", () => {
  assert.deepEqual(setup(), {
    asked: ["ci", "run"],
    said: "installing packages: npm ci\nbuilding: npm run build\n",
    code: 0,
  });
  assert.deepEqual(setup(), { asked: [], said: "", code: 0 });
});

test("a source that was changed is built again", () => {
  setup();
  change("src/ctx/a.ts");
  assert.deepEqual(setup(), { asked: ["run"], said: "building: npm run build\n", code: 0 });
});

test("what pages load is made again when it is missing", () => {
  setup();
  rmSync(join(root, "usr/librarys/vendor/lit.js"));
  assert.deepEqual(setup().asked, ["run"]);
  assert.deepEqual(setup().asked, []);
});

test("other packages are installed again", () => {
  setup();
  change("package-lock.json");
  assert.deepEqual(setup().asked, ["ci", "run"]);
});

test("a build that fails is not taken for done", () => {
  setup();
  change("src/ctx/a.ts");
  put("broken");
  assert.equal(setup().code, 1);
  rmSync(join(root, "broken"));
  assert.deepEqual(setup().asked, ["run"]);
});

test("a copy without sources is taken as it is", () => {
  rmSync(join(root, "src"), { recursive: true });
  assert.deepEqual(setup(), { asked: [], said: "", code: 0 });
});
