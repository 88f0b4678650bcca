/** The front door of the core: everything a module may use. */
export { allowedTo } from "./allowed.ts";
export { type AnyCommand, type Command, defineCommand, type Effect, type Example } from "./command.ts";
export { type Cache, type Config, type Context, cache, config, defineContext, settingsOf } from "./context.ts";
export { type CompletingAt, type Completion, complete, completeFirst, completeLine } from "./describe/complete.ts";
export { type Field, type Form, form, formFields } from "./describe/form.ts";
export { dedent, help } from "./describe/help.ts";
export { manual } from "./describe/manual.ts";
export { markdown } from "./describe/markdown.ts";
export { hasHttp, httpMethod, httpPath, type OpenApi, openapi } from "./describe/openapi.ts";
export { answerSchema, inputSchema, schema } from "./describe/schema.ts";
export { usage } from "./describe/usage.ts";
export { type Calling, call, dispatch, type Given, openOperator, toCtxError, unknownCommand } from "./dispatch.ts";
export { along, type Code, CtxError, catalogue, drawError, type ErrorJson, fail, fromSystem } from "./errors.ts";
export {
  compileValue,
  parseExpression,
  type Scope as ExpressionScope,
  type Tree as ExpressionTree,
} from "./expr/index.ts";
export { type Help, helpIn, type Lang } from "./help-text.ts";
export { readWords } from "./input.ts";
export { type AtomicFile, openAtomic, writeAtomic } from "./kit/atomic-file.ts";
export { getChain, setChain, splitChain } from "./kit/chain.ts";
export { readEscape } from "./kit/escape.ts";
export { parseJson } from "./kit/json.ts";
export { type Held, holderOf, isHeld, type Lock, takeLock } from "./kit/lock.ts";
export { openForWriting, openPipe, readPipe } from "./kit/named-pipe.ts";
export {
  createPrivate,
  makePrivateFolder,
  type PrivateFile,
  readPrivate,
  removeFile,
  writePrivate,
} from "./kit/private-file.ts";
export { compilePattern } from "./kit/regex.ts";
export { didYouMean, nearest } from "./kit/suggest.ts";
export * from "./kit/time.ts";
export * from "./kit/value.ts";
export { widthOf } from "./kit/width.ts";
export { parseYaml } from "./kit/yaml.ts";
export { systemClock } from "./life.ts";
export { makeTree, terminalWho } from "./make.ts";
export { after, deeper, inTurn, type Maybe, settled } from "./maybe.ts";
export { endless, Message, type Reply, readFact } from "./message.ts";
export * from "./param.ts";
export {
  Collector,
  isCancelled,
  OperatorSink,
  PieceReader,
  Pipe,
  type Piped,
  rendererFor,
  type Sink,
} from "./pipe.ts";
export * from "./ports.ts";
export {
  type Format,
  formatOfFile,
  isReadable,
  plainStyle,
  type Renderer,
  reader,
  renderer,
  renderText,
  type Style,
} from "./render/index.ts";
export type { MessageRecord } from "./ring.ts";
export { findConfig } from "./root/config.ts";
export { drawPlace, type Place, Source, type Span } from "./source.ts";
export { SpareAborts } from "./spare-abort.ts";
export {
  Batch,
  BatchBuilder,
  batchesOf,
  batchSize,
  type Cells,
  type Column,
  type Columns,
  columnIndex,
  columnsOf,
  Lazy,
  type Row,
} from "./table/batch.ts";
export type { Operator, Piece } from "./table/operator.ts";
export { isOperator, planStages, type StageStep, stepWords } from "./table/stage.ts";
export type { Clock, ConfigSlot, ContextNode, Found, Host, Tree, Watcher } from "./tree.ts";
export { inContext, resolvePath, type Session, type Via, type Who } from "./who.ts";
export { readError, WireReader, type WireTarget, WireWriter } from "./wire.ts";
export { isBare, textOf, type Word as CallWord, type Word, type Words } from "./word.ts";
export { type JsonWord, wordsFromJson, wordsToJson } from "./word-json.ts";
