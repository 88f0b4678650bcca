import { dedent, type Found } from "../../src/ctx/index.ts";
import { makeTestTree, runTranscript, type TestTree } from "../../src/ctx/testing.ts";
import { modules } from "../../src/modules.ts";
import { filesBelow, read } from "./files.ts";
import { bareTree } from "./trees.ts";

/** A transcript that stands somewhere: in a declaration or in a file. */
export interface Play {
  readonly name: string;
  readonly text: string;
  /** The context it begins in; the root, when left out. */
  readonly context?: string;
  readonly file?: string;
}

/** Gives the examples of all declarations. */
export function examples(): Play[] {
  const all: readonly Found[] = [...bareTree().root.walk()].flatMap((node) => [...node.commands.values()]);
  return all.flatMap(({ right, command, node }) =>
    (command.examples ?? []).map(({ help, shell }) => ({
      name: `${right}: ${help}`,
      text: dedent(shell).join("\n"),
      context: node.path,
    })),
  );
}

/** Gives the transcripts of whole sessions, and the blocks of pages written by hand that are marked `shy`. */
export function transcripts(): Play[] {
  const sessions = filesBelow("test/transcripts", ".shyt").map((file) => ({ name: file, text: read(file), file }));
  return [...sessions, ...["README.md"].flatMap(blocks)];
}

/** The sessions that a page shows; each begins anew, in the context a shell begins in. */
function blocks(file: string): Play[] {
  return [...read(file).matchAll(/^```shy\n(.*?)^```$/gms)].map(([, text = ""], i) => ({
    name: `${file}, block ${i + 1}`,
    text,
    context: "ssh",
  }));
}

/** Plays a transcript in a tree and a folder of its own; `look` sees the tree when it is done. */
export async function play(
  { text, context }: Play,
  look: (played: TestTree) => void = () => undefined,
): ReturnType<typeof runTranscript> {
  const played = await makeTestTree(modules, { program: process.cwd() });
  const { tree, who, show, stop } = played;
  try {
    if (context !== undefined) who.session.context = tree.context(context) ?? tree.root;
    const result = await runTranscript(text, show);
    look(played);
    return result;
  } finally {
    await stop();
  }
}
