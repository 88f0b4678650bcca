/** What the operators' commands share: parameters that are read in their own way. */
import type { Help } from "../../help-text.ts";
import { list, Mismatch, type Param, text } from "../../param.ts";
import { textOf, type Words } from "../../word.ts";

/** Words as they were typed, which still know whether they were quoted. */
export function words(help: Help): Param<Words> {
  const texts = list(text(help), { required: true });
  return { ...texts, read: (given) => given, check: texts.check };
}

/** Words that come in groups, such as a column and its new name. */
export function groups(names: readonly string[], help: Help): Param<readonly (readonly string[])[]> {
  const split = (all: readonly string[]): readonly (readonly string[])[] => {
    if (all.length % names.length !== 0) {
      throw new Mismatch(`must come in groups of ${names.join(", ")}, but the last one is not whole`);
    }
    return Array.from({ length: all.length / names.length }, (_, i) =>
      all.slice(i * names.length, (i + 1) * names.length),
    );
  };
  const texts = list(text(help), { required: true });
  const read = (given: Words): readonly (readonly string[])[] => split(given.map(textOf));
  const check = (value: unknown): readonly (readonly string[])[] =>
    split(texts.check(Array.isArray(value) ? value.flat() : value));
  return { ...texts, default: undefined, read, check } as unknown as Param<readonly (readonly string[])[]>;
}
