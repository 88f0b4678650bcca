import { defineContext } from "../../ctx/index.ts";
import { answerLimit, runLimit } from "./nodes.ts";
import { remote } from "./remote.ts";

/** Finds, names and calls other nodes. */
export default defineContext({
  name: "ssh",
  help: { en: "The nodes and the ways between them", zh: "集群中心" },
  configs: [answerLimit, runLimit],
  commands: [remote],
});
