import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CtxError } from "../../../src/ctx/errors.ts";
import { parseYaml, stringifyYaml } from "../../../src/ctx/kit/yaml.ts";

test("yaml reads the core schema", () => {
  const text = "name: demo\nport: 9095\nwhen: 2019-05-10\non: yes\nlist: [1, 2.5, null]\n";
  const value = { name: "demo", port: 9095, when: "2019-05-10", on: "yes", list: [1, 2.5, null] };
  assert.deepEqual(parseYaml(text, "x"), value);
});

test("yaml says where it is broken", () => {
  assert.throws(
    () => parseYaml("a: 1\nb: [1, 2\nc: 3\n", "demo.yaml"),
    (error) => error instanceof CtxError && /^demo\.yaml:[23]:/.test(error.toJSON().at ?? ""),
  );
});

test("yaml refuses floods of aliases and __proto__", () => {
  const flood = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [name, of] of ["ba", "cb", "dc", "ed", "fe"])
    flood.push(`${name}: &${name} [${Array(10).fill(`*${of}`)}]`);
  assert.throws(() => parseYaml(flood.join("\n"), "x"), CtxError);
  assert.throws(() => parseYaml("__proto__: {a: 1}", "x"), CtxError);
});

test("what is written as yaml reads back the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      const sent = JSON.parse(JSON.stringify(value));
      assert.deepEqual(parseYaml(stringifyYaml(sent), "x"), sent);
    }),
  );
});
