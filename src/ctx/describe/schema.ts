/** JSON Schema (2020-12) of what a command takes and gives, as it crosses HTTP and stands in `--json`. */
import { helpIn, type Lang } from "../help-text.ts";
import type { Type } from "../kit/value.ts";
import type { JsonSchema, Param } from "../param.ts";
import type { Found } from "../tree.ts";
import { defaultValue } from "./default.ts";

/** The schema of an object; `properties` is what most readers want. */
export interface ObjectSchema {
  readonly type: "object";
  readonly properties: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties: boolean;
  readonly [key: string]: unknown;
}

export const dialect = "https://json-schema.org/draft/2020-12/schema";

/** Gives the schema of one parameter: its kind, its help, its default. */
export function paramSchema(found: Found, param: Param, lang: Lang = "en"): JsonSchema {
  const { description, ...schema } = param.schema;
  const help = helpIn(param.help, lang);
  const given = defaultValue(found, param);
  return {
    ...schema,
    description: typeof description === "string" ? `${help} (${description})` : help,
    ...(given !== undefined && { default: given }),
  };
}

/** Gives the schema of the input object of a command: the body of a request. */
export function inputSchema(found: Found, lang: Lang = "en"): ObjectSchema {
  const params = [...found.args, ...found.options];
  const required = params.filter(([, param]) => param.required).map(([key]) => key);
  return {
    type: "object",
    properties: Object.fromEntries(params.map(([key, param]) => [key, paramSchema(found, param, lang)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** How the cells of a column type stand in JSON; a cell may always be null. */
const cellTypes: Readonly<Record<Type, JsonSchema>> = {
  boolean: { type: ["boolean", "null"] },
  integer: { type: ["integer", "null"] },
  float: { type: ["number", "null"] },
  text: { type: ["string", "null"] },
  time: { type: ["string", "null"], format: "date-time" },
  duration: { type: ["number", "null"], "x-unit": "ms" },
  size: { type: ["integer", "null"], "x-unit": "bytes" },
  list: { type: ["array", "null"] },
  map: { type: ["object", "null"] },
  any: {},
};

/** Gives the schema of one row of the answer; a command that chooses its columns by the call may give any. */
export function rowSchema({ command }: Found, lang: Lang = "en"): ObjectSchema {
  const columns = Object.entries<Param>(command.columns ?? {});
  return {
    type: "object",
    properties: Object.fromEntries(
      columns.map(([key, { type, help }]) => [key, { ...cellTypes[type], description: helpIn(help, lang) }]),
    ),
    additionalProperties: true,
  };
}

/** Gives the schema of the whole answer: the message with its table and text. */
export function answerSchema(found: Found, lang: Lang = "en"): ObjectSchema {
  return {
    ...messageSchema,
    properties: { ...messageSchema.properties, append: { type: "array", items: rowSchema(found, lang) } },
  };
}

/** What an error says beside its sentence. */
const errorProperties = {
  code: { type: "string", description: "The code of the error catalogue" },
  hint: { type: "string", description: "What to do about it" },
  exit: { type: "integer", description: "The exit code, where it is not that of the catalogue" },
  at: { type: "string", description: "The place in what was typed or sent" },
  where: { type: "string", description: "The place in a script of another node" },
  trail: { type: "array", items: { type: "string" }, description: "The way it came: nodes, then the command" },
} as const;

/** A message as JSON, whatever the command. */
export const messageSchema: ObjectSchema = {
  type: "object",
  properties: {
    v: { const: 1, description: "Version of this form" },
    detail: { type: "array", items: { type: "string" }, description: "The words of the call" },
    option: { type: "object", description: "The options of the call" },
    columns: {
      type: "array",
      items: {
        type: "object",
        properties: { name: { type: "string" }, type: { type: "string" } },
        required: ["name", "type"],
      },
    },
    append: { type: "array", items: { type: "object" }, description: "The rows of the table" },
    more: { type: "array", items: { type: "object" }, description: "Further tables" },
    result: { type: "string", description: "The text" },
    error: {
      type: ["object", "null"],
      properties: { message: { type: "string", description: "What is wrong, in one sentence" }, ...errorProperties },
    },
  },
  required: ["v", "detail", "option", "columns", "append", "result", "error"],
  additionalProperties: false,
};

/** The body of an error (RFC 9457, problem+json). */
export const problemSchema: ObjectSchema = {
  type: "object",
  properties: {
    title: { type: "string", description: "What is wrong, in one sentence" },
    status: { type: "integer", description: "The HTTP status" },
    ...errorProperties,
  },
  required: ["title", "status", "code"],
  additionalProperties: true,
};

/** Gives the schema of a command's input as a document of its own. */
export function schema(found: Found, lang: Lang = "en"): ObjectSchema {
  return { $schema: dialect, $id: found.right, title: helpIn(found.command.help, lang), ...inputSchema(found, lang) };
}
