import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answerSchema, type Found, form, formFields, help, markdown, schema, usage } from "../../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../../src/ctx/testing.ts";
import { shop } from "../../support/shop.ts";

let shelf: TestTree;
before(async () => {
  shelf = await makeTestTree([shop]);
});
after(() => shelf.stop());
function command(name: string): Found {
  const found = shelf.tree.root.find(name);
  assert.ok(found !== undefined, name);
  return found;
}

const usages: readonly (readonly [name: string, usage: string])[] = [
  [
    "shop.stock",
    "stock [shelf [fields...]] [deep] [kind both|file|folder] [sort time|size int|int_r] [most integer] [loud boolean]",
  ],
  ["shop.enter", "enter name [password] colour text"],
  ["shop.later", "later delay what... [quiet]"],
  ["box.open", "open"],
];

describe("X-01 C-12 the views of one declaration", () => {
  for (const [name, line] of usages) {
    test(`usage: ${line}`, () => assert.equal(usage(command(name).command), line));
  }

  test("help: usage, sentence, a line a parameter, columns, examples", () => {
    assert.equal(
      help(command("shop.stock")),
      `stock: ${usage(command("shop.stock").command)}
    List what is in a shelf
    shelf   Shelf to list (default .)
    fields  Columns to show: time|size|name
    deep    Also the shelves below
    kind    What to keep: both|file|folder (default both)
    sort    Sort by a column: time|size int|int_r
    most    Rows at most (default config most)
    loud    Whether to shout (default false)
    gives: time size name

Everything:
    > stock . deep
    time  size  name
    …     3     tea
`,
    );
  });

  test("help in Chinese, English where there is none", () => {
    const lines = help(command("shop.stock"), "zh").split("\n");
    assert.deepEqual(lines.slice(1, 5), [
      "    列出货架",
      "    shelf   货架 (默认 .)",
      "    fields  Columns to show: time|size|name",
      "    deep    包括下层",
    ]);
  });

  test("JSON Schema of what it takes", () => {
    assert.deepEqual(schema(command("shop.stock")), {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "shop.stock",
      title: "List what is in a shelf",
      type: "object",
      properties: {
        shelf: { type: "string", description: "Shelf to list", default: "." },
        fields: {
          type: "array",
          items: { type: "string", enum: ["time", "size", "name"] },
          description: "Columns to show",
        },
        deep: { type: "boolean", description: "Also the shelves below" },
        kind: {
          type: "string",
          enum: ["both", "file", "folder"],
          description: "What to keep",
          default: "both",
        },
        sort: {
          type: "array",
          prefixItems: [
            { type: "string", enum: ["time", "size"] },
            { type: "string", enum: ["int", "int_r"] },
          ],
          minItems: 2,
          description: "Sort by a column",
        },
        most: { type: "integer", minimum: 1, description: "Rows at most", default: 20 },
        loud: { type: "boolean", description: "Whether to shout", default: false },
      },
      additionalProperties: false,
    });
    assert.deepEqual(schema(command("shop.later")).required, ["delay", "what"]);
  });

  test("JSON Schema of what it gives", () => {
    const { append } = answerSchema(command("shop.stock")).properties;
    assert.deepEqual(append, {
      type: "array",
      items: {
        type: "object",
        properties: {
          time: { type: ["string", "null"], format: "date-time", description: "When it came" },
          size: { type: ["integer", "null"], "x-unit": "bytes", description: "How much" },
          name: { type: ["string", "null"], description: "What | it is" },
        },
        additionalProperties: true,
      },
    });
  });

  test("a setting changed at run time is the default of schema and form", () => {
    const slot = shelf.tree.context("shop")?.findConfig("most");
    assert.ok(slot !== undefined);
    shelf.tree.setConf(slot, 7);
    assert.equal(schema(command("shop.stock")).properties["most"]?.["default"], 7);
    assert.equal(formFields(command("shop.stock")).fields.find(({ name }) => name === "most")?.default, 7);
    shelf.tree.setConf(slot, 20);
  });

  test("the form as data", () => {
    const { fields, ...about } = formFields(command("shop.stock"), "zh");
    assert.deepEqual(about, { name: "stock", right: "shop.stock", help: "列出货架", effect: "read" });
    assert.deepEqual(fields[0], {
      name: "shelf",
      kind: "path",
      label: "shelf",
      help: "货架",
      required: false,
      default: ".",
      words: 1,
    });
    assert.deepEqual(
      fields.map(({ kind, words }) => [kind, words]),
      [
        ["path", 1],
        ["list", -1],
        ["flag", 0],
        ["choice", 1],
        ["tuple", 2],
        ["integer", 1],
        ["boolean", 1],
      ],
    );
    assert.deepEqual(
      fields[4]?.items?.map(({ choices }) => choices),
      [
        ["time", "size"],
        ["int", "int_r"],
      ],
    );
  });

  test("the form as a fieldset", () => {
    const html = form(command("shop.stock"));
    assert.match(
      html,
      /^<fieldset name="stock"><legend>List what is in a shelf<\/legend><label>shelf <input name="shelf"/,
    );
    assert.match(html, /<select name="fields" title="Columns to show" multiple><option>time<\/option>/);
    assert.match(html, /<input name="deep" title="Also the shelves below" type="checkbox">/);
    assert.match(html, /<select name="kind" title="What to keep"><option selected>both<\/option>/);
    assert.match(html, /<label>sort <select name="sort" title="Column"><option><\/option><option>time<\/option>/);
    assert.match(html, /<input name="most" title="Rows at most" type="number" value="20">/);
    assert.match(html, /<option>true<\/option><option selected>false<\/option>/);
  });

  test("a secret has no default in any view", () => {
    const found = command("shop.enter");
    const views = [help(found), form(found), markdown(found.node)];
    views.push(JSON.stringify([schema(found), formFields(found)]));
    for (const view of views) assert.doesNotMatch(view, /sesame/);
    assert.match(form(found), /<input name="password" title="The &#60;word&#62;" type="password" autocomplete="off">/);
  });

  test("the manual page", () => {
    const page = markdown(command("shop.stock").node);
    assert.match(page, /^# ctx\.shop\n\nA small shop\n\n\| module \| what \|\n/);
    assert.match(page, /\[box\]\(shop\.box\.md\)/);
    assert.match(page, /\| `most` \| Rows at most \| `20` \|/);
    assert.match(page, /## shop\.stock\n\nList what is in a shelf\n\n```\nstock \[shelf/);
    assert.match(page, /\| `kind` \| What to keep \| `both\\\|file\\\|folder` \| `both` \|/);
    assert.match(page, /\| `name` \| What \\\| it is \| text \|/);
    assert.match(page, /Right `shop\.stock` · effect read · HTTP `GET \/shop\/stock`/);
    assert.match(page, /Everything:\n\n```shy\n> stock \. deep\ntime {2}size {2}name\n…/);
    assert.doesNotMatch(page, /_exit/);
  });
});
