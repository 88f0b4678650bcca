import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { fromSystem } from "../../../src/ctx/errors.ts";
import { openAtomic, writeAtomic } from "../../../src/ctx/kit/atomic-file.ts";

const root = mkdtempSync(join(tmpdir(), "atomic-"));
after(() => rmSync(root, { recursive: true }));
let folder = "";
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});

test("a new file appears at commit, not before", () => {
  const path = join(folder, "a.txt");
  const file = openAtomic(path);
  file.write("one ");
  file.write(Buffer.from("two"));
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.startsWith(".")),
    [],
  );
  file.commit();
  file.abort();
  assert.equal(readFileSync(path, "utf8"), "one two");
  assert.deepEqual(readdirSync(folder), ["a.txt"]);
});

test("abort leaves the old file and no other", () => {
  const path = join(folder, "a.txt");
  writeFileSync(path, "old");
  const file = openAtomic(path);
  file.write("new");
  file.abort();
  file.write("more");
  file.commit();
  assert.equal(readFileSync(path, "utf8"), "old");
  assert.deepEqual(readdirSync(folder), ["a.txt"]);
});

test("the mode of the old file is kept", () => {
  const path = join(folder, "a.sh");
  writeFileSync(path, "old");
  chmodSync(path, 0o751);
  writeAtomic(path, "new");
  assert.equal(statSync(path).mode & 0o7777, 0o751);
  assert.equal(readFileSync(path, "utf8"), "new");
});

test("links are followed, also to a file that is not there yet", () => {
  mkdirSync(join(folder, "real"));
  writeFileSync(join(folder, "real", "a.txt"), "old");
  symlinkSync("real/a.txt", join(folder, "link"));
  symlinkSync("real/b.txt", join(folder, "dangling"));
  symlinkSync("link", join(folder, "twice"));
  writeAtomic(join(folder, "twice"), "new");
  writeAtomic(join(folder, "dangling"), "made");
  assert.equal(readlinkSync(join(folder, "link")), "real/a.txt");
  assert.equal(readFileSync(join(folder, "real", "a.txt"), "utf8"), "new");
  assert.equal(readFileSync(join(folder, "real", "b.txt"), "utf8"), "made");
  assert.ok(lstatSync(join(folder, "dangling")).isSymbolicLink());
});

test("a disk that is full is told, and leaves nothing behind", () => {
  const link = join(folder, "full");
  symlinkSync("/dev/full", link);
  const file = openAtomic(link);
  assert.throws(() => file.write("text"), { code: "ENOSPC", path: "/dev/full" });
  file.abort();
  assert.deepEqual(readdirSync(folder), ["full"]);
  assert.ok(lstatSync("/dev/full").isCharacterDevice());
});

test("a device is written directly", () => {
  writeAtomic("/dev/null", "text");
  assert.ok(lstatSync("/dev/null").isCharacterDevice());
});

const refused: readonly (readonly [string, () => string, string])[] = [
  ["a folder", () => folder, "is a folder"],
  ["a file in a folder that is not there", () => join(folder, "no", "a.txt"), "no file"],
  [
    "links in a circle",
    () => {
      symlinkSync("b", join(folder, "a"));
      symlinkSync("a", join(folder, "b"));
      return join(folder, "a");
    },
    "too many symbolic links",
  ],
  [
    "a file below a file",
    () => {
      writeFileSync(join(folder, "a"), "");
      return join(folder, "a", "b");
    },
    "not a folder",
  ],
];
for (const [name, path, said] of refused) {
  test(`${name} is refused in words`, () => {
    const target = path();
    const before = readdirSync(folder);
    assert.throws(
      () => writeAtomic(target, "text"),
      (error) => fromSystem(error)?.message.startsWith(said) === true,
    );
    assert.deepEqual(readdirSync(folder), before);
  });
}
