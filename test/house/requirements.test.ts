/** docs/requirements.md says for every id where it lives and which test proves it, or *open*. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { codeSpans, read, tableRows } from "../support/files.ts";

/** The ids there are: ranges of numbers by letter. */
const ranges: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>> = {
  C: [
    [1, 7],
    [10, 27],
    [30, 37],
    [40, 47],
    [50, 56],
  ],
  X: [[1, 12]],
  A: [[1, 68]],
  G: [[1, 37]],
  Z: [[1, 71]],
  K: [[1, 30]],
};
const ids = Object.entries(ranges).flatMap(([letter, list]) =>
  list.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${letter}-${String(from + i).padStart(2, "0")}`),
  ),
);
const rows = tableRows(read("docs/requirements.md"));

describe("docs/requirements.md", () => {
  test("has every id once, in order, and no other", () => {
    assert.deepEqual(
      rows.map(([id]) => id),
      ids,
    );
  });
  for (const [id = "", what = "", where = "", proof = ""] of rows) {
    test(id, () => {
      assert.ok(what.length > 5, "says what it is");
      for (const place of codeSpans(where)) assert.ok(existsSync(place), `there is no ${place}`);
      if (proof === "*open*") return;
      assert.ok(codeSpans(where).length > 0, "it lives nowhere");
      assert.ok(codeSpans(proof).length > 0, "no test, and not *open*");
      for (const file of codeSpans(proof)) assert.ok(read(file).includes(id), `${file} does not name ${id}`);
    });
  }
});
