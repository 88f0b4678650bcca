import { describe, test } from "node:test";
import { judge } from "./support/judge.ts";
import { play, transcripts } from "./support/play.ts";

describe("transcripts: what a person types and sees", () => {
  for (const transcript of transcripts()) {
    test(transcript.name, async () => {
      const { misfits, shown } = await play(transcript);
      judge(transcript, misfits, shown);
    });
  }
});
