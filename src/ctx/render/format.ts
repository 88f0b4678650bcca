import type { CtxError } from "../errors.ts";
import type { Value } from "../kit/value.ts";
import type { Piece } from "../table/operator.ts";
import type { Style } from "./style.ts";

/** The forms a message can be shown in. */
export const formats = ["terminal", "plain", "text", "json", "ndjson", "csv", "tsv", "yaml", "md", "html"] as const;
export type Format = (typeof formats)[number];

/** Takes what can be written now. */
export type Out = (chunk: string | Uint8Array) => void;

/** Turns the pieces of one message into one format, as they come and in bounded memory. */
export interface Renderer {
  /** Takes a piece of the answer. */
  push(piece: Piece, out: Out): void;
  /** Writes what is held back to see how wide columns are: for a slow table on a screen. */
  flush(out: Out): void;
  /** Writes the rest. With an error, the formats that have a place for it carry it. */
  end(out: Out, error?: CtxError): void;
}

export interface RenderOptions {
  /** Columns of the terminal; without it nothing is cut. */
  readonly width?: number | undefined;
  readonly style?: Style | undefined;
  /** What stands between the fields of `csv`, when it is no comma. */
  readonly separator?: string | undefined;
  /** False: the first table goes on with one that is already there, as `>>` does; no header is written. */
  readonly header?: boolean | undefined;
  /** Asks `json` for the whole message instead of its rows alone. */
  readonly message?: MessageHead | undefined;
}

/** What the JSON form of a message says about its call. */
export interface MessageHead {
  readonly detail: readonly string[];
  readonly option: { readonly [name: string]: Value };
}

const suffixes = new Map<string, Format>([
  ["json", "json"],
  ["ndjson", "ndjson"],
  ["jsonl", "ndjson"],
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["yaml", "yaml"],
  ["yml", "yaml"],
  ["md", "md"],
  ["html", "html"],
]);

/** Finds the format that a file's name asks for; none for names like `notes.txt`. */
export function formatOfFile(name: string): Format | undefined {
  const dot = name.lastIndexOf(".");
  return dot <= name.lastIndexOf("/") + 1 ? undefined : suffixes.get(name.slice(dot + 1).toLowerCase());
}
