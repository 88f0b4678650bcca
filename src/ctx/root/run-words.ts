import type { Maybe } from "../maybe.ts";
import type { Message } from "../message.ts";
import { script } from "../ports.ts";
import type { ContextNode } from "../tree.ts";
import { inContext } from "../who.ts";
import { isBare, textOf, type Words } from "../word.ts";

/**
 * Runs the words that a command such as `context` or `alias` was given as another command, in a context of choice; its
 * answer becomes part of this one. Exactly one quoted word that holds a blank is a whole line.
 */
export function runWords(m: Message, words: Words, context: ContextNode = m.who.session.context): Maybe<number> {
  const [first = ""] = words;
  const isLine = words.length === 1 && !isBare(first) && /\s/.test(textOf(first));
  m.nothing();
  return m.use(script).run({
    source: isLine ? { text: textOf(first), name: "line" } : { call: words },
    who: context === m.who.session.context ? m.who : inContext(m.who, context),
    out: m.out,
    signal: m.signal,
    piped: m.piped,
    travel: m.travel,
  });
}
