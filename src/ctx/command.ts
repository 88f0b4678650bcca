import type { Help } from "./help-text.ts";
import type { Message, Reply } from "./message.ts";
import type { Input, Params } from "./param.ts";
import type { Row } from "./table/batch.ts";
import type { Operator } from "./table/operator.ts";

/** What a command may change: decides which roles may call it, its HTTP method, and whether a link may retry it. */
export type Effect = "read" | "write" | "admin";

export interface Example {
  readonly help: string;
  /** A terminal transcript: `> ` lines are typed, the rest is what must be shown. */
  readonly shell: string;
}

interface Declared<A extends Params, O extends Params, C extends Params> {
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly help: Help;
  /** Left out means `write`: the careful guess. */
  readonly effect?: Effect;
  /** Positional parameters, in order. */
  readonly args?: A;
  /** Parameters given as `key value...`, in any order. */
  readonly options?: O;
  /** The columns of the table it answers with. A handler that chooses its columns calls `m.head`. */
  readonly columns?: C;
  /** What it takes from a pipe; left out means nothing, and piping into it is an error. */
  readonly input?: "table" | "text" | "bytes";
  readonly examples?: readonly Example[];
  /** Searched by `help TOPIC` beside name and help. */
  readonly words?: readonly string[];
}

/** A command: everything about it in one place. Usage, checking, help, completion, schema, form, right and tests come from it. */
export type Command<A extends Params = Params, O extends Params = Params, C extends Params = Params> = Declared<
  A,
  O,
  C
> &
  (
    | { run(m: Message<Input<C>>, input: Input<A> & Input<O>): Reply<Input<C>>; readonly operator?: undefined }
    | { operator(input: Input<A> & Input<O>, m: Message): Operator; readonly run?: undefined }
  );

/** Declares a command. Returns it unchanged: its job is to infer the types. */
// biome-ignore lint/complexity/noBannedTypes: {} is "no parameters"
export function defineCommand<const A extends Params = {}, const O extends Params = {}, const C extends Params = {}>(
  command: Command<A, O, C>,
): Command<A, O, C> {
  return command;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of commands holds every kind of command
export type AnyCommand = Command<any, any, any>;
export type InputOf<X> = X extends Command<infer A, infer O, infer _C> ? Partial<Input<A> & Input<O>> : never;
export type RowOf<X> = X extends Command<infer _A, infer _O, infer C> ? Input<C> : Row;
