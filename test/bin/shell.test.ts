import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { Place, type ScreenOptions } from "../support/doors.ts";

const ctrl = { c: "\x03", d: "\x04", z: "\x1a", backslash: "\x1c" };

let place = new Place();
await place.leave();
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.leave());

function put(name: string, text: string): void {
  writeFileSync(join(place.folder, name), text, { mode: 0o755 });
}

async function shell(options: ScreenOptions = {}) {
  const screen = place.screen([], options);
  const { prompt } = await screen.prompt();
  return { screen, prompt };
}

describe("C-02 the shell on a terminal", () => {
  test("asks with N[HH:MM:SS]module> and counts commands, from the context ssh", async () => {
    const { screen, prompt } = await shell();
    assert.match(prompt, /^0\[\d\d:\d\d:\d\d\]ssh> $/);
    screen.type("~nfs\r");
    assert.match((await screen.prompt()).prompt, /^1\[.*\]nfs> $/);
    assert.equal(await screen.line("pwd"), `${place.folder}\n`);
    screen.type("\r");
    assert.match((await screen.prompt()).prompt, /^2\[.*\]nfs> $/);
  });

  test("~nfs pwd runs there and stays here", async () => {
    const { screen } = await shell();
    screen.type("~nfs pwd\r");
    const { shown, prompt } = await screen.prompt();
    assert.match(shown, /\n\/.*\n$/);
    assert.match(prompt, /ssh> $/);
  });

  const unfinished: [lines: string[], shown: string][] = [
    [['echo "one', 'two"'], "one\ntwo\n"],
    [["echo one |", "wc -c"], "4\n"],
  ];
  for (const [[first = "", second = ""], shown] of unfinished) {
    test(`asks for more after ${first}`, async () => {
      const { screen } = await shell();
      screen.type(`${first}\r`);
      await screen.until(/\n +\.\. $/);
      assert.equal(await screen.line(second), shown);
    });
  }

  test("Ctrl-C takes away what was typed, also the lines before", async () => {
    const { screen } = await shell();
    screen.type(`echo half${ctrl.c}`);
    assert.match((await screen.prompt()).prompt, /^0\[/);
    screen.type('echo "half\r');
    await screen.until(/\.\. $/);
    screen.type(ctrl.c);
    await screen.prompt();
    // Ctrl-D in a line hands over what stands there.
    screen.type(`echo half${ctrl.d}`);
    screen.type(ctrl.c);
    await screen.prompt();
    assert.equal(await screen.line("echo whole"), "whole\n");
  });

  for (const line of [
    "sleep 100",
    "dir / dir_deep",
    "dir / dir_deep % order size",
    "yes | wc -c",
    "yes % where text == n",
  ]) {
    test(`Ctrl-C stops ${line}, and again, and the shell goes on`, async () => {
      const { screen } = await shell();
      for (let i = 0; i < 3; i++) {
        screen.type(`echo begun; ${line}\r`);
        await screen.until(/\nbegun/);
        screen.type(ctrl.c);
        assert.match((await screen.prompt()).shown, /\n$/);
      }
      assert.equal(await screen.line("echo still here"), "still here\n");
    });
  }

  test("what is stopped shows no table that had not begun", async () => {
    const { screen } = await shell();
    screen.type("echo begun; dir / dir_deep % order size\r");
    await screen.until(/\nbegun/);
    screen.type(ctrl.c);
    assert.doesNotMatch((await screen.prompt()).shown, /filename/);
  });

  test("C-07 Ctrl-C and Ctrl-\\ belong to the program that has the terminal", async () => {
    put("deaf", `#!/bin/sh\ntrap 'echo caught; exit 5' INT QUIT\necho ready\nwhile :; do sleep 0.05; done\n`);
    const { screen } = await shell();
    for (const key of [ctrl.c, ctrl.backslash]) {
      screen.type("./deaf\r");
      await screen.until(/\nready\r\n/);
      screen.type(key);
      assert.match((await screen.prompt()).shown, /caught\n.*deaf ended with 5\n$/s);
    }
    screen.type(ctrl.backslash);
    assert.equal(await screen.line("echo still here"), "still here\n");
  });

  test("Ctrl-D leaves with 0, whatever the last line was", async () => {
    const { screen } = await shell();
    await screen.line("nobodyknowsthis");
    screen.type(ctrl.d);
    assert.equal(await screen.ended(), 0);
    assert.ok(!existsSync(place.pidFile));
  });

  for (const [line, code] of [
    ["quit", 0],
    ["quit 3", 3],
    ["quit restart", 75],
    ["quit 4; echo no", 4],
  ] as const) {
    test(`${line} leaves with ${code}`, async () => {
      const { screen } = await shell();
      screen.type(`${line}\r`);
      assert.equal(await screen.ended(), code);
    });
  }

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    for (const line of ["", "sleep 100\r", "cat\r"]) {
      test(`${signal} ends it ${line === "" ? "while it waits" : `in ${line.trim()}`}, and its pid file goes`, async () => {
        const { screen } = await shell();
        assert.equal(readFileSync(place.pidFile, "utf8"), `${screen.pid}\n`);
        if (line !== "") {
          screen.type(line);
          await screen.until(/\r\n/);
        }
        process.kill(screen.pid, signal);
        assert.equal(await screen.ended(), 0);
        assert.ok(!existsSync(place.pidFile));
      });
    }
  }

  test("C-07 a program gets the terminal and gives it back", async () => {
    put(
      "ask.py",
      "import getpass, os, sys, termios\nprint(os.isatty(0), os.isatty(1), os.isatty(2), os.tcgetpgrp(0) == os.getpgrp())\nprint(len(getpass.getpass('word? ')))\n",
    );
    const { screen } = await shell();
    screen.type("python3 ask.py\r");
    assert.match(await screen.until(/word\? /), /True True True True/);
    screen.type("secret\r");
    const { shown } = await screen.prompt();
    assert.match(shown, /6\n$/);
    assert.doesNotMatch(shown, /secret/);
    assert.equal(await screen.line("echo back"), "back\n");
  });

  test("C-07 ls has its colours and its exit code", async () => {
    const { screen } = await shell();
    assert.ok((await screen.line("ls -d --color=auto /tmp")).includes("\x1b["));
    assert.match(await screen.line("ls nosuchfile"), /ls ended with 2\n$/);
  });

  test("a block of lines that was pasted runs line by line; a program in it reads what follows", async () => {
    const { screen } = await shell();
    screen.type("echo one\ncat\ntwo\nthree\n");
    await screen.until(/ssh> two\r\nthree\r\n/);
    screen.type(ctrl.d);
    assert.match((await screen.prompt()).prompt, /^2\[/);
  });

  test("Chinese and emoji are typed, shown and used as names", async () => {
    const { screen } = await shell();
    assert.equal(await screen.line("echo 你好🎉 > 文件🎉.txt"), "");
    assert.equal(await screen.line("cat 文件🎉.txt"), "你好🎉\n");
    assert.match(await screen.line("dir 文件🎉.txt % select filename"), /文件🎉\.txt\n$/);
  });

  test("history lists the lines, history N runs one again", async () => {
    const { screen } = await shell();
    await screen.line("echo first");
    assert.match(await screen.line("history"), /0 +\S+ \S+ +echo first\n +1 .* history\n$/);
    assert.equal(await screen.line("history 0"), "first\n");
  });

  for (const columns of [20, 60]) {
    test(`no line of a table is wider than a terminal of ${columns}, also of one that was made narrow`, async () => {
      put(`${"文".repeat(50)}🎉.txt`, "");
      const { screen } = await shell();
      screen.resize(columns);
      // The shell is told of the new size by a signal of its own.
      for (const line of ["echo", "dir", "command all", "context"]) {
        for (const row of stripVTControlCharacters(await screen.line(line)).split("\n")) {
          assert.ok([...row].reduce((width, one) => width + (one > "\u2e80" ? 2 : 1), 0) <= columns, row);
        }
      }
    });
  }

  for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
    test(`no colours with ${JSON.stringify(env)}`, async () => {
      const { screen } = await shell({ env });
      for (const line of ["context", "nobodyknowsthis"]) assert.ok(!(await screen.line(line)).includes("\x1b"));
    });
  }

  test("colours without them, and an error in red", async () => {
    const { screen } = await shell();
    assert.ok((await screen.line("nobodyknowsthis")).startsWith("\x1b[31merror:"));
  });

  test("the prompt stays out of what is written to a file", async () => {
    const screen = place.screen(["-c", `"$0" "$@" > out`, ...["node", join(process.cwd(), "dist/src/main.js")]], {
      file: "bash",
    });
    await screen.prompt();
    await screen.line("echo kept");
    screen.type(ctrl.d);
    assert.equal(await screen.ended(), 0);
    assert.equal(readFileSync(join(place.folder, "out"), "utf8"), "kept\n");
  });

  test("after Ctrl-Z and fg it asks again", async () => {
    const { screen } = await shell();
    process.kill(screen.pid, "SIGCONT");
    await screen.prompt();
    assert.equal(await screen.line("echo on"), "on\n");
  });
});

describe("C-02 the shell without a terminal", () => {
  const cases: [input: string | null, code: number, out: string][] = [
    [null, 0, ""],
    ["", 0, ""],
    ["echo one\necho two", 0, "one\ntwo\n"],
    ["cat\necho after cat\nhead -1\necho after head\n", 0, "after cat\nafter head\n"],
    ["echo one\nquit 4\necho no\n", 4, "one\n"],
    ['echo "one\ntwo"\n', 0, "one\ntwo\n"],
    ["nobodyknowsthis\n", 127, ""],
    ["echo one |", 2, ""],
    [`echo ${"x".repeat(1_000_000)}`, 0, `${"x".repeat(1_000_000)}\n`],
  ];
  for (const [input, code, out] of cases) {
    test(`${JSON.stringify(input)?.slice(0, 60)} leaves with ${code} and shows no prompt`, async () => {
      const run = await place.bench([], input);
      assert.deepEqual([run.code, run.out], [code, out], run.err);
    });
  }

  test("ends when nobody reads any more", async () => {
    const run = await place.sh("set -o pipefail; yes 'echo y' | bench | head -1; echo $?");
    assert.deepEqual([run.out, run.err], ["y\n141\n", ""]);
  });
});
