/*
 * Bundles the program into dist/bench.cjs (with dist/bench.cjs.map) and warms the code cache of dist/boot.cjs.
 *
 * One CommonJS file, because 60 files of ES modules cost half of node's own start again, and the first real `import()`
 * costs a fifth. What is imported, from npm or from node itself (`node:crypto` alone takes 7 ms), goes by how it is named:
 *   import { x } from "package"      bundled, but evaluated when x is first used, not at the start
 *   import x from "package"          bundled and evaluated at the start: a default export cannot be put off
 *   await import("package")          left in node_modules, loaded with require() when that line runs
 * Any other `import()` (of a path, of a package without CommonJS) becomes a call of dist/boot.cjs's own: a script that
 * comes out of a code cache has lost its loader.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
const dist = join(root, "dist");

/** What the code cache should know: a table, its operators, how it is drawn, and the script engine. */
const warmLines = ["dir etc % order size % select size filename", "dir etc dir_deep dir_type file % limit 1"];

/** These are there before any program runs. */
const loadedByNode = new Set(["node:buffer", "node:events", "node:fs", "node:path", "node:url", "node:util"]);

await writeBundle();
warmCache();

async function writeBundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/main.ts"],
    outfile: join(dist, "bench.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    // Node shows the whole line of an error that nobody caught.
    lineLimit: 160,
    charset: "ascii",
    sourcemap: "external",
    write: false,
    logLevel: "warning",
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    plugins: [{ name: "stand-ins", setup: standIns }],
  }).catch(() => undefined);
  // What is wrong has been said.
  if (result === undefined || result.warnings.length > 0) process.exit(1);
  for (const file of result.outputFiles) {
    const isMap = file.path.endsWith(".map");
    const first = isMap ? "" : `//${createHash("sha256").update(file.contents).digest("hex")}\n`;
    // The source map counts lines from the first line of code: the line of the hash is one more.
    writeFileSync(file.path, isMap ? file.text.replace('"mappings": "', '"mappings": ";') : first + file.text);
  }
  copyFileSync(join(root, "bin/boot.cjs"), join(dist, "boot.cjs"));
}

/** Puts small stand-ins between our sources and what they import from elsewhere. */
function standIns({ onResolve, onLoad }) {
  onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
    if (importer.includes("node_modules")) return undefined;
    if (kind === "dynamic-import") return { path, namespace: "later" };
    if (kind !== "import-statement" || loadedByNode.has(path) || importsWhole(importer, path)) return undefined;
    return { path, namespace: "first-use" };
  });
  onLoad({ filter: /\.ts$/ }, loadSource);
  onResolve({ filter: /./, namespace: "later" }, ({ path }) => ({ path, external: true }));
  onLoad({ filter: /./, namespace: "later" }, ({ path }) => ({ contents: `module.exports = require("${path}")` }));
  const named = importedNames();
  onLoad({ filter: /./, namespace: "first-use" }, ({ path }) => {
    const lines = [...(named.get(path) ?? [])].map(
      (name) => `get ${name}() { return (it ??= require("${path}")).${name} },`,
    );
    return { contents: `let it;\nmodule.exports = {\n${lines.join("\n")}\n};`, resolveDir: root };
  });
}

/** Takes the imports out of a source that esbuild would leave in the bundle as they are. */
function loadSource({ path }) {
  const contents = readFileSync(path, "utf8").replace(/\bimport\((?!"\.)(?:"([^"]+)"\))?/g, (call, name) =>
    name !== undefined && hasCommonJs(name) ? call : call.replace("import", "bootImport"),
  );
  return { contents, loader: "ts" };
}

/** Tells whether require() can load a package; node would load an ES module too, but with a warning. */
function hasCommonJs(name) {
  try {
    if (isBuiltin(name)) return true;
    const file = createRequire(join(root, "package.json")).resolve(name);
    if (/\.[cm]js$/.test(file)) return file.endsWith(".cjs");
    return !/"type":\s*"module"/.test(readFileSync(nearestPackage(file), "utf8"));
  } catch {
    return false;
  }
}

function nearestPackage(file) {
  const candidate = join(dirname(file), "package.json");
  return existsSync(candidate) ? candidate : nearestPackage(dirname(file));
}

/** Tells whether a file imports a default export or a whole namespace. */
function importsWhole(importer, name) {
  return new RegExp(`^import (?!type )[\\w$*][^{;]* from "${name}"`, "m").test(readFileSync(importer, "utf8"));
}

/** Gathers which names our sources import from where: a stand-in has these, since each costs time at the start. */
function importedNames() {
  const named = new Map();
  for (const file of readdirSync(join(root, "src"), { recursive: true }).filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(join(root, "src", file), "utf8");
    for (const [, list, from] of text.matchAll(/^(?:import|export) \{([^}]*)\} from "([^".][^"]*)"/gm)) {
      const names = list.split(",").map((one) => one.trim().split(" as ")[0]);
      const known = named.get(from) ?? new Set();
      for (const name of names) if (name !== "" && !name.startsWith("type ")) known.add(name);
      named.set(from, known);
    }
  }
  return named;
}

/** Runs the program once: without a cache, dist/boot.cjs leaves one of what that run compiled. */
function warmCache() {
  for (const name of readdirSync(dist)) if (/^bench-.*\.cache/.test(name)) rmSync(join(dist, name));
  const run = spawnSync(process.execPath, [join(dist, "boot.cjs"), "-c", warmLines.join("; ")], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) console.error(`warming the code cache: exit ${run.status ?? run.signal}\n${run.stderr}`);
  if (!readdirSync(dist).some((name) => name.endsWith(".cache"))) process.exit(1);
}
