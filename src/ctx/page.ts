/**
 * What a page in the browser takes from the core: how values are read from text, with the words of the terminal for what
 * does not fit, and how cells are shown. `bin/vendor.mjs` makes one file for the browser of it, so nothing here may
 * need node.
 */
export { printDuration } from "./kit/time.ts";
export { type Cell, Duration, Float, type Type, toJson, type Value } from "./kit/value.ts";
export {
  boolean,
  choice,
  duration,
  float,
  integer,
  json,
  Mismatch,
  type Param,
  size,
  text,
  time,
} from "./param.ts";
export { isNumeric, printerOf } from "./render/cells.ts";
