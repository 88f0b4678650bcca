/** Where the answer of another node, or of the node that runs beside this process, goes. */
import { beside, type Format, type Maybe, type Message, type Piece, type WireTarget } from "../../ctx/index.ts";
import { type Nodes, nodes } from "./nodes.ts";

/** Hands an answer from elsewhere on as that of this call. */
export function answerOf(m: Message): WireTarget {
  return {
    write(piece: Piece): Maybe<void> {
      m.write(piece);
      return m.ready();
    },
    note(said: string): Maybe<void> {
      m.note(said);
      return m.ready();
    },
    format(format: Format) {
      m.format = format;
      m.begin();
    },
  };
}

/** Runs a command of this room where the links are: here in a node, else in the node that runs in this folder. */
export function withLinks(m: Message, run: (known: Nodes | undefined) => Maybe<void>): Maybe<void> {
  const known = m.use(nodes);
  const { mode } = m.tree.host;
  if (known !== undefined || (mode !== "one-shot" && mode !== "shell")) return run(known);
  const { who, signal, words, found } = m;
  return m.use(beside)({ words: [found.right, ...words.slice(1)], who, signal, out: answerOf(m) });
}
