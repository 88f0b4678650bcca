"use strict";
/*
 * Starts the built program; `npm run build` copies this file to dist/boot.cjs. What V8 compiled is kept beside the
 * bundle, so that a start reads it instead of compiling again: dist/bench-VERSION-ARCH.cache, which opens with the key
 * it was made for (VERSION ARCH HASH-OF-THE-BUNDLE). V8 checks by itself only its version, its flags and the length of
 * the source. A missing or refused cache costs some time, never a start: it is written anew when the program ends.
 */
const fs = require("node:fs");
const vm = require("node:vm");

const keySize = 128;
const bundle = `${__dirname}/bench.cjs`;
const cache = `${__dirname}/bench-${process.version}-${process.arch}.cache`;

// The bundle is plain ASCII and opens with `//HASH`; latin1 is the cheapest way to a string.
const source = fs.readFileSync(bundle, "latin1");
const key = `${process.version} ${process.arch} ${source.slice(2, source.indexOf("\n"))}`.padEnd(keySize);
const cachedData = readCache();

const script = new vm.Script(`(function (require, module, exports, __filename, __dirname, bootImport) {${source}\n})`, {
  filename: bundle,
  cachedData,
});
if (cachedData === undefined || script.cachedDataRejected) process.once("exit", writeCache);
script.runInThisContext()(require, module, exports, bundle, __dirname, (name) => import(name));

function readCache() {
  try {
    const bytes = fs.readFileSync(cache);
    return bytes.latin1Slice(0, keySize) === key ? bytes.subarray(keySize) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what is compiled by now: also the functions that V8 compiled only when they were first called. */
function writeCache() {
  const part = `${cache}.${process.pid}`;
  try {
    fs.accessSync(__dirname, fs.constants.W_OK);
    fs.writeFileSync(part, Buffer.concat([Buffer.from(key, "latin1"), script.createCachedData()]));
    fs.renameSync(part, cache);
  } catch {
    // A folder that cannot be written (an installed copy, a full disk) must not disturb the command that just ran.
    fs.rmSync(part, { force: true });
  }
}
