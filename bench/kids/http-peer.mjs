/* Servers that give one answer by HTTP, as people write them who need nothing else: fastify, and node:http by hand. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { fastify } from "fastify";
import { answers } from "./beside.cjs";

/* `takes` and `gives` are the JSON Schemas that the node publishes of the command: what it takes and what it answers. */
const { kind, path, answer, token, takes, gives } = JSON.parse(process.argv[2]);

/** The least a route needs that not everybody may call: a token known by its hash, and the role it stands for. */
function checkToken() {
  const digest = (text) => createHash("sha256").update(text).digest("hex");
  const roles = new Map([[digest(token), { commands: new Set([path]) }]]);
  return async ({ headers }, reply) => {
    const role = roles.get(digest((headers.authorization ?? "").slice("Bearer ".length)));
    if (role?.commands.has(path) !== true) await reply.code(401).send();
  };
}

async function listenFastify() {
  const app = fastify({ logger: false, ajv: { customOptions: { strict: false } } });
  const more = kind === "fastify, token" ? { preHandler: checkToken() } : {};
  app.get(path, { schema: { querystring: takes, response: { 200: gives } }, ...more }, async () => ({ ...answer }));
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app.server.address().port;
}

async function listenByHand() {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== path) return response.writeHead(404).end();
    const body = JSON.stringify({ ...answer });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

const port = await (kind === "node:http" ? listenByHand() : listenFastify());
answers.url = () => `http://127.0.0.1:${port}`;
