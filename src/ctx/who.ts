import { isAbsolute, resolve } from "node:path";
import type { Lang } from "./help-text.ts";
import type { ContextNode } from "./tree.ts";

/** How the caller was let in; the stand-in guard looks at nothing else. */
export type Via = "terminal" | "token" | "parent" | "stranger";

/** What a shell, a page or one line keeps from one command to the next. */
export interface Session {
  readonly id: string;
  /** The context that commands are looked up from; `context NAME` and `~NAME` move it. */
  context: ContextNode;
  /** The folder that relative paths start from; `cd` moves it. */
  cwd: string;
  /** Where `cd -` goes back to. */
  lastCwd: string;
}

/** Who calls, and from where. The door sets it; nothing that a caller types, sends or declares can change it. */
export interface Who {
  readonly user: string;
  readonly post: string;
  readonly session: Session;
  /** The node the call began on. */
  readonly node: string;
  /** The network address of the caller; empty at the terminal. */
  readonly address: string;
  readonly via: Via;
  /** Columns of the terminal; none when the answer goes to a file, a pipe or a program. */
  readonly width: number | undefined;
  readonly colour: boolean;
  readonly lang: Lang;
  /** One id from the click or line to the last node. */
  readonly trace: string;
}

/** The caller in another context: what moves the folder moves it for the session, what moves the context does not. */
export function inContext(who: Who, context: ContextNode): Who {
  const { session } = who;
  const moved: Session = {
    id: session.id,
    context,
    get cwd() {
      return session.cwd;
    },
    set cwd(folder) {
      session.cwd = folder;
    },
    get lastCwd() {
      return session.lastCwd;
    },
    set lastCwd(folder) {
      session.lastCwd = folder;
    },
  };
  return { ...who, session: moved };
}

/** Gives the absolute path of a file as the caller means it: from the folder of the session. */
export function resolvePath(who: Who, file: string): string {
  return isAbsolute(file) ? resolve(file) : resolve(who.session.cwd, file);
}
