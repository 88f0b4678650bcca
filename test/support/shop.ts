import {
  boolean,
  choice,
  command,
  config,
  defineCommand,
  defineContext,
  flag,
  integer,
  list,
  path,
  secret,
  size,
  text,
  time,
  tuple,
} from "../../src/ctx/index.ts";

/** A context that has one of everything the views of a declaration look at. */
const most = config("most", 20, "Rows at most");

const stock = defineCommand({
  name: "stock",
  help: { en: "List what is in a shelf", zh: "列出货架" },
  effect: "read",
  args: {
    shelf: path({ en: "Shelf to list", zh: "货架" }, { default: "." }),
    fields: list(choice(["time", "size", "name"], "Columns to show")),
  },
  options: {
    deep: flag({ en: "Also the shelves below", zh: "包括下层" }),
    kind: choice(["both", "file", "folder"], "What to keep", { default: "both" }),
    sort: tuple([choice(["time", "size"], "Column"), choice(["int", "int_r"], "Order")], "Sort by a column"),
    most: integer("Rows at most", { default: most, min: 1 }),
    loud: boolean("Whether to shout", { default: false }),
  },
  columns: { time: time("When it came"), size: size("How much"), name: text("What | it is") },
  examples: [
    {
      help: "Everything",
      shell: `
        > stock . deep
        time  size  name
        …     3     tea`,
    },
  ],
  run: (m) => {
    m.push({ time: new Date(0), size: 3, name: "tea" });
  },
});

const colours = ["red", "green"];
const enter = defineCommand({
  name: "enter",
  help: "Enter the shop",
  effect: "admin",
  args: {
    name: text("Who", { complete: (typed) => (typed === "broken" ? Promise.reject(new Error("no")) : ["tom", "tim"]) }),
    password: secret("The <word>", { default: "open sesame" }),
  },
  options: { colour: text("Of the door", { complete: () => colours.map((value) => ({ value, help: "a colour" })) }) },
  run: () => undefined,
});

const later = defineCommand({
  name: "later",
  help: "Run a command later",
  args: { delay: text("How long"), what: command("What to run") },
  options: { quiet: flag("Say nothing") },
  run: () => undefined,
});

const open = defineCommand({
  name: "open",
  help: "Open the box",
  effect: "read",
  run: () => "open\n",
});

const hidden = defineCommand({ name: "_exit", help: "Leave", run: () => undefined });

export const shop = defineContext({
  name: "shop",
  help: { en: "A small shop", zh: "小店" },
  configs: [most],
  commands: [stock, enter, later, hidden],
  contexts: [{ name: "box", help: "A box in the shop", commands: [open] }],
});
