/* The two ends of a plain WebSocket that speak JSON: what a link between nodes is measured against. */
import { WebSocket, WebSocketServer } from "ws";
import { answers } from "./beside.cjs";
import { load } from "./load.mjs";

const { url, payload } = JSON.parse(process.argv[2]);
const usual = { perMessageDeflate: false };

function serve() {
  const server = new WebSocketServer({ ...usual, host: "127.0.0.1", port: 0 });
  server.on("connection", (socket) => {
    socket.on("message", (data) => socket.send(JSON.stringify({ ...JSON.parse(data), cmd: "result" })));
  });
  return new Promise((resolve) => server.on("listening", () => resolve(`ws://127.0.0.1:${server.address().port}`)));
}

async function dial() {
  const socket = new WebSocket(url, usual);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const waiting = new Map();
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    waiting.get(message.id)(message);
    waiting.delete(message.id);
  });
  let lastId = 0;
  return () =>
    new Promise((resolve) => {
      const id = String(++lastId);
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ v: 1, id, from: "com", to: "com.demo", cmd: "echo", args: [payload] }));
    });
}

if (url === undefined) {
  const own = await serve();
  answers.url = () => own;
} else {
  const call = await dial();
  const { args } = await call();
  if (args[0] !== payload) throw new Error("another text came back");
  answers.load = (how) => load(call, how);
}
