/**
 * Runs a tree. It touches the world only through the hall (`dispatch`), the sink it writes to and the ports for aliases,
 * programs and other nodes. A line whose commands are all done at once is done at once: promises appear only where a
 * command gives one.
 */
import { after, CtxError, fail, fromSystem, isCancelled, type Maybe, type Piped, type Sink } from "../../ctx/index.ts";
import type { Frame } from "./frame.ts";
import { LineSink } from "./line-sink.ts";
import { runPipeline } from "./pipeline.ts";
import type { Chain, Pipeline, Script } from "./tree.ts";

/** How a pipeline ended: its code, and the error that made it fail. */
interface Ended {
  readonly code: number;
  readonly error?: CtxError;
}
const fine: Ended = { code: 0 };

/** Runs all statements; an error ends the script. Gives the code of the last command. */
export function runScript(script: Script, frame: Frame, out: Sink, piped?: Piped | undefined): Maybe<number> {
  const { statements } = script;
  const several = statements.length > 1 || (statements[0]?.rest.length ?? 0) > 0;
  const lines = several ? new LineSink(out) : out;
  const from = (index: number, code: number): Maybe<number> => {
    const statement = statements[index];
    if (statement === undefined) return code;
    if (frame.signal.aborted) throw fail("cancelled", {});
    const input = index === 0 ? piped : undefined;
    return after(runChain(statement, frame, lines, input), (next) => from(index + 1, next));
  };
  return from(0, 0);
}

/**
 * `A && B || C`: each link looks at how the last pipeline that ran ended. A program that said no left of `&&` is an
 * answer and no error; an error of our own commands is one unless `||` catches it.
 */
function runChain(chain: Chain, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<number> {
  const from = (index: number, ended: Ended, isAnswer: boolean): Maybe<number> => {
    const link = chain.rest[index];
    if (link === undefined) {
      if (ended.error !== undefined && !isAnswer) throw ended.error;
      return ended.code;
    }
    const runs = (link.operator === "&&") === (ended.code === 0);
    if (!runs) return from(index + 1, ended, isAnswer || ended.error?.isProgramCode === true);
    return after(attempt(link.pipeline, frame, out, undefined), (next) => from(index + 1, next, false));
  };
  return after(attempt(chain.first, frame, out, piped), (ended) => from(0, ended, false));
}

/** Runs a pipeline and tells how it ended; only being stopped, and bugs, are thrown. */
function attempt(pipeline: Pipeline, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<Ended> {
  const failed = (thrown: unknown): Ended => {
    const error = thrown instanceof CtxError ? thrown : fromSystem(thrown);
    if (error === undefined || isCancelled(error)) throw thrown;
    return { code: error.exit, error };
  };
  try {
    const running = runPipeline(pipeline, frame, out, piped);
    return running instanceof Promise ? running.then(() => fine, failed) : fine;
  } catch (error) {
    return failed(error);
  }
}
