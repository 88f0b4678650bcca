import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { along, CtxError, drawError, fail, fromSystem } from "../../src/ctx/errors.ts";
import { Source } from "../../src/ctx/source.ts";

const at = { source: new Source("a.shy", "dir etc % order lines\n"), span: { start: 16, end: 21 } };

describe("CtxError", () => {
  test("is drawn as a sentence, a hint, and a place", () => {
    const error = fail(
      "bad_argument",
      { command: "order", problem: 'no column "lines"' },
      { hint: 'did you mean "line"?', at },
    );
    assert.equal(
      drawError(error),
      `error: order: no column "lines" (did you mean "line"?)
  a.shy:1:17: dir etc % order lines
                              ^^^^^`,
    );
  });
  test("as JSON has neither stack nor cause, and the place as text", () => {
    const error = fail("failed", { problem: "no" }, { cause: new Error("inside"), hint: "do", exit: 3, at });
    assert.deepEqual(JSON.parse(JSON.stringify(error)), {
      code: "failed",
      message: "no",
      hint: "do",
      exit: 3,
      at: "a.shy:1:17",
    });
    assert.deepEqual(Object.keys(fail("cancelled", {}).toJSON()), ["code", "message"]);
  });
  test("a code of a program's own is a program's code, whatever it is", () => {
    assert.equal(fail("failed", { problem: "no" }, { exit: 1 }).isProgramCode, true);
    assert.equal(fail("failed", { problem: "no" }).isProgramCode, false);
    assert.equal(fail("not_found", { what: "file", name: "x" }, { exit: 1 }).isProgramCode, false);
  });
});

describe("C-41 the way of an error", () => {
  const lost = (extra = {}): CtxError => fail("not_found", { what: "file", name: "x" }, { hint: "look", ...extra });

  const drawn: readonly (readonly [what: string, error: CtxError, said: string])[] = [
    ["nothing, where it did not leave", along(lost()), 'error: no file "x" (look)'],
    [
      "the nodes and the command, under the sentence",
      along(lost(), "com", "com.demo", "nfs.dir"),
      'error: no file "x" (look)\n  com → com.demo → nfs.dir',
    ],
    [
      "each node puts itself before the way so far",
      along(along(lost(), "com.demo.sub", "nfs.dir"), "com", "com.demo"),
      'error: no file "x" (look)\n  com → com.demo → com.demo.sub → nfs.dir',
    ],
    [
      "the place it has there beside it, the place it has here below",
      along(lost({ where: "init.shy:3:1", at }), "com", "com.demo", "source"),
      `error: no file "x" (look)
  com → com.demo → source (init.shy:3:1)
  a.shy:1:17: dir etc % order lines
                              ^^^^^`,
    ],
    ["a place alone", lost({ where: "init.shy:3:1" }), 'error: no file "x" (look)\n  init.shy:3:1'],
  ];
  for (const [what, error, said] of drawn) test(`is drawn: ${what}`, () => assert.equal(drawError(error), said));

  test("is a list in JSON, with the place there and the place here", () => {
    const error = along(lost({ where: "init.shy:3:1", at }), "com", "com.demo", "source");
    assert.deepEqual(JSON.parse(JSON.stringify(error)), {
      code: "not_found",
      message: 'no file "x"',
      hint: "look",
      at: "a.shy:1:17",
      where: "init.shy:3:1",
      trail: ["com", "com.demo", "source"],
    });
  });

  test("changes nothing else: code, exit code, what a program ended with, the cause", () => {
    for (const error of [
      fail("failed", { problem: "sh ended with 7" }, { exit: 7 }),
      fail("failed", { problem: "false ended with 1" }, { exit: 1 }),
      fail("failed", { problem: "no luck" }),
      fail("node_offline", { node: "demo" }),
    ]) {
      const told = along(error, "com");
      const { code, message, exit, isProgramCode } = error;
      assert.deepEqual(
        { code: told.code, message: told.message, exit: told.exit, isProgramCode: told.isProgramCode },
        { code, message, exit, isProgramCode },
      );
      assert.equal(told.cause, error);
      const { exit: sent } = JSON.parse(JSON.stringify(told)) as { exit?: number };
      assert.equal(sent, isProgramCode ? exit : undefined);
    }
  });
});

describe("errors of the system", () => {
  const system = (more: object): Error => Object.assign(new Error("raw"), more);
  const cases: readonly (readonly [error: unknown, said: string | undefined])[] = [
    [system({ code: "ENOENT", path: "a" }), 'not_found no file "a"'],
    [system({ code: "EEXIST", path: "a" }), 'already_exists file "a" is already there'],
    [system({ code: "EACCES", path: "a" }), 'not_allowed permission denied: "a"'],
    [system({ code: "EPERM" }), "not_allowed permission denied"],
    [system({ code: "EISDIR", path: "a" }), 'failed is a folder: "a"'],
    [system({ code: "ENOSPC" }), "failed no space left on the disk"],
    [system({ code: "ECONNREFUSED", address: "127.0.0.1", port: 1 }), 'failed connection refused: "127.0.0.1:1"'],
    [system({ code: "EADDRINUSE", address: "::", port: 80 }), 'already_exists listener ":::80" is already there'],
    [system({ code: "ETIMEDOUT" }), "timed_out the call did not end within the time limit"],
    [system({ name: "AbortError" }), "cancelled stopped"],
    [system({ code: "ERR_INVALID_ARG_TYPE" }), undefined],
    [system({ code: "constructor" }), undefined],
    [system({ code: "__proto__" }), undefined],
    [system({ code: 7 }), undefined],
    [new RangeError("Maximum call stack size exceeded"), undefined],
    [{ code: "ENOENT" }, undefined],
    ["ENOENT", undefined],
    [undefined, undefined],
  ];
  for (const [error, said] of cases) {
    test(`${String((error as { code?: unknown })?.code ?? error)}: ${said ?? "a bug"}`, () => {
      const known = fromSystem(error);
      assert.equal(known === undefined ? undefined : `${known.code} ${known.message}`, said);
      if (known !== undefined) assert.ok(known instanceof CtxError && known.cause === error);
    });
  }
});
