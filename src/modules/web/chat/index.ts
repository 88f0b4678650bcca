import { defineContext } from "../../../ctx/index.ts";

/** Keeps rooms, their messages and their tools. */
export default defineContext({
  name: "chat",
  help: { en: "Rooms where people and nodes work together", zh: "会议中心" },
});
