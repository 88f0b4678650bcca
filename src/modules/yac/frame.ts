import type { Maybe, Piped, ScriptRequest, Sink, Source, Who, Words } from "../../ctx/index.ts";
import type { Script } from "./tree.ts";

/** What the parts of a running tree share. */
export interface Frame {
  /** The text the tree was made of, so that errors can point. */
  readonly source: Source;
  readonly who: Who;
  readonly signal: AbortSignal;
  readonly travel: ScriptRequest["travel"];
  /** The aliases whose text this is; within it they stand for themselves. */
  readonly expanding?: ReadonlySet<string>;
  /** Runs a tree inside of this one: a `$(command)`. */
  runScript(script: Script, frame: Frame, out: Sink): Maybe<number>;
  /** Runs the text an alias stands for; further words join its first command. */
  runLine(line: string, rest: Words, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<number>;
}
