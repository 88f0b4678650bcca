/** Who may import whom, as data. A new arrow is a changed table, and a reason in the commit. */
import assert from "node:assert/strict";
import { dirname, join, normalize, sep } from "node:path";
import { describe, test } from "node:test";
import { filesBelow, read } from "../support/files.ts";

/** Files of ctx that stand below everything else there: they import nothing but each other. */
const ground = ["errors", "source", "word", "help-text", "context"];
/** Rooms inside ctx; its other files are the room `ctx`. */
const inside = ["kit", "table", "expr", "render", "describe", "root"];

const arrows: Readonly<Record<string, readonly string[]>> = {
  "ctx/ground": [],
  "ctx/kit": ["node:", "ctx/ground", "npm:get-east-asian-width", "npm:yaml", "npm:re2js"],
  "ctx/expr": ["ctx/kit", "ctx/ground"],
  "ctx/table": ["ctx/kit", "ctx/ground", "ctx/expr", "ctx/render"],
  "ctx/render": ["ctx/kit", "ctx/ground", "ctx/table"],
  "ctx/describe": ["ctx/kit", "ctx/ground"],
  ctx: ["node:", "ctx/ground", "ctx/kit", "ctx/expr", "ctx/table", "ctx/render", "ctx/describe"],
  "ctx/root": ["node:", "ctx", "ctx/ground", "ctx/kit", "ctx/expr", "ctx/table", "ctx/render", "ctx/describe"],
  "ctx/make": ["ctx", "ctx/root"],
  "ctx/index": [
    "ctx",
    "ctx/make",
    "ctx/root",
    "ctx/ground",
    "ctx/kit",
    "ctx/expr",
    "ctx/table",
    "ctx/render",
    "ctx/describe",
  ],
  "ctx/testing": ["node:", "ctx/index"],
  "modules/aaa": ["node:", "ctx/index", "npm:node-forge"],
  "modules/cli": ["node:", "ctx/index", "npm:chalk", "npm:readline-sync"],
  "modules/gdb": ["node:", "ctx/index"],
  "modules/lex": ["node:", "ctx/index"],
  "modules/log": ["node:", "ctx/index"],
  "modules/mdb": ["node:", "ctx/index", "npm:better-sqlite3", "npm:pg"],
  "modules/nfs": ["node:", "ctx/index"],
  "modules/ssh": ["node:", "ctx/index"],
  "modules/tcp": ["node:", "ctx/index", "npm:ws"],
  "modules/web": ["node:", "ctx/index", "npm:fastify", "npm:@fastify/static", "npm:handlebars"],
  "modules/yac": ["node:", "ctx/index", "modules/lex"],
  modules: ["ctx/index", "modules/*"],
  main: ["node:", "ctx/index", "modules", "modules/cli"],
};

/** What reads the world outside, and the only file that may. */
const doors: readonly (readonly [what: RegExp, file: string])[] = [
  [/\bprocess\.exit\b/, "src/main.ts"],
  [/\bprocess\.env\b/, "src/main.ts"],
  [/\bprocess\.cwd\b/, "src/main.ts"],
  [/\bDate\.now\b/, "src/ctx/life.ts"],
  [/\bnew Date\(\)/, "src/ctx/life.ts"],
];

function roomOf(file: string): string {
  const [, top = "", second = "", ...deeper] = file.replace(/\.ts$/, "").split("/");
  if (top === "modules" && second !== "") return `modules/${second}`;
  if (top !== "ctx") return top;
  if (deeper.length > 0) return inside.includes(second) ? `ctx/${second}` : "ctx";
  if (ground.includes(second)) return "ctx/ground";
  return Object.hasOwn(arrows, `ctx/${second}`) ? `ctx/${second}` : "ctx";
}

/** Static imports and exports, bare imports, and `await import("…")`; those that are only types leave nothing behind. */
const importLine =
  /^(?:import|export)\s+(type\s)?[^"';]*?from\s+["']([^"']+)["']|^import\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

interface Import {
  readonly path: string;
  /** The file, for one of ours. */
  readonly file: string | undefined;
  readonly to: string;
}

function importsOf(file: string): Import[] {
  return [...code(file).matchAll(importLine)].flatMap(([, type, named, bare, later]): Import[] => {
    const path = named ?? bare ?? later ?? "";
    if (type !== undefined) return [];
    if (path.startsWith("node:")) return [{ path, file: undefined, to: "node:" }];
    if (!path.startsWith(".")) return [{ path, file: undefined, to: `npm:${packageOf(path)}` }];
    const target = normalize(join(dirname(file), path))
      .split(sep)
      .join("/");
    return [{ path, file: target, to: roomOf(target) }];
  });
}

function packageOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

/** A file without its comments. */
function code(file: string): string {
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

const files = filesBelow("src", ".ts");
const imports = new Map(files.map((file) => [file, importsOf(file)]));

describe("who may import whom", () => {
  for (const [file, list] of imports) {
    test(file, () => {
      const from = roomOf(file);
      const may = arrows[from];
      assert.ok(may !== undefined, `the room ${from} is not in the table`);
      for (const { to, path } of list) {
        const allowed = to === from || may.includes(to) || (to.startsWith("modules/") && may.includes("modules/*"));
        assert.ok(allowed, `${from} must not import ${to} ("${path}")`);
      }
    });
  }

  test("no cycles, not even inside a room", () => {
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      assert.ok(!way.includes(file), [...way.slice(way.indexOf(file)), file].join(" → "));
      if (done.has(file)) return;
      for (const { file: next } of imports.get(file) ?? []) if (next !== undefined) visit(next, [...way, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  test("one package, one door", () => {
    const importers = new Map<string, string[]>();
    for (const [file, list] of imports) {
      for (const { to } of list) if (to.startsWith("npm:")) importers.set(to, [...(importers.get(to) ?? []), file]);
    }
    for (const [name, where] of importers) {
      assert.equal(new Set(where).size, 1, `${name} is imported in ${where.join(" and ")}`);
    }
  });
});

describe("what reads the world outside stands in one file", () => {
  for (const [what, only] of doors) {
    test(`${what.source} only in ${only}`, () => {
      const found = files.filter((file) => file !== only && what.test(code(file)));
      assert.deepEqual(found, []);
    });
  }
});
