import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Place } from "../support/doors.ts";

let place = new Place();
await place.leave();
beforeEach(() => {
  place = new Place();
  mkdirSync(join(place.folder, "etc"));
  writeFileSync(join(place.folder, "etc/one.txt"), "b\na\n");
  writeFileSync(join(place.folder, "plain"), "no program");
});
afterEach(() => place.leave());

describe("C-01 a one-shot ends with a useful code", () => {
  const codes: [words: string[], code: number][] = [
    [["dir", "etc"], 0],
    [["dir", "nosuch"], 1],
    [["dir", "etc", "nosuch"], 2],
    [["-c", 'echo "half'], 2],
    [["-c"], 2],
    [["--bogus"], 2],
    [["./plain"], 126],
    [["nobodyknowsthis"], 127],
    [[""], 127],
    [["sh", "-c", "exit 7"], 7],
    [["sh", "-c", "kill -KILL $$"], 137],
    [["quit", "9"], 9],
    [["-c", "quit 9; echo no"], 9],
  ];
  for (const [words, code] of codes) {
    test(`${JSON.stringify(words)} ends with ${code}`, async () => {
      const run = await place.bench(words);
      assert.equal(run.code, code, run.err);
      assert.ok(!run.out.includes("no\n"));
      assert.equal(run.err === "", code === 0 || code === 9, run.err);
      assert.doesNotMatch(run.err, /internal|\n {4}at /);
    });
  }

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    for (const words of [
      ["dir", "/", "dir_deep"],
      ["yes", "%", "where", "text != n"],
    ]) {
      test(`${signal} in the middle of ${words.join(" ")} ends it with ${code}`, async () => {
        const child = place.start(words, { stdio: ["ignore", "pipe", "pipe"] });
        child.stdout?.once("data", () => child.kill(signal));
        child.stdout?.resume();
        child.stderr?.resume();
        assert.deepEqual(await once(child, "close"), [code, null]);
      });
    }
  }
});

describe("C-01 standard input", () => {
  const cases: [line: string, shown: string][] = [
    ["echo x | bench wc -c", "2\n0\n"],
    ["printf 'b\\na\\n' | bench order text", "text\na\nb\n0\n"],
    ["yes | bench dir etc % select filename", "filename\none.txt\n0\n"],
    ["echo x | bench sh -c cat", "x\n0\n"],
    ["bench wc -c <etc/one.txt", "4\n0\n"],
    ["echo 'echo one; echo two' | bench -", "one\ntwo\n0\n"],
    ["bench - </dev/null", "0\n"],
    ["bench </dev/null", "0\n"],
    ["bench cat </dev/null", "0\n"],
    ["bench cat <&-", "0\n"],
  ];
  for (const [line, shown] of cases) {
    test(line, async () => assert.deepEqual((await place.sh(`${line}; echo $?`)).out, shown));
  }
});

test("C-01 standard input may be a pipe that does not wait, and slow", async () => {
  const nonBlocking = [
    "import os, subprocess, sys",
    "r, w = os.pipe()",
    "os.set_blocking(r, False)",
    "child = subprocess.Popen(sys.argv[1:], stdin=r)",
    "os.close(r)",
    "sys.stdin.read()",
    "os.write(w, b'echo hi\\n')",
    "os.close(w)",
    "sys.exit(child.wait())",
  ].join("\n");
  writeFileSync(join(place.folder, "slow.py"), nonBlocking);
  for (const [words, out] of [
    ["-", "hi\n"],
    ["order text", "text\necho hi\n"],
    ["", "hi\n"],
  ] as const) {
    const run = await place.sh(`sleep 0.5 | through python3 slow.py ${words}`);
    assert.deepEqual([run.code, run.out], [0, out], run.err);
  }
});

