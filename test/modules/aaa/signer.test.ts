import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { signer } from "../../../src/ctx/index.ts";
import { makeTestTree } from "../../../src/ctx/testing.ts";
import aaa from "../../../src/modules/aaa/index.ts";
import { keepSigner, keyFile, keyId } from "../../../src/modules/aaa/signer.ts";
import { folder } from "../../support/folder.ts";

const bytes = Buffer.from("what is signed");

test("C-43 a key is made at its first use, in a private file in a private folder", (t) => {
  const home = folder(t);
  const get = keepSigner(home);
  assert.throws(() => statSync(join(home, "var")), { code: "ENOENT" });
  const { key } = get();
  const file = join(home, keyFile);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
  assert.match(readFileSync(file, "utf8"), /^-----BEGIN PRIVATE KEY-----\n/);
  assert.match(key, /^[\w-]{43}$/);
  assert.equal(keepSigner(home)().key, key);
});

test("C-43 a signature is by its key, of its bytes, and of nothing else", (t) => {
  const one = keepSigner(folder(t))();
  const other = keepSigner(folder(t))();
  const signature = one.sign(bytes);
  assert.equal(signature.length, 64);
  assert.ok(other.verify(one.key, bytes, signature));
  assert.ok(!one.verify(other.key, bytes, signature));
  assert.ok(!one.verify(one.key, Buffer.from("what is not"), signature));
});

describe("C-43 garbage is no signature, and no reason to fail", () => {
  const garbage = ["", "x", "__proto__", "A".repeat(43), "A".repeat(44), `${"A".repeat(42)}B`, "é".repeat(43), "\0"];
  for (const key of garbage) {
    test(JSON.stringify(key), (t) => {
      const { verify } = keepSigner(folder(t))();
      for (const length of [0, 63, 64, 65, 1000]) {
        assert.equal(verify(key, bytes, Buffer.alloc(length)), false);
        assert.equal(verify(key, bytes, Buffer.alloc(length)), false, "not from the cache either");
      }
    });
  }
  test("a key has one way to be written", (t) => {
    const { key, verify, sign } = keepSigner(folder(t))();
    const signature = sign(bytes);
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = letters.indexOf(key.at(-1) ?? "");
    const sameBytes = `${key.slice(0, -1)}${letters[last + 1]}`;
    assert.ok(Buffer.from(sameBytes, "base64url").equals(Buffer.from(key, "base64url")));
    assert.equal(verify(sameBytes, bytes, signature), false);
    assert.equal(verify(key, bytes, signature.subarray(0, 63)), false);
  });
});

describe("a key file that is not right is refused, and stays as it is", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
  const files: readonly (readonly [string, string, number, RegExp])[] = [
    ["other people can read it", "", 0o640, /other people can read it/],
    ["no key at all", "hello", 0o600, /is no Ed25519 key/],
    ["empty", "", 0o600, /is no Ed25519 key/],
    ["an RSA key", rsa.toString(), 0o600, /is no Ed25519 key/],
  ];
  for (const [what, text, mode, says] of files) {
    test(what, (t) => {
      const home = folder(t);
      const file = join(home, keyFile);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
      assert.throws(() => keepSigner(home)(), says);
      assert.equal(readFileSync(file, "utf8"), text);
    });
  }
});

test("C-43 aaa.key shows the public half only, and the port gives the same key", async () => {
  const { tree, call, stop } = await makeTestTree([aaa]);
  try {
    const [row] = (await call("aaa.key")).rows;
    const { key } = tree.use(signer)();
    assert.deepEqual(row, { id: keyId(key), key, file: keyFile });
    assert.match(keyId(key), /^[a-z2-7]{32}$/);
  } finally {
    await stop();
  }
  assert.equal(tree.use(signer), signer.standIn);
});
