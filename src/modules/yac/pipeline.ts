/**
 * Runs a pipeline. It is built from its end: the last stage writes to the caller's sink, an operator is a sink in front
 * of the next one, a command that reads is started with a pipe and runs beside the others. A reader that has enough
 * aborts the command that feeds it, and only that one.
 */
import {
  after,
  type ContextNode,
  CtxError,
  fail,
  inContext,
  inTurn,
  isCancelled,
  isOperator,
  type Maybe,
  OperatorSink,
  openOperator,
  Pipe,
  type Piped,
  planStages,
  type Sink,
  settled,
  stepWords,
  textOf,
  toCtxError,
  type Words,
} from "../../ctx/index.ts";
import type { Frame } from "./frame.ts";
import { LineSink } from "./line-sink.ts";
import { redirectOutput, type Targets } from "./redirect.ts";
import { type Call, inputCall, resolveCall } from "./resolve.ts";
import type { ContextName, FileRedirection, Pipeline, Redirection, Stage } from "./tree.ts";
import { evaluateWord, evaluateWords } from "./words-of.ts";

/** Runs a pipeline; throws the error it ended with. */
export function runPipeline(pipeline: Pipeline, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<void> {
  const condition = pipeline.stages.flatMap(({ conditions }) => conditions)[0];
  if (condition !== undefined) {
    const problem = `"${condition.operator}" comes with the script language`;
    throw fail("unsupported", { problem }, { at: { source: frame.source, span: condition } });
  }
  const [only] = pipeline.stages;
  if (only !== undefined && pipeline.stages.length === 1 && only.redirections.length === 0) {
    return after(evaluateWords(only.words, frame), (words) => runAlone(only, words, frame, out, piped));
  }
  return after(allWords(pipeline.stages, frame), (words) =>
    after(allTargets(pipeline.stages, frame), (targets) =>
      new Line(pipeline.stages, words, targets, frame, out, piped).run(),
    ),
  );
}

/** The files that redirections name. */
function allTargets(stages: readonly Stage[], frame: Frame): Maybe<Targets> {
  const named = stages.flatMap(({ redirections }) => redirections.filter((one) => "target" in one));
  const targets = new Map<Redirection, string>();
  const add = (redirection: FileRedirection): Maybe<void> =>
    after(evaluateWord(redirection.target, frame), (words) => {
      targets.set(redirection, words.map(textOf).join(" "));
    });
  return after(inTurn(named, add), () => targets);
}

function allWords(stages: readonly Stage[], frame: Frame): Maybe<readonly Words[]> {
  const all: Words[] = [];
  const add = (stage: Stage): Maybe<void> => after(evaluateWords(stage.words, frame), (words) => void all.push(words));
  return after(inTurn(stages, add), () => all);
}

/** Runs a command that stands alone: the common case. */
function runAlone(stage: Stage, words: Words, frame: Frame, out: Sink, piped: Piped | undefined): Maybe<void> {
  if (words.length === 0) return move(stage, frame);
  const here = scoped(stage, frame);
  const call = resolveCall(words, here);
  return call.run(here, out, call.takesInput ? piped : undefined);
}

/** `~name` alone moves the session. */
function move(stage: Stage, frame: Frame): void {
  if (stage.context !== undefined) frame.who.session.context = contextOf(stage.context, frame);
}

function contextOf(name: ContextName, { source, who: { session } }: Frame): ContextNode {
  try {
    return session.context.tree.contextNamed(name.name, session.context);
  } catch (error) {
    if (error instanceof CtxError) error.at ??= { source, span: name };
    throw error;
  }
}

/** The frame of a stage: that of the line, or in the context that `~name` says. */
function scoped(stage: Stage, frame: Frame): Frame {
  if (stage.context === undefined) return frame;
  return { ...frame, who: inContext(frame.who, contextOf(stage.context, frame)) };
}

/** A command of the pipeline with what is around it. */
interface Running {
  readonly call: Call;
  readonly frame: Frame;
  readonly out: Sink;
  readonly piped: Piped | undefined;
  /** Aborted when what it writes to wants no more. */
  readonly enough: AbortController;
  /** Tells what reads from it, or is written by it, that it failed. */
  readonly failed: Failed | undefined;
  /** Says what it failed with where its redirection wants it. */
  readonly say: ((error: CtxError) => void) | undefined;
  /** Closed when the command has ended, so that its feeder stops. */
  readonly input: Pipe | undefined;
  readonly isLast: boolean;
}

class Line {
  readonly #stages: readonly Stage[];
  readonly #words: readonly Words[];
  readonly #targets: Targets;
  readonly #frame: Frame;
  readonly #piped: Piped | undefined;
  readonly #running: Running[] = [];
  #sink: Sink;
  #enough = new AbortController();
  #failed: Failed | undefined;
  #say: Running["say"];

  constructor(
    stages: readonly Stage[],
    words: readonly Words[],
    targets: Targets,
    frame: Frame,
    out: Sink,
    piped: Piped | undefined,
  ) {
    this.#stages = stages;
    this.#words = words;
    this.#targets = targets;
    this.#frame = frame;
    this.#sink = new LineSink(out);
    this.#piped = piped;
  }

  run(): Maybe<void> {
    this.#build();
    const stop = (): void => {
      for (const { enough } of this.#running) enough.abort();
    };
    const { signal } = this.#frame;
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    const done = this.#running.map((running) => start(running, signal));
    const finish = (ends: readonly (CtxError | undefined)[]): void => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) throw fail("cancelled", {});
      const error = ends.findLast((end) => end !== undefined);
      if (error !== undefined) throw error;
    };
    return done.some((end) => end instanceof Promise)
      ? Promise.all(done).then(finish)
      : finish(done as readonly (CtxError | undefined)[]);
  }

  /** Opens everything from the end to the beginning, so that what is wrong is said before anything runs. */
  #build(): void {
    try {
      for (let index = this.#stages.length - 1; index >= 0; ) index = this.#buildBefore(index);
    } catch (error) {
      this.#failed?.(error);
      for (const { failed } of this.#running) failed?.(error);
      throw error;
    }
  }

  /** Builds the stage at an index, with the operators directly before it; gives the index of the next one to build. */
  #buildBefore(index: number): number {
    const stage = this.#stages[index] as Stage;
    const frame = scoped(stage, this.#frame);
    const { sink, failed, say } = redirectOutput(stage.redirections, this.#targets, frame, this.#sink);
    this.#sink = sink;
    this.#say = say;
    if (failed !== undefined) this.#failed = both(failed, this.#failed);
    if (this.#isOperators(index)) {
      let first = index;
      while (this.#isOperators(first - 1) && this.#stages[first - 1]?.redirections.length === 0) first--;
      this.#addOperators(this.#words.slice(first, index + 1), frame);
      return first - 1;
    }
    this.#addCall(index, stage, frame);
    return index - 1;
  }

  /** After `%`, or after `|` when the first word is an operator's name and no option follows it. */
  #isOperators(index: number): boolean {
    const stage = this.#stages[index];
    if (stage === undefined || index === 0) return false;
    if (stage.kind === "operators") return true;
    const [first, second] = this.#words[index] ?? [];
    if (first === undefined || stage.context !== undefined || !isOperator(first)) return false;
    return second === undefined || !textOf(second).startsWith("-") || textOf(second).startsWith("--");
  }

  #addOperators(stages: readonly Words[], frame: Frame): void {
    const { root } = frame.who.session.context.tree;
    const enough = this.#enough;
    for (const step of planStages(stages).toReversed()) {
      const found = root.commands.get(step.name);
      if (found === undefined) throw fail("unknown_command", { name: step.name, context: root.name });
      const { m, operator } = openOperator(found, stepWords(step), {
        from: frame.who.session.context,
        who: frame.who,
        out: this.#sink,
        signal: frame.signal,
        travel: frame.travel,
      });
      this.#sink = new OperatorSink(operator, this.#sink, () => enough.abort(), m.format);
    }
  }

  #addCall(index: number, stage: Stage, frame: Frame): void {
    const words = this.#words[index] ?? [];
    if (words.length === 0)
      throw fail("parse_error", { problem: "a command is missing" }, { at: { source: frame.source, span: stage } });
    const call = resolveCall(words, frame);
    const file = stage.redirections.findLast((redirection) => redirection.operator === "<");
    if (file !== undefined && index > 0)
      throw fail("parse_error", { problem: `"<" stands after a pipe` }, { at: { source: frame.source, span: file } });
    const source =
      file === undefined
        ? undefined
        : inputCall(
            {
              text: this.#targets.get(file) ?? "",
              bare: false,
              at: { source: frame.source, span: "target" in file ? file.target : file },
            },
            call,
            frame,
          );
    const isLast = this.#running.length === 0;
    const reads = index > 0 || source !== undefined;
    const here = this.#take(call, frame, isLast, reads);
    if (source !== undefined) {
      this.#sink = here ?? this.#sink;
      this.#take(source, frame, false, false);
    } else if (here !== undefined) this.#sink = here;
  }

  /** Adds a command in front of what is built; gives the pipe it reads from, if it reads from one. */
  #take(call: Call, frame: Frame, isLast: boolean, reads: boolean): Pipe | undefined {
    const enough = this.#enough;
    const next = new AbortController();
    const out = this.#sink;
    const input = reads
      ? new Pipe(
          (text) => out.note(text),
          () => next.abort(),
          call.takesTable,
        )
      : undefined;
    this.#running.unshift({
      call,
      frame: { ...frame, signal: enough.signal },
      out,
      piped: input ?? (call.takesInput ? this.#piped : undefined),
      enough,
      failed: this.#failed,
      say: this.#say,
      input,
      isLast,
    });
    this.#enough = next;
    this.#failed = input === undefined ? undefined : (error) => input.fail(error);
    return input;
  }
}

