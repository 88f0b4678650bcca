import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fits, makeTestTree, readTranscript, runTranscript, updateTranscript } from "../../src/ctx/testing.ts";
import { shop } from "../support/shop.ts";

const session = `# sort a folder
> dir etc % order line
line  filename
9     exit.shy
…     init.shy

# a statement of several lines
> if $x
.. echo yes
.. end

> dri
error: unknown command "dri" in nfs (did you mean "dir"?)

  indented
`;

const pairs: readonly (readonly [got: string, expected: string, fit: boolean])[] = [
  ["", "", true],
  ["a\n", "a", true],
  ["a", "b", false],
  ["line  filename\n   9  exit.shy\n", "line  filename\n9     exit.shy", true],
  ["a b", "a  b", false],
  ["12:00  28  init.shy", "…  28  init.shy", true],
  ["12:00  29  init.shy", "…  28  init.shy", false],
  ["a\nb\nc", "a\n…", true],
  ["a", "a\n…", false],
  ["a\nb\nc\nd", "a\n…\nd", true],
  ["a\nb", "…b", false],
  ["(a.c)*", "(a.c)*", true],
  ["abc", "(a.c)*", false],
  ["a\tb", "a\tb", true],
  ["error: no\n  line:1:5: dir x\n            ^", "error: no", true],
  ["error: no\n  line:1:5: dir x\n            ^", "error: no\n  line:1:5: dir x\n            ^", true],
  ["error: no\n  line:1:5: dir x\n            ^", "error: no\n  line:1:6: dir x\n             ^", false],
];

describe("transcripts", () => {
  test("are cut into what is typed and what is shown", () => {
    assert.deepEqual(readTranscript(session), [
      { typed: "dir etc % order line", shown: "line  filename\n9     exit.shy\n…     init.shy", line: 2 },
      { typed: "if $x\necho yes\nend", shown: "", line: 8 },
      {
        typed: "dri",
        shown: 'error: unknown command "dri" in nfs (did you mean "dir"?)\n\n  indented',
        line: 12,
      },
    ]);
  });

  for (const [got, expected, fit] of pairs) {
    test(`${JSON.stringify(got)} ${fit ? "fits" : "does not fit"} ${JSON.stringify(expected)}`, () => {
      assert.equal(fits(got, expected), fit);
    });
  }

  test("an update keeps what still fits, and all comments", () => {
    const shown = ["line  filename\n8     exit.shy\n10    init.shy\n", "yes\n", "error: gone\n"];
    assert.equal(
      updateTranscript(session, shown),
      session
        .replace("9     exit", "8     exit")
        .replace(".. end\n", ".. end\nyes\n")
        .replace(/error: unknown[\s\S]*indented\n/, "error: gone\n"),
    );
    assert.equal(
      updateTranscript(session, [
        "line  filename\n9  exit.shy\n1  init.shy",
        "",
        readTranscript(session)[2]?.shown ?? "",
      ]),
      session,
    );
  });

  test("tell which steps were not answered as written", async () => {
    const { misfits, shown } = await runTranscript("> a\na\n> b\nc\n", async (line) => `${line}\n`);
    assert.deepEqual(shown, ["a\n", "b\n"]);
    assert.deepEqual(misfits, [{ typed: "b", shown: "c", line: 3, got: "b\n" }]);
  });
});

describe("a tree for tests", () => {
  test("has a folder of its own with the start-up files, and leaves nothing behind", async () => {
    const { home, stop } = await makeTestTree([shop], { program: process.cwd() });
    assert.ok(existsSync(join(home, "etc/init.shy")));
    await stop();
    assert.ok(!existsSync(home));
  });

  test("shows what a person sees", async () => {
    const { show, call, stop } = await makeTestTree([shop]);
    assert.ok(fits(await show("shop.stock"), "time  size  name\n…  3  tea"));
    assert.equal(await show("box.open"), "open\n");
    assert.equal(await show("shop.stok"), 'error: unknown command "stok" in shop (did you mean "stock"?)\n');
    assert.deepEqual((await call("shop.stock")).rows, [{ time: new Date(0), size: 3, name: "tea" }]);
    await stop();
  });
});
