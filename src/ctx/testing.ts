/**
 * What tests of contexts need, ours and other people's: a tree in a folder of its own, and transcripts.
 *
 * A transcript is what a person types and sees:
 *
 *     # a comment, before the first line or after an empty one
 *     > dir etc % order line
 *     line  filename
 *     9     exit.shy
 *     …     init.shy
 *
 * `> ` begins what is typed and `.. ` continues it; the lines up to the next `> ` are what must be shown. Lines are
 * compared by cells: how wide a gap between columns is does not count. `…` stands for anything within a line, and alone
 * on a line for one or more lines. The place of an error may be left out.
 */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Batch,
  type Clock,
  type Context,
  CtxError,
  drawError,
  type Host,
  type Message,
  makeTree,
  type Piece,
  renderText,
  type Sink,
  script,
  systemClock,
  type Tree,
  terminalWho,
  type Who,
  widthOf,
} from "./index.ts";

/** One line that is typed, and what is shown after it. */
export interface Step {
  readonly typed: string;
  readonly shown: string;
  /** Where the typed text begins, counted from 1. */
  readonly line: number;
}

/** Cuts a transcript into its steps; comments and empty lines between steps belong to none. */
export function readTranscript(text: string): Step[] {
  return readBlocks(text).map(({ typed, shown, line }) => ({ typed, shown: shown.join("\n"), line }));
}

interface Block {
  typed: string;
  readonly shown: string[];
  readonly line: number;
  /** Where what is shown begins and ends, as indexes of lines. */
  from: number;
  to: number;
}

function readBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let afterEmpty = false;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.startsWith("> ")) {
      block = { typed: line.slice(2), shown: [], line: i + 1, from: i + 1, to: i + 1 };
      blocks.push(block);
    } else if (block !== undefined && line.startsWith(".. ") && block.shown.length === 0) {
      block.typed += `\n${line.slice(3)}`;
      block.from = block.to = i + 1;
    } else if (afterEmpty && line.startsWith("# ")) {
      block = undefined;
    } else if (block !== undefined) {
      block.shown.push(line);
      if (line.trim() !== "") block.to = i + 1;
    }
    afterEmpty = line.trim() === "";
  }
  for (const { shown } of blocks) while (shown.length > 0 && shown.at(-1)?.trim() === "") shown.pop();
  return blocks;
}

/** Makes the width of gaps equal; a single blank stays what it is, part of a cell. */
function squeeze(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/\s{2,}/g, "  "))
    .join("\n")
    .trim();
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The two lines that show where in a source an error is: file, line, column and text, then the marks below it. */
const place = /^ *\S+:\d+:\d+: .*\n *\^+ *$\n?/gm;

/** Tells whether what was shown fits what a transcript expects. */
export function fits(got: string, expected: string): boolean {
  const lines = squeeze(expected)
    .split("\n")
    .map((line) => (line === "…" ? "(?:[^\\n]*\\n)+" : `${line.split("…").map(escaped).join("[^\\n]*")}\\n`));
  const pattern = new RegExp(`^${lines.join("")}$`);
  return [got, got.replace(place, "")].some((shown) => pattern.test(`${squeeze(shown)}\n`));
}

/** Writes a transcript anew with what was shown; steps and lines that still fit stay as they are. */
export function updateTranscript(text: string, shown: readonly string[]): string {
  const lines = text.split("\n");
  for (const [i, block] of [...readBlocks(text).entries()].reverse()) {
    const got = (shown[i] ?? "").trimEnd();
    if (fits(got, block.shown.join("\n"))) continue;
    const now = got === "" ? [] : got.split("\n");
    const kept = now.map((line, at) =>
      fits(line, block.shown[at] ?? "") ? (block.shown[at] ?? line) : line.trimEnd(),
    );
    lines.splice(block.from, block.to - block.from, ...kept);
  }
  return lines.join("\n");
}

/** A step whose answer was not as expected. */
export interface Misfit extends Step {
  readonly got: string;
}

/** Runs the steps of a transcript one after the other; gives those that did not show what they should, and all that was shown. */
export async function runTranscript(
  text: string,
  show: (line: string) => Promise<string>,
): Promise<{ readonly misfits: readonly Misfit[]; readonly shown: readonly string[] }> {
  const misfits: Misfit[] = [];
  const shown: string[] = [];
  for (const step of readTranscript(text)) {
    const got = await show(step.typed);
    shown.push(got);
    if (!fits(got, step.shown)) misfits.push({ ...step, got });
  }
  return { misfits, shown };
}

