/*
 * Bundles what pages take from elsewhere into usr/librarys/vendor, a file each, which the browser loads as they are:
 *   lit.js   the package our elements are made with
 *   ctx.js   the part of our core that reads values and shows cells: src/ctx/page.ts
 */
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);

const lit = `
  export * from "lit";
  export { live } from "lit/directives/live.js";
  export { ref } from "lit/directives/ref.js";
  export { repeat } from "lit/directives/repeat.js";`;

const shared = {
  absWorkingDir: root,
  outdir: join(root, "usr/librarys/vendor"),
  bundle: true,
  platform: "browser",
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
};

const made = await Promise.all([
  build({ ...shared, stdin: { contents: lit, resolveDir: root, sourcefile: "lit.js" }, entryNames: "lit" }),
  build({ ...shared, entryPoints: { ctx: "src/ctx/page.ts" } }),
]).catch(() => undefined);
// What is wrong has been said.
if (made === undefined || made.some(({ warnings }) => warnings.length > 0)) process.exit(1);
