import { CtxError } from "../errors.ts";
import { placeOf, textOf, type Words } from "../word.ts";
import type { Operator } from "./operator.ts";

/**
 * Makes the errors of an operator show the word they are about: rows reach it long after its words were read, and
 * inside of the call of another command. `words` begin with the operator's name.
 */
export function placing(operator: Operator, words: Words): Operator {
  // What comes from a later operator has got its place there.
  const own = `${textOf(words[0] ?? "")}: `;
  const placed = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (error instanceof CtxError && error.message.startsWith(own)) error.at ??= placeOf(words, error.message);
      throw error;
    }
  };
  return {
    push: (batch, emit) => placed(() => operator.push(batch, emit)),
    end: (emit) => placed(() => operator.end(emit)),
    get done() {
      return operator.done;
    },
  };
}
