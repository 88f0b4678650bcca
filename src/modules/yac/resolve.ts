/** What the first word of a call means: an alias, a command, a program, or a command on another node. */
import {
  after,
  aliases,
  CtxError,
  dispatch,
  type Found,
  fail,
  fallback,
  formatOfFile,
  isBare,
  type Maybe,
  type Piped,
  type Sink,
  textOf,
  unknownCommand,
  type Who,
  type Word,
  type Words,
} from "../../ctx/index.ts";
import type { Frame } from "./frame.ts";

/** A call that is ready to run. */
export interface Call {
  /** Whether it reads from a pipe; a command that does not refuses one. */
  readonly takesInput: boolean;
  /** Whether what it reads is a table. */
  readonly takesTable: boolean;
  run(frame: Frame, out: Sink, piped: Piped | undefined): Maybe<void>;
}

/** How often an alias may lead to another. */
const aliasLimit = 8;

/** What the first word of a call stands for. */
interface Expanded {
  /** The words of the call; of a line, those that join it. */
  readonly words: Words;
  readonly line?: string;
  /** All aliases that were replaced, in this text and those around it. */
  readonly expanding: ReadonlySet<string>;
}

/** Replaces a first word that is an alias, each one once. */
function expandAlias(words: Words, { who, expanding }: Frame): Expanded {
  const known = who.session.context.tree.use(aliases);
  const seen = new Set(expanding);
  let now = words;
  while (seen.size < aliasLimit) {
    const [first = "", ...rest] = now;
    const name = textOf(first);
    if (!isBare(first) || seen.has(name)) break;
    const stands = known(name);
    if (stands === undefined) break;
    seen.add(name);
    if (typeof stands === "string") return { words: rest, line: stands, expanding: seen };
    // What is wrong with a word of an alias is shown at its name.
    const at = typeof first === "object" ? first.at : undefined;
    now = [...stands.map((text) => ({ text, bare: true, at })), ...rest];
  }
  return { words: now, expanding: seen };
}

/** Finds what a name calls; throws `unknown_command` with the nearest one. */
function findCommand(first: string | Word, who: Who): Found {
  const { context } = who.session;
  const name = textOf(first);
  const found = context.find(name) ?? context.tree.use(fallback)(name, who);
  if (found !== undefined) return found;
  const { code, message, hint } = unknownCommand(name, context);
  const at = typeof first === "object" ? first.at : undefined;
  throw new CtxError(code, message, { at, hint: /^[A-Za-z_]\w*=/.test(name) ? assignHint(name) : hint });
}

/** Other shells set a variable so. */
function assignHint(word: string): string {
  const [name, value = ""] = word.split(/=(.*)/s);
  return `write let ${name} = ${value}, or let env.${name} = ${value}`;
}

const remoteName = /^([\p{L}\p{N}_.*%-]+):([\p{L}\p{N}_.-]+)$/u;

/** Makes words a call. */
export function resolveCall(words: Words, frame: Frame): Call {
  const { who } = frame;
  const { words: now, line, expanding } = expandAlias(words, frame);
  if (line !== undefined) return lineCall(line, now, expanding);
  const [first = ""] = now;
  const [, node, command] =
    who.session.context.find(textOf(first)) === undefined ? (remoteName.exec(textOf(first)) ?? []) : [];
  if (node !== undefined && command !== undefined) return remoteCall(first, node, command, now.slice(1), who);
  const inModule = moduleCommand(now, who);
  return inModule === undefined ? foundCall(findCommand(first, who), now) : foundCall(inModule, now.slice(1));
}

/** `yac show`: a module and one of its commands, where the module's name is no command itself. */
function moduleCommand([first = "", second = ""]: Words, { session: { context } }: Who): Found | undefined {
  if (!isBare(first) || !isBare(second) || context.find(textOf(first)) !== undefined) return undefined;
  return context.tree.context(textOf(first), context)?.commands.get(textOf(second));
}

function foundCall(found: Found, words: Words): Call {
  const { input } = found.command;
  return {
    takesInput: input !== undefined,
    takesTable: input === "table",
    run: ({ who, signal, travel }, out, piped) =>
      after(
        dispatch(found, { words }, { from: who.session.context, who, out, piped, signal, travel }),
        () => undefined,
      ),
  };
}

function lineCall(line: string, rest: Words, expanding: ReadonlySet<string>): Call {
  return {
    takesInput: true,
    takesTable: true,
    run: (frame, out, piped) => after(frame.runLine(line, rest, { ...frame, expanding }, out, piped), () => undefined),
  };
}

/** `demo:nfs.dir etc` is `ssh.remote demo nfs.dir etc`. */
function remoteCall(first: string | Word, node: string, command: string, rest: Words, who: Who): Call {
  const found = who.session.context.tree.context("ssh")?.commands.get("remote");
  if (found === undefined) throw fail("node_offline", { node });
  const at = typeof first === "object" ? first.at : undefined;
  const word = (text: string, bare: boolean): Word => ({ text, bare, at });
  return foundCall(found, [word("ssh.remote", true), word(node, false), word(command, true), ...rest]);
}

/** What `< FILE` stands for: the file as a table for a command that takes one and a name that says so, else as it is. */
export function inputCall(file: Word, reader: Call, { who }: Frame): Call {
  const name = reader.takesTable && formatOfFile(file.text) !== undefined ? "nfs.import" : "nfs.load";
  return foundCall(findCommand(name, who), [name, file]);
}
