/** OpenAPI 3.1 of a running tree: every command a caller may run, as it is reached by HTTP. */
import { catalogue } from "../errors.ts";
import { helpIn, type Lang } from "../help-text.ts";
import type { ContextNode, Found, Tree } from "../tree.ts";
import { answerSchema, dialect, inputSchema, messageSchema, type ObjectSchema, problemSchema } from "./schema.ts";

/** The parts of an OpenAPI document that readers of ours look at. */
export interface OpenApi {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly jsonSchemaDialect: string;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: {
    readonly schemas: { readonly [name: string]: ObjectSchema };
    readonly responses: { readonly [name: string]: unknown };
  };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters?: readonly QueryParameter[];
  readonly requestBody?: unknown;
  readonly responses: { readonly [status: string]: unknown };
}

interface QueryParameter {
  readonly name: string;
  readonly in: "query";
  readonly required: boolean;
  readonly description: string;
  readonly schema: unknown;
}

export interface OpenApiOptions {
  readonly lang?: Lang | undefined;
  /** Where the node is reached; the place the document came from, when left out. */
  readonly server?: string | undefined;
  /** Leaves out commands the caller may not run. */
  readonly may?: ((found: Found) => boolean) | undefined;
}

/**
 * Tells whether a command can be called by HTTP. Names that begin with `_` are called by the program alone, and an operator
 * needs a table before it.
 */
export function hasHttp({ command }: Found): boolean {
  return !command.name.startsWith("_") && command.operator === undefined;
}

/** Gives the path a command is reached by: `/nfs/dir`, `/web/code/serve`. */
export function httpPath({ node, command }: Found): string {
  const labels = node.parent === undefined ? [] : node.path.split(".").slice(1);
  return `/${[...labels, command.name.replace(/^\//, "")].join("/")}`;
}

/** Gives the method a command is called by: `get` if it only reads and nothing secret would stand in the address. */
export function httpMethod({ effect, hasSecret }: Found): "get" | "post" {
  return effect === "read" && !hasSecret ? "get" : "post";
}

/** Describes all commands of a tree. */
export function openapi(tree: Tree, { lang = "en", server = "/", may = () => true }: OpenApiOptions = {}): OpenApi {
  const nodes = [...tree.root.walk()]
    .map((node) => ({ node, commands: [...node.commands.values()].filter((found) => hasHttp(found) && may(found)) }))
    .filter(({ commands }) => commands.length > 0);
  const paths = nodes.flatMap(({ commands }) =>
    commands.map((found) => [httpPath(found), { [httpMethod(found)]: operation(found, lang) }] as const),
  );
  return {
    openapi: "3.1.0",
    info: {
      title: helpIn(tree.root.help, lang),
      version: tree.host.version,
      description: "Every command of the node. GET reads, POST may change something.",
    },
    jsonSchemaDialect: dialect,
    servers: [{ url: server }],
    tags: nodes.map(({ node }) => ({ name: tagOf(node), description: helpIn(node.help, lang) })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: { Message: messageSchema, Problem: problemSchema },
      responses: {
        Problem: {
          description: "The command was refused or failed",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

function tagOf(node: ContextNode): string {
  return node.path;
}

/** The errors any call can meet; what a command itself may throw comes as `default`. */
const commonErrors = ["bad_argument", "not_logged_in", "not_allowed", "internal"] as const;

function operation(found: Found, lang: Lang): Operation {
  const problem = { $ref: "#/components/responses/Problem" };
  const refusals = commonErrors.map((code) => [String(catalogue[code].status), problem]);
  const takes = inputSchema(found, lang);
  return {
    operationId: found.right,
    tags: [tagOf(found.node)],
    summary: helpIn(found.command.help, lang),
    ...(httpMethod(found) === "get" ? { parameters: queryParameters(takes) } : { requestBody: body(takes) }),
    responses: { 200: answer(found, lang), ...Object.fromEntries(refusals), default: problem },
  };
}

function queryParameters(takes: ObjectSchema): QueryParameter[] {
  return Object.entries(takes.properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: takes.required?.includes(name) === true,
    description: String(description),
    schema,
  }));
}

function body(takes: ObjectSchema): unknown {
  return { required: takes.required !== undefined, content: { "application/json": { schema: takes } } };
}

/** The answer in the forms `Accept` may ask for. */
function answer(found: Found, lang: Lang): unknown {
  const text = { schema: { type: "string" } };
  return {
    description: "The answer",
    content: {
      "application/json": { schema: answerSchema(found, lang) },
      "application/x-ndjson": text,
      "text/csv": text,
      "text/plain": text,
      "text/html": text,
    },
  };
}
