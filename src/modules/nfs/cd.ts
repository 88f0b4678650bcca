import { accessSync, constants, statSync } from "node:fs";
import { defineCommand, fail, path } from "../../ctx/index.ts";
import { completePath, missing } from "./path.ts";

export const cd = defineCommand({
  name: "cd",
  help: { en: "Go to another folder", zh: "切换目录" },
  // Only the session moves; nothing on the node changes.
  effect: "read",
  args: {
    folder: path(
      { en: "Where to go; your home folder if left out, back with -", zh: "目标目录" },
      { optional: true, complete: completePath },
    ),
  },
  examples: [
    {
      help: "Go to a folder and back",
      shell: `
        > cd etc
        > path init.shy
        init.shy
        > cd -
        …`,
    },
  ],
  run(m, { folder }) {
    const { session } = m.who;
    const back = folder === "-";
    const typed = back ? session.lastCwd : (folder ?? m.tree.host.env["HOME"] ?? m.tree.host.home);
    const goal = m.path(typed);
    const found = statSync(goal, { throwIfNoEntry: false });
    if (found === undefined) throw missing(m, typed);
    if (!found.isDirectory()) throw fail("failed", { problem: `not a folder: "${typed}"` });
    accessSync(goal, constants.X_OK);
    session.lastCwd = session.cwd;
    session.cwd = goal;
    return back ? goal : undefined;
  },
});
