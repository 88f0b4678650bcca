/* Asks a server by HTTP over connections that stay open: where there is no wrk. */
import { Agent, get } from "node:http";
import { answers } from "./beside.cjs";
import { load } from "./load.mjs";

answers.load = async ({ url, headers, at, ms }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: at });
  const call = () =>
    new Promise((resolve, reject) => {
      const request = get(url, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`));
        response.resume().on("end", resolve);
      });
      request.on("error", reject);
    });
  try {
    return await load(call, { at, ms });
  } finally {
    agent.destroy();
  }
};