describe("C-01 standard output", () => {
  const cases: [line: string, out: string, err: RegExp][] = [
    ["set -o pipefail; bench dir / dir_deep 2>&1 | head -1 | cut -c 1-4; echo $?", "time\n141\n", /^$/],
    ["set -o pipefail; bench yes | head -1; echo $?", "y\n141\n", /^$/],
    ["bench dir etc >/dev/full; echo $?", "1\n", /^error: no space left on the disk\n$/],
    ["bench dir etc >&-; echo $?", "0\n", /^$/],
    [
      "bench sh -c 'yes | head -c 300000 >&2; exit 3' 2>&1 >/dev/null | wc -c | xargs test 300000 -lt; echo $?",
      "0\n",
      /^$/,
    ],
    ["bench --quiet dir etc % where 'size > 1000'; echo $?", "time  size  line  filename\n0\n", /^$/],
    ["bench dir etc % select filename", "filename\none.txt\n", /^$/],
    ["bench --csv dir etc % select filename line", "filename,line\none.txt,2\n", /^$/],
    ["echo 'dir etc % select filename' | bench --csv", "filename\none.txt\n", /^$/],
    ["bench --alone echo hi", "hi\n", /^$/],
    ["bench -- echo a % b", "a % b\n", /^$/],
    ["FORCE_COLOR= NO_COLOR=1 bench nobodyknowsthis", "", /^error: unknown command "nobodyknowsthis"/],
  ];
  for (const [line, out, err] of cases) {
    test(line, async () => {
      const run = await place.sh(line);
      assert.equal(run.out, out, run.err);
      assert.match(run.err, err);
    });
  }

  for (const line of ["nobodyknowsthis", "dir nosuch", "-c 'echo (1'"]) {
    test(`--json ${line} carries the error, and standard error is silent`, async () => {
      const run = await place.sh(`bench --json ${line}`);
      const { v, error } = JSON.parse(run.out) as { v: number; error: { code: string } };
      assert.equal(v, 1);
      assert.match(error.code, /^(unknown_command|not_found|parse_error)$/);
      assert.equal(run.err, "");
    });
  }
});

describe("C-01 words", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `w${i}`);
  const cases: [name: string, words: string[], out: string][] = [
    ["10,000 of them", ["echo", ...many], `${many.join(" ")}\n`],
    ["a long one", ["echo", "x".repeat(120_000)], `${"x".repeat(120_000)}\n`],
    ["with line ends and blanks", ["echo", "a\nb", " c "], "a\nb  c \n"],
    ["an empty one", ["echo", "a", "", "b"], "a  b\n"],
    ["Chinese and emoji", ["echo", "你好🎉"], "你好🎉\n"],
    ["with what the outer shell has left alone", ["echo", "$x", "*", "~", "'"], "$x * ~ '\n"],
  ];
  for (const [name, words, out] of cases) {
    test(name, async () => {
      const run = await place.bench(words);
      assert.equal(run.err, "");
      assert.ok(run.out === out, run.out.slice(0, 200));
    });
  }

  test("a word of 1 MB from standard input", async () => {
    const word = "x".repeat(1_000_000);
    const { code, out, err } = await place.bench(["-"], `echo ${word}`);
    assert.deepEqual([code, out.length, err.slice(0, 200)], [0, word.length + 1, ""]);
  });
});

test("C-07 a program asks on /dev/tty", async () => {
  const screen = place.screen([
    "sh",
    "-c",
    "stty -echo </dev/tty; printf 'word? ' >/dev/tty; read x </dev/tty; stty echo; echo got $x",
  ]);
  await screen.until(/word\? /);
  screen.type("secret\r");
  assert.match(await screen.until(/got secret\r\n/), /^got secret\n$/);
  assert.equal(await screen.ended(), 0);
});

test("C-07 Ctrl-C on a terminal ends a one-shot's program with 130, and one that wants to end by itself with its own code", async () => {
  for (const [script, code] of [
    ["echo ready; exec sleep 100", 130],
    ["trap 'exit 5' INT; sleep 0.1; echo ready; while :; do sleep 0.05; done", 5],
  ] as const) {
    const screen = place.screen(["sh", "-c", script]);
    await screen.until(/ready\r\n/);
    screen.type("\x03");
    assert.equal(await screen.ended(), code);
  }
});

test("called in a folder that is gone, it says so", async () => {
  const gone = join(place.folder, "gone");
  mkdirSync(gone);
  const run = await place.sh(`cd gone; rmdir ../gone; bench echo hi; echo $?`);
  assert.equal(run.out, "1\n");
  assert.match(run.err, /^error: the folder this was called in is gone\n$/m);
  rmSync(gone, { recursive: true, force: true });
});

test("C-01 CTX_HOME may name a folder that is not there yet; a one-shot does not make it", async () => {
  const run = await place.sh(`CTX_HOME=$PWD/new bench echo hi; ls -d new`);
  assert.equal(run.out, "hi\n");
  assert.match(run.err, /^ls:/);
});

test("C-01 --version and --help", async () => {
  assert.match((await place.bench(["--version"])).out, /^bench \d+\.\d+\.\d+\n$/);
  assert.match((await place.bench(["--help"])).out, /^usage: bench /);
});
