import assert from "node:assert/strict";
import { test } from "node:test";
import { examples, play, transcripts } from "../support/play.ts";
import { bareTree } from "../support/trees.ts";

test("every command is called at least once by an example or a transcript", async () => {
  const called = new Set<string>();
  for (const one of [...examples(), ...transcripts()]) {
    await play(one, ({ tree }) => {
      for (const { target, command } of tree.ring.list()) called.add(`${target} ${command}`);
    });
  }
  const never = [...bareTree().root.walk()].flatMap((node) =>
    [...node.commands.keys()].filter((name) => !name.startsWith("_") && !called.has(`${node.path} ${name}`)),
  );
  assert.deepEqual(never, []);
});
