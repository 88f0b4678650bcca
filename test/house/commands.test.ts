/** Every declaration is well-formed: what a compiler cannot tell. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Context, dedent, type Found, type Help, type Param } from "../../src/ctx/index.ts";
import { readTranscript } from "../../src/ctx/testing.ts";
import { bareTree } from "../support/trees.ts";

const tree = bareTree();
/** Words after `--` that every command knows; no option may be named like one. */
const taken = ["help", "json", "ndjson", "csv", "tsv", "yaml", "md", "html", "text"];

/** Checks that a help is one sentence in English, without a full stop, and is there in Chinese too. */
function checkHelp(help: Help, what: string): void {
  assert.ok(typeof help !== "string" && help.zh !== undefined, `${what} has no help in Chinese`);
  checkSentence(help.en, what);
  assert.match(help.en, /^\P{Ll}/u, `${what}: help begins with a capital`);
  assert.match(help.zh, /\p{Script=Han}/u, `${what}: help in Chinese`);
  assert.doesNotMatch(help.zh, /。$/, `${what}: no full stop`);
}
function checkSentence(text: string, what: string): void {
  assert.match(text, /\S/, `${what} has no help`);
  assert.doesNotMatch(text, /\.$/, `${what}: help has no full stop`);
  assert.doesNotMatch(text, /\n/, `${what}: help is one line`);
}

function checkParam(name: string, param: Param, what: string): void {
  assert.match(name, /^[a-z][a-z0-9_]*$/, `${what} ${name}: snake_case`);
  checkSentence(typeof param.help === "string" ? param.help : param.help.en, `${what} ${name}`);
  if (param.kind === "secret") assert.equal(param.default, undefined, `${what} ${name}: a secret has no default`);
  const given = param.default;
  if (given === undefined || (typeof given === "object" && given !== null && "token" in given)) return;
  assert.doesNotThrow(() => param.check(given), `${what} ${name}: its default does not fit`);
}

function checkParams({ args, options, command, right }: Found): void {
  for (const [name, param] of [...args, ...options]) checkParam(name, param, right);
  for (const [name] of args) assert.ok(!options.has(name), `${right}: ${name} is an argument and an option`);
  for (const name of options.keys()) assert.ok(!taken.includes(name), `${right}: --${name} means something else`);
  const firstOptional = args.findIndex(([, { required }]) => !required);
  const lastRequired = args.findLastIndex(([, { required }]) => required);
  assert.ok(firstOptional < 0 || lastRequired < firstOptional, `${right}: required arguments come first`);
  const greedy = args.findIndex(([, { words }]) => words < 0);
  assert.ok(greedy < 0 || greedy === args.length - 1, `${right}: what takes all words comes last`);
  for (const [name, column] of Object.entries<Partial<Param>>(command.columns ?? {})) {
    assert.ok(typeof column.read === "function" && column.type !== undefined, `${right}: column ${name} is no kind`);
  }
}

function checkExamples({ command, right }: Found): void {
  assert.ok((command.examples ?? []).length > 0, `${right} has no example`);
  for (const { help, shell } of command.examples ?? []) {
    checkSentence(help, `${right} example`);
    const steps = readTranscript(dedent(shell).join("\n"));
    assert.ok(steps.length > 0, `${right}: an example types nothing`);
    const typed = steps.map((step) => step.typed).join("\n");
    assert.ok(typed.includes(command.name), `${right}: an example does not call it`);
  }
}

const nodes = [...tree.root.walk()];
describe("C-16 every command is well-formed", () => {
  for (const found of nodes.flatMap((node) => [...node.commands.values()])) {
    test(found.right, () => {
      assert.match(found.command.name, /^[_/]?[a-z][a-z0-9_-]*$/);
      checkHelp(found.command.help, found.right);
      checkParams(found);
      if (!found.command.name.startsWith("_")) checkExamples(found);
    });
  }
});

describe("C-10 every context is well-formed", () => {
  for (const node of nodes) {
    test(node.path, () => {
      assert.match(node.name, /^[a-z][a-z0-9]*$/);
      checkHelp(node.help, node.path);
      checkNames(node.declared);
      for (const { name, help } of [...(node.declared.configs ?? []), ...(node.declared.caches ?? [])]) {
        checkHelp(help, `${node.path} ${name}`);
      }
    });
  }
});

/** Checks that nothing is declared twice: the later one would silently win. */
function checkNames({ name, commands = [], configs = [], caches = [], contexts = [] }: Context): void {
  for (const list of [commands, configs, caches, contexts]) {
    const names = list.map((one) => one.name);
    const twice = names.filter((one, i) => names.indexOf(one) !== i);
    assert.deepEqual(twice, [], `${name} declares these twice`);
  }
}

test("permission ids are unique", () => {
  const rights = nodes.flatMap((node) => [...node.commands.values()].map(({ right }) => right));
  assert.deepEqual(
    rights.filter((right, i) => rights.indexOf(right) !== i),
    [],
  );
});
