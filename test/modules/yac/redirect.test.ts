import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { probeTree } from "../../support/probe.ts";

type Files = { readonly [name: string]: string };

describe("C-23 redirections", () => {
  const cases: readonly (readonly [line: string, files: Files, shown?: RegExp, before?: Files])[] = [
    ["rows 2 > a.csv", { "a.csv": "n\n1\n2\n" }],
    ["rows 2 > a.csv", { "a.csv": "n\n1\n2\n" }, /^$/, { "a.csv": "old" }],
    ["rows 2 > a.txt", { "a.txt": "n\n1\n2\n" }],
    ["rows 2 > a.ndjson", { "a.ndjson": '{"n":1}\n{"n":2}\n' }],
    ["rows 2 > a.json", { "a.json": '[\n{"n":1},\n{"n":2}\n]\n' }],
    ["rows 1 > a.csv; rows 2 >> a.csv", { "a.csv": "n\n1\n1\n2\n" }],
    ["rows 2 >> a.csv", { "a.csv": "n\n1\n2\n" }, /^$/, { "a.csv": "" }],
    ["rows 0 > a.csv; rows 1 >> a.csv", { "a.csv": "n\n1\n" }],
    ["echo x > a; echo y >> a", { a: "x\ny\n" }],
    ["half > a.csv", { "a.csv": "old" }, /^error: no luck/, { "a.csv": "old" }],
    ["half > a.csv", {}, /^error: no luck/],
    ["rows 5 | refuse > a.csv", { "a.csv": "old" }, /^error: refused/, { "a.csv": "old" }],
    ["half | eat > a.csv", { "a.csv": "old" }, /^error: no luck/, { "a.csv": "old" }],
    ["half > a.csv | eat", { "a.csv": "old" }, /^error: no luck/, { "a.csv": "old" }],
    ["nosuch > a.csv", { "a.csv": "old" }, /^error: unknown command/, { "a.csv": "old" }],
    ["rows 2 % nosuch > a.csv", { "a.csv": "old" }, /^error: select/, { "a.csv": "old" }],
    ["rows 2 > a.csv > /nonexistent/b", { "a.csv": "old" }, /^error: no file/, { "a.csv": "old" }],
    ["bug > a.csv", { "a.csv": "old" }, /^error: internal error/, { "a.csv": "old" }],
    ["rows 1 > a > b", { a: "", b: "n\n1\n" }],
    ["rows 2 % limit 1 > a.csv | eat", { "a.csv": "n\n1\n" }, /^0\n$/],
    ["both 2> e > a.csv", { e: "careful\n", "a.csv": "n\n1\n" }],
    ["both > a", { a: "some text\n" }, /^careful\n$/],
    ["rows 2 % to csv > a.csv", { "a.csv": "n\n1\n2\n" }],
    ["echo '{}' > a.json", { "a.json": "{}\n" }],
    ["sh -c 'echo {}' > a.json", { "a.json": "{}\n" }],
    ["both > a.txt 2>&1", { "a.txt": "careful\nsome text\n" }],
    ["both 2>&1 > a.txt", { "a.txt": "some text\n" }, /^careful\n$/],
    ["both 2>&1 | eat", {}, /^\d+\n$/],
    ["sh -c 'echo out; echo err >&2' 2> e", { e: "err\n" }, /^out\n$/],
    ["sh -c 'echo err >&2; exit 3' 2> e", { e: "err\n" }, /^error: sh ended with 3/],
    ["sh -c 'echo out; echo err >&2' > a 2>&1", { a: "out\nerr\n" }],
    ["eat < a.csv", { "a.csv": "x\n1\n2\n3\n" }, /^3\n$/, { "a.csv": "x\n1\n2\n3\n" }],
    ["pass < a.csv % where n > 1", { "a.csv": "n\n1\n2\n" }, /^n\n2\n$/, { "a.csv": "n\n1\n2\n" }],
    ["pass < a.txt", { "a.txt": "n\n1\n" }, /^text\nn\n1\n$/, { "a.txt": "n\n1\n" }],
    ["cat < a.csv", { "a.csv": "n,m\n1,2\n" }, /^n,m\n1,2\n$/, { "a.csv": "n,m\n1,2\n" }],
    ["cat < a.csv > b.csv", { "a.csv": "n,m\n1,2\n", "b.csv": "n,m\n1,2\n" }, /^$/, { "a.csv": "n,m\n1,2\n" }],
    ["pass < a.json > b.csv", { "a.json": '[{"n":1}]', "b.csv": "n\n1\n" }, /^$/, { "a.json": '[{"n":1}]' }],
    ["eat < nosuch.csv", {}, /^error: no file or folder "nosuch.csv"/],
    ["rows < a.csv", { "a.csv": "n\n1\n" }, /^error: rows: takes no input from a pipe/, { "a.csv": "n\n1\n" }],
    ["rows 1 > ''", {}, /^error: is a folder/],
    ["rows 1 > etc", {}, /^error: is a folder/],
    ["rows 1 >> etc", {}, /^error: is a folder/],
    ["rows 1 > /nonexistent/a", {}, /^error: no file/],
    ["rows 1 >> a/b", { a: "file" }, /^error: not a folder/, { a: "file" }],
    ["rows 1 > /dev/null", {}],
  ];
  for (const [line, files, shown = /^$/, before = {}] of cases) {
    const given = Object.keys(before).length > 0 ? ` (before: ${JSON.stringify(before)})` : "";
    test(line + given, async (t) => {
      const { show, home } = await probeTree(t);
      for (const [name, content] of Object.entries(before)) writeFileSync(join(home, name), content);
      assert.match(await show(line), shown);
      const there = readdirSync(home).filter((name) => !["etc", "usr", "var"].includes(name));
      const got = Object.fromEntries(there.map((name) => [name, readFileSync(join(home, name), "utf8")]));
      assert.deepEqual(got, files);
    });
  }

  test("errors of a redirection point at it", async (t) => {
    const { show } = await probeTree(t);
    assert.match(await show("rows 1 > /nonexistent/a"), /line:1:10: rows 1 > \/nonexistent\/a\n +\^{14}$/m);
  });
});
