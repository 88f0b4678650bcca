/** The script engine: text or words to a tree, the tree run for a caller. */
import {
  after,
  CtxError,
  fail,
  type Maybe,
  parseExpression,
  type Piped,
  type Script as ScriptPort,
  type ScriptRequest,
  type Sink,
  Source,
  type Words,
} from "../../ctx/index.ts";
import type { Frame } from "./frame.ts";
import type { ExpressionHook } from "./hooks.ts";
import { isPartial, type Parsed, type ParseOptions, parseScript } from "./parser.ts";
import { runScript } from "./program.ts";
import { resolveCall } from "./resolve.ts";
import type { Script } from "./tree.ts";
import { linesFromWords } from "./words.ts";
