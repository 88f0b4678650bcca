import { describe, test } from "node:test";
import { judge } from "./support/judge.ts";
import { examples, play } from "./support/play.ts";

describe("C-12 X-01 every example of every command", () => {
  for (const example of examples()) {
    test(example.name, async () => {
      const { misfits, shown } = await play(example);
      judge(example, misfits, shown);
    });
  }
});
