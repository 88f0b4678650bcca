/** What the doors of the terminal share: the caller, the streams, how an error is said, what Ctrl-C does. */
import { randomBytes } from "node:crypto";
import { isatty } from "node:tty";
import {
  CtxError,
  drawError,
  type Format,
  type Piped,
  PieceReader,
  type ScriptSource,
  script,
  type Session,
  startContext,
  type Style,
  script as scriptPort,
  terminalWho,
  toCtxError,
  type Tree,
  type Who,
} from "../../../ctx/index.ts";
