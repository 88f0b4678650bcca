/** Words of a command as JSON: text for a word that was typed bare, `{"text": …}` for one that was not. */
import { type Packed, packValue, unpackValue } from "./kit/pack.ts";
import { textOf, type Word, type Words } from "./word.ts";

export type JsonWord = string | { readonly text: string; readonly value?: Packed };

/** Writes words as JSON. Of a word that was a variable the typed value travels too; a place in a source does not. */
export function wordsToJson(words: Words): JsonWord[] {
  return words.map((word) => {
    if (typeof word === "string" || word.bare) return textOf(word);
    return word.value === undefined ? { text: word.text } : { text: word.text, value: packValue(word.value) };
  });
}

/** Reads words from JSON; undefined when they are none. */
export function wordsFromJson(given: unknown): Words | undefined {
  if (!Array.isArray(given)) return undefined;
  const words = given.map(wordFromJson);
  return words.some((word) => word === undefined) ? undefined : (words as Words);
}

function wordFromJson(given: unknown): string | Word | undefined {
  if (typeof given !== "object" || given === null) return typeof given === "string" ? given : undefined;
  const { text, value, ...more } = given as { readonly text?: unknown; readonly value?: unknown };
  if (typeof text !== "string" || Object.keys(more).length > 0) return undefined;
  return value === undefined ? { text, bare: false } : { text, bare: false, value: unpackValue(value) };
}

/** What a word looks like, as JSON Schema. */
export const wordSchema = {
  anyOf: [
    { type: "string", description: "a word as it is typed bare" },
    {
      type: "object",
      description: "a word that was quoted, or was a variable: never an option, an operator or a key",
      properties: { text: { type: "string" }, value: {} },
      required: ["text"],
      additionalProperties: false,
    },
  ],
} as const;
