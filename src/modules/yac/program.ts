/**
 * Runs a tree. It touches the world only through the hall (`dispatch`), the sink it writes to and the ports for aliases,
 * programs and other nodes. A line whose commands are all done at once is done at once: promises appear only where a
 * command gives one.
 */
import {
  after,
  type CtxError,
  deeper,
  fail,
  inTurn,
  isCancelled,
  type Maybe,
  type Piped,
  type Sink,
  settled,
  toCtxError,
} from "../../ctx/index.ts";
import type { Frame } from "./frame.ts";
import { LineSink } from "./line-sink.ts";
import { runPipeline } from "./pipeline.ts";
import type { Chain, Link, Pipeline, Script, Statement } from "./tree.ts";

/** How a pipeline ended: its code, and the error that made it fail. */
interface Ended {
  readonly code: number;
  readonly error?: CtxError;
}
const fine: Ended = { code: 0 };

/** After so many milliseconds of work at one go, others get their turn: Ctrl-C, links and pages. */
const slice = 10;

/** Runs all statements; an error ends the script. Gives the code of the last command. */
export function runScript(script: Script, frame: Frame, out: Sink, piped?: Piped | undefined): Maybe<number> {
  const { statements } = script;
  const several = statements.length > 1 || (statements[0]?.rest.length ?? 0) > 0;
  const lines = several ? new LineSink(out) : out;
  const { clock } = frame.who.session.context.tree;
  let sliceEnd = clock.ticks() + slice;
  let code = 0;
  const othersTurn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnd = clock.ticks() + slice;
  };
  const run = (statement: Statement, index: number): Maybe<void> => {
    if (frame.signal.aborted) throw fail("cancelled", {});
    return after(runChain(statement, frame, lines, index === 0 ? piped : undefined), (ended) => {
      code = ended;
      if (clock.ticks() > sliceEnd && index < statements.length - 1) return othersTurn();
    });
  };
  return after(
    deeper(() => inTurn(statements, run)),
    () => code,
  );
}

/**
 * `A && B || C`: each link looks at how the last pipeline that ran ended. A program that said no left of `&&` is an
 * answer and no error; an error of our own commands is one unless `||` catches it.
 */
function runChain(chain: Chain, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<number> {
  let last = fine;
  let isAnswer = false;
  const run = (pipeline: Pipeline, input: Piped | undefined): Maybe<void> =>
    after(attempt(pipeline, frame, out, input), (ended) => {
      last = ended;
      isAnswer = false;
    });
  const follow = ({ operator, pipeline }: Link): Maybe<void> => {
    if ((operator === "&&") === (last.code === 0)) return run(pipeline, undefined);
    isAnswer ||= last.error?.isProgramCode === true;
  };
  const end = (): number => {
    if (last.error !== undefined && !isAnswer) throw last.error;
    return last.code;
  };
  return after(run(chain.first, piped), () => after(inTurn(chain.rest, follow), end));
}

/** Runs a pipeline and tells how it ended; only that it was stopped is thrown. */
function attempt(pipeline: Pipeline, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<Ended> {
  const failed = (thrown: unknown): Ended => {
    const { who } = frame;
    const error = toCtxError({ tree: who.session.context.tree, who }, thrown);
    if (isCancelled(error)) throw error;
    return { code: error.exit, error };
  };
  return settled(
    () => runPipeline(pipeline, frame, out, piped),
    () => fine,
    failed,
  );
}
