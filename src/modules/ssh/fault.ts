import { CtxError, fail, fromSystem } from "../../ctx/index.ts";

/** Turns whatever was thrown into an error of the catalogue. A fault of ours says where it is: it goes to a log only. */
export function errorOf(thrown: unknown): CtxError {
  if (thrown instanceof CtxError) return thrown;
  const where = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return fromSystem(thrown) ?? fail("failed", { problem: where }, { cause: thrown });
}