/** What a tree for tests is made of, where it is not the usual. */
export interface TestTreeOptions {
  /** The folder of the program: `etc` and `usr` are copied from it. Nothing is copied without it. */
  readonly program?: string;
  readonly clock?: Clock;
  readonly host?: Partial<Host>;
  readonly who?: Partial<Who>;
}

/** A started tree in a temporary folder of its own. */
export interface TestTree {
  readonly tree: Tree;
  readonly home: string;
  readonly who: Who;
  /** Runs a line as the shell would and gives what a person sees, errors and notes too. */
  show(line: string): Promise<string>;
  /** Calls a command and gives its message. */
  call(...words: readonly string[]): Promise<Message>;
  /** Stops the tree and removes its folder. */
  stop(): Promise<void>;
}

/** Makes a tree of some contexts, starts it, and puts a caller at its terminal. */
export async function makeTestTree(modules: readonly Context[], options: TestTreeOptions = {}): Promise<TestTree> {
  const home = await mkdtemp(join(tmpdir(), "ctx-test-"));
  const { program = home, clock = systemClock } = options;
  for (const folder of ["etc", "usr"]) {
    await mkdir(join(home, folder));
    if (program !== home) await cp(join(program, folder), join(home, folder), { recursive: true }).catch(ignoreMissing);
  }
  await mkdir(join(home, "var"));
  const env = { HOME: home, USER: "tester", PATH: "/usr/bin:/bin" };
  const host = { home, program, version: "0.0.0", env, pid: 1, mode: "test", ...options.host } as const;
  const tree = makeTree(modules, host, clock);
  const who = terminalWho(tree, { cwd: home, ...options.who });
  await tree.life.start(who);
  const { signal } = new AbortController();
  return {
    tree,
    home,
    who,
    show: (line) => show(tree, who, line),
    call: async (...words) => tree.call({ words }, { from: who.session.context, who, signal }),
    async stop() {
      await tree.life.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function ignoreMissing(error: unknown): void {
  if ((error as { code?: unknown }).code !== "ENOENT") throw error;
}

async function show(tree: Tree, who: Who, line: string): Promise<string> {
  const screen = new Screen();
  try {
    await runLine(tree, who, line, screen);
  } catch (error) {
    if (!(error instanceof CtxError)) throw error;
    screen.dropHeader();
    if (error.isSaid) return screen.text();
    // A program says itself what is wrong.
    screen.note(error.isProgramCode ? `error: ${error.message}` : drawError(error, widthOf));
  }
  return screen.text();
}

/** Runs a line by the script language; without one, its words as they stand. */
async function runLine(tree: Tree, who: Who, line: string, out: Sink): Promise<void> {
  const { signal } = new AbortController();
  const engine = tree.use(script);
  if (engine !== script.standIn) {
    await engine.run({ source: { text: line, name: "line" }, who, out, signal });
    return;
  }
  const words = line.split(" ").filter((word) => word !== "");
  await tree.call({ words }, { from: who.session.context, who, out, signal });
}

/** A sink that shows everything in the order it came, each command's answer rendered for itself. */
class Screen implements Sink {
  readonly closed = false;
  #shown = "";
  #pieces: Piece[] = [];
  #message: Message | undefined;

  begin(m: Message): void {
    if (this.#pieces.length > 0) this.#render();
    this.#message = m;
  }
  write(piece: Piece): void {
    this.#pieces.push(piece);
  }
  end(): void {
    this.#render();
    this.#message = undefined;
  }
  note(text: string): void {
    this.#render();
    this.#line(`${text}\n`);
  }
  /** Forgets a table that has no rows: what failed has no answer. */
  dropHeader(): void {
    if (this.#pieces.every((piece) => piece instanceof Batch && piece.length === 0)) this.#pieces = [];
  }
  text(): string {
    this.#render();
    return this.#shown;
  }
  #render(): void {
    const m = this.#message;
    const message = m && { detail: m.shownDetail, option: m.given };
    this.#line(renderText(m?.format ?? "terminal", this.#pieces.splice(0), { message }));
  }
  #line(text: string): void {
    if (text !== "" && this.#shown !== "" && !this.#shown.endsWith("\n")) this.#shown += "\n";
    this.#shown += text;
  }
}
