import assert from "node:assert/strict";
import type { OpenApi } from "../../src/ctx/index.ts";

const types = new Set(["null", "boolean", "object", "array", "number", "string", "integer"]);
const methods = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

type Thing = { readonly [key: string]: unknown };
const isThing = (value: unknown): value is Thing =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Checks a document by the rules of OpenAPI 3.1 and JSON Schema 2020-12 that can be told without their meta-schemas. */
export function checkOpenApi(document: OpenApi): void {
  assert.match(document.openapi, /^3\.1\.\d+$/);
  assert.ok(document.info.title !== "" && document.info.version !== "");
  const tags = new Set(document.tags.map(({ name }) => name));
  assert.equal(tags.size, document.tags.length, "a tag is named twice");
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    assert.match(path, /^(\/[^/{}?#\s]+)+$/, path);
    for (const [method, operation] of Object.entries(item)) {
      assert.ok(methods.has(method), `${path}: ${method}`);
      assert.ok(!ids.has(operation.operationId), `two operations are named ${operation.operationId}`);
      ids.add(operation.operationId);
      for (const tag of operation.tags) assert.ok(tags.has(tag), `${path}: unknown tag ${tag}`);
      const names = (operation.parameters ?? []).map(({ name, in: place }) => `${place} ${name}`);
      assert.equal(new Set(names).size, names.length, `${path}: a parameter is named twice`);
      for (const parameter of operation.parameters ?? []) checkSchema(parameter.schema, `${path} ${parameter.name}`);
      assert.ok(Object.keys(operation.responses).length > 0, `${path}: no responses`);
      for (const status of Object.keys(operation.responses)) assert.match(status, /^([1-5]\d\d|default)$/);
    }
  }
  checkInside(document, document, "#");
}

/** Looks through a document for references, which must lead somewhere, and for schemas. */
function checkInside(part: unknown, document: OpenApi, at: string): void {
  if (Array.isArray(part)) {
    for (const [i, one] of part.entries()) checkInside(one, document, `${at}/${i}`);
    return;
  }
  if (!isThing(part)) return;
  const { $ref } = part;
  if (typeof $ref === "string") assert.ok(resolves($ref, document), `${at}: ${$ref} leads nowhere`);
  for (const [key, value] of Object.entries(part)) {
    if (key === "schema" && !("$ref" in (value as object))) checkSchema(value, `${at}/${key}`);
    checkInside(value, document, `${at}/${key}`);
  }
}

function resolves($ref: string, document: OpenApi): boolean {
  let place: unknown = document;
  for (const label of $ref.replace(/^#\//, "").split("/")) {
    place = isThing(place) && Object.hasOwn(place, label) ? place[label] : undefined;
  }
  return $ref.startsWith("#/") && place !== undefined;
}

function checkSchema(schema: unknown, at: string): void {
  assert.ok(isThing(schema), `${at}: a schema is an object`);
  const { type, properties, required, items, prefixItems } = schema;
  const enumeration = schema["enum"];
  for (const one of type === undefined ? [] : [type].flat()) assert.ok(types.has(String(one)), `${at}: type ${one}`);
  if (enumeration !== undefined) {
    assert.ok(Array.isArray(enumeration) && enumeration.length > 0, `${at}: enum`);
    assert.equal(new Set(enumeration).size, enumeration.length, `${at}: a choice stands twice`);
  }
  if (Array.isArray(enumeration) && "default" in schema && typeof schema["default"] === "string") {
    assert.ok(enumeration.includes(schema["default"]), `${at}: the default is no choice`);
  }
  if (isThing(properties)) {
    for (const [key, one] of Object.entries(properties)) checkSchema(one, `${at}.${key}`);
  }
  if (required !== undefined) {
    assert.ok(Array.isArray(required) && isThing(properties), `${at}: required`);
    for (const key of required) assert.ok(Object.hasOwn(properties, String(key)), `${at}: ${String(key)} is required`);
  }
  if (items !== undefined) checkSchema(items, `${at}[]`);
  if (prefixItems !== undefined) {
    assert.ok(Array.isArray(prefixItems) && prefixItems.length > 0, `${at}: prefixItems`);
    for (const [i, one] of prefixItems.entries()) checkSchema(one, `${at}[${i}]`);
  }
}
