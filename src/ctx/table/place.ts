import { CtxError } from "../errors.ts";
import { textOf, type Words } from "../word.ts";
import type { Operator } from "./operator.ts";

/**
 * Makes the errors of an operator show the word they are about: rows reach it long after its words were read, and
 * inside of the call of another command. `words` begin with the operator's name.
 */
export function placing(operator: Operator, words: Words): Operator {
  const placed = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (error instanceof CtxError) error.at ??= placeOf(error, words);
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

/** Finds the word that the message quotes, else the operator; nothing where the error is not this operator's. */
function placeOf({ message }: CtxError, words: Words): CtxError["at"] {
  const [name, ...others] = words;
  if (name === undefined || !message.startsWith(`${textOf(name)}: `)) return undefined;
  const culprit = others.find((word) => message.includes(`"${textOf(word)}"`)) ?? name;
  return typeof culprit === "object" ? culprit.at : undefined;
}
