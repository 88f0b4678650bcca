import { defineContext } from "../../ctx/index.ts";

/** Finds, names and calls other nodes. */
export default defineContext({
  name: "ssh",
  help: { en: "The nodes and the ways between them", zh: "集群中心" },
});
