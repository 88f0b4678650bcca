import { parseJson } from "../kit/json.ts";
import { parseYaml } from "../kit/yaml.ts";
import type { Batch } from "../table/batch.ts";
import { lineReader } from "../table/lines.ts";
import { csvReader } from "./read-csv.ts";
import { ndjsonReader, valueReader } from "./read-data.ts";
import type { TableReader } from "./reader.ts";

/** The formats that are read as tables. */
export const readable = ["text", "json", "ndjson", "csv", "tsv", "yaml"] as const;
export type ReadableFormat = (typeof readable)[number];

/** Tells whether tables can be read from a format. */
export function isReadable(format: string): format is ReadableFormat {
  return (readable as readonly string[]).includes(format);
}

/** Makes a reader of a format. `name` is what errors call the text; `separator` stands between the fields of CSV. */
export function reader(format: ReadableFormat, name: string, separator = ","): TableReader {
  switch (format) {
    case "text":
      return textReader();
    case "json":
      return valueReader(name, parseJson);
    case "ndjson":
      return ndjsonReader(name);
    case "csv":
      return csvReader(name, { separator, quotes: true });
    case "tsv":
      return csvReader(name, { separator: "\t", quotes: false });
    case "yaml":
      return valueReader(name, parseYaml);
  }
}

function textReader(): TableReader {
  const lines = lineReader();
  const collect = (read: (emit: (batch: Batch) => void) => void): Batch[] => {
    const batches: Batch[] = [];
    read((batch) => batches.push(batch));
    return batches;
  };
  return {
    push: (part) => collect((emit) => lines.push(part, emit)),
    end: () => collect((emit) => lines.end(emit)),
  };
}

/** Bytes taken at a time: a batch and what it is made of stay in the processor's cache. */
const partSize = 1 << 18;

/** Reads a text or bytes (UTF-8) that are all there, batch by batch. */
export function* readTable(
  format: ReadableFormat,
  name: string,
  data: string | Uint8Array,
  separator?: string,
): Generator<Batch> {
  const from = reader(format, name, separator);
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  for (let at = 0; at < bytes.length; at += partSize) yield* from.push(bytes.subarray(at, at + partSize));
  yield* from.end();
}
