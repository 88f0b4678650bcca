/** The front door: messages as people and programs read them, and the way back from text to tables. */
export {
  type Format,
  formatOfFile,
  formats,
  type Renderer,
  type RenderOptions,
} from "./format.ts";
export { isReadable, type ReadableFormat, readable, reader, readTable } from "./read.ts";
export { renderer, renderText } from "./renderer.ts";
export { plainStyle, type Style } from "./style.ts";