type Failed = (error: unknown) => void;

/** What is to be told of a failure: the files of a stage, then the stage that reads from it. */
function both(first: Failed, second: Failed | undefined): Failed {
  if (second === undefined) return first;
  return (error) => {
    first(error);
    second(error);
  };
}

/** Starts a command; gives the error it fails the pipeline with. */
function start(running: Running, stopped: AbortSignal): Maybe<CtxError | undefined> {
  const { call, frame, out, piped, failed, say, input, enough, isLast } = running;
  const { who } = frame;
  const refused = (thrown: unknown): CtxError => {
    const error = toCtxError({ tree: who.session.context.tree, who }, thrown);
    input?.close();
    if (!isCancelled(error)) say?.(error);
    failed?.(error);
    return error;
  };
  const good = (): Maybe<CtxError | undefined> => {
    input?.close();
    return settled(
      () => out.end(),
      () => undefined,
      refused,
    );
  };
  const bad = (error: unknown): Maybe<CtxError | undefined> => {
    const hadEnough = isCancelled(error) && enough.signal.aborted && !stopped.aborted;
    const isNo = error instanceof CtxError && error.isProgramCode && !isLast;
    return hadEnough || isNo ? good() : refused(error);
  };
  return settled(() => call.run(frame, out, piped), good, bad);
}
