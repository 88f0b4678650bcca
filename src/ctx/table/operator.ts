import type { Batch } from "./batch.ts";

/** What flows through a pipeline: rows, text, or raw bytes of a program. */
export type Piece = Batch | string | Uint8Array;
export type Emit = (piece: Piece) => void;

/**
 * One step of a pipeline over a table: fed batch by batch, it hands on what it can at once and the rest at the end.
 * It is made anew for each run, holds no other state than its own, and never waits.
 */
export interface Operator {
  /** Takes rows. A batch whose `columns` differ from the last one's begins a new table with the same treatment. */
  push(batch: Batch, emit: Emit): void;
  /** Says that no more rows come. At least one batch (perhaps empty, as the header) has been pushed before, unless there was no table at all. */
  end(emit: Emit): void;
  /** True once no further rows can change the answer: the source is then stopped. */
  readonly done: boolean;
}
