/** The front door: messages as people and programs read them, and the way back from text to tables. */
export {
  type Format,
  formatOfFile,
  formats,
  type MessageHead,
  type Out,
  type Renderer,
  type RenderOptions,
} from "./format.ts";
export { isReadable, type ReadableFormat, readable, reader, readTable } from "./read.ts";
export type { TableReader } from "./reader.ts";
export { renderer, renderText } from "./renderer.ts";
export { type Paint, plainStyle, type Style } from "./style.ts";
