import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { allowedTo, hasHttp, httpMethod, httpPath, type OpenApi, openapi } from "../../../src/ctx/index.ts";
import { makeTestTree, type TestTree } from "../../../src/ctx/testing.ts";
import { modules } from "../../../src/modules.ts";
import { checkOpenApi } from "../../support/check-openapi.ts";
import { shop } from "../../support/shop.ts";

let shelf: TestTree;
let document: OpenApi;
before(async () => {
  shelf = await makeTestTree([shop]);
  document = openapi(shelf.tree);
});
after(() => shelf.stop());

describe("X-01 OpenAPI 3.1", () => {
  test("follows the rules of the specification", () => checkOpenApi(document));
  test("is JSON", () => assert.deepEqual(JSON.parse(JSON.stringify(document)), document));

  test("describes every command of the product", async () => {
    const { tree, stop } = await makeTestTree(modules);
    const whole = openapi(tree);
    checkOpenApi(whole);
    for (const node of tree.root.walk()) {
      for (const found of node.commands.values()) {
        const operation = whole.paths[httpPath(found)]?.[httpMethod(found)];
        assert.equal(operation?.operationId, hasHttp(found) ? found.right : undefined);
      }
    }
    await stop();
  });

  test("what reads is GET with a query", () => {
    const stock = document.paths["/shop/stock"]?.["get"];
    assert.equal(stock?.operationId, "shop.stock");
    assert.deepEqual(stock?.tags, ["ctx.shop"]);
    assert.deepEqual(stock?.parameters?.[0], {
      name: "shelf",
      in: "query",
      required: false,
      description: "Shelf to list",
      schema: { type: "string", default: "." },
    });
    assert.equal(stock?.requestBody, undefined);
    assert.equal(document.paths["/shop/box/open"]?.["get"]?.operationId, "shop.box.open");
  });

  test("what writes, or takes a secret, is POST with a body", () => {
    assert.deepEqual(Object.keys(document.paths["/shop/enter"] ?? {}), ["post"]);
    assert.deepEqual(Object.keys(document.paths["/shop/later"] ?? {}), ["post"]);
    assert.equal(document.paths["/shop/later"]?.["post"]?.parameters, undefined);
  });

  test("a refusal is problem+json", () => {
    const { responses } = document.paths["/shop/stock"]?.["get"] ?? { responses: {} };
    assert.deepEqual(Object.keys(responses), ["200", "400", "401", "403", "500", "default"]);
    assert.match(JSON.stringify(document.components.responses["Problem"]), /application\/problem\+json/);
  });

  test("shows a caller only what that caller may run", () => {
    const { tree, who } = shelf;
    const stranger = openapi(tree, { may: allowedTo(tree, { ...who, via: "stranger" }) });
    assert.deepEqual(stranger.paths, {});
    assert.deepEqual(openapi(tree, { may: allowedTo(tree, who) }), document);
  });
});
