/**
 * CSV and TSV as batches. Cells are read out of the text only when somebody looks at them.
 *
 * The first record names the columns. A column whose first 1,024 cells all look like integers (or numbers) is one of
 * integers (or floats); others are text. A later cell that is no number after all stays the text it is. An empty field
 * is null, `""` an empty text. A record with more fields than the header is an error that names its line.
 */
import { type CtxError, fail } from "../errors.ts";
import {
  type CsvFields,
  type CsvForm,
  type CsvRecords,
  csvFields,
  looksLike,
  scanCsv,
  uniqueNames,
} from "../kit/csv.ts";
import type { Type } from "../kit/value.ts";
import { Source } from "../source.ts";
import { Batch, batchSize, type Columns, Lazy } from "../table/batch.ts";
import type { TableReader } from "./reader.ts";

/** Most columns of a table that is read. */
const mostColumns = 65_536;
/** Most fields of one batch: of very wide tables a batch holds fewer rows. */
const mostFields = 1 << 17;
/** An unfinished record longer than this is not scanned anew with every part, but each time it has doubled. */
const longRecord = 65_536;

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** Makes a reader of CSV; `name` is what errors call the text. */
export function csvReader(name: string, form: CsvForm): TableReader {
  if (!/^[\t !#-~]$/.test(form.separator)) {
    throw fail("unsupported", { problem: `the separator must be one ASCII character, but is "${form.separator}"` });
  }
  /** Bytes that were scanned before and hold no whole record, and what came since. */
  let pending: Uint8Array = new Uint8Array();
  let fresh: Uint8Array[] = [];
  let freshLength = 0;
  let line = 1;
  let names: readonly string[] | undefined;
  let columns: Columns | undefined;

  const take = (last: boolean): Batch[] => {
    const bytes =
      pending.length === 0 && fresh.length === 1 ? (fresh[0] as Uint8Array) : Buffer.concat([pending, ...fresh]);
    fresh = [];
    freshLength = 0;
    let at = names === undefined && byteOrderMark.every((byte, i) => bytes[i] === byte) ? byteOrderMark.length : 0;
    const scan = (fields: number, most: number): CsvRecords => {
      const records = scanCsv(bytes, at, form, fields, most, last);
      if (records.stop === "extra" || records.stop === "open") {
        const problem = records.stop === "open" ? "a quote is not closed" : tooMany(fields, names);
        throw flaw(name, bytes, line, records, problem);
      }
      return records;
    };
    const accept = (records: CsvRecords): void => {
      at = records.end;
      line += records.lines;
    };
    const batches: Batch[] = [];
    if (names === undefined) {
      const header = scan(mostColumns, 1);
      if (header.count > 0) {
        accept(header);
        names = readNames(bytes, header, form);
      }
    }
    while (names !== undefined) {
      const most = Math.max(1, Math.min(batchSize, Math.floor(mostFields / names.length)));
      const records = scan(names.length, most);
      // The types are guessed from a whole batch, or from all there is.
      if (columns === undefined && records.stop === "out" && !last) break;
      const isFirst = columns === undefined;
      const fields = csvFields(bytes, records, form);
      columns ??= guessTypes(names, records.count, fields);
      if (records.count > 0 || isFirst) batches.push(lazyBatch(columns, records.count, fields));
      accept(records);
      if (records.stop === "out") break;
    }
    pending = bytes.subarray(at);
    return batches;
  };

  return {
    push(part) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      fresh.push(bytes);
      freshLength += bytes.length;
      return pending.length > longRecord && freshLength < pending.length ? [] : take(false);
    },
    end: () => take(true),
  };
}

function tooMany(fields: number, names: readonly string[] | undefined): string {
  return names === undefined ? `more than ${mostColumns} columns` : `more fields than the ${fields} of the header`;
}

function flaw(name: string, bytes: Uint8Array, line: number, { end, lines }: CsvRecords, problem: string): CtxError {
  const until = bytes.indexOf(0x0a, end);
  const record = new TextDecoder().decode(bytes.subarray(end, until < 0 ? bytes.length : until));
  const source = new Source(name, record, line + lines);
  return fail("parse_error", { problem }, { at: { source, span: { start: 0, end: record.length } } });
}

function readNames(bytes: Uint8Array, header: CsvRecords, form: CsvForm): string[] {
  const missing = header.from.indexOf(-1);
  const fields = csvFields(bytes, header, form);
  return uniqueNames(Array.from({ length: missing < 0 ? mostColumns : missing }, (_, index) => fields.text(index)));
}

function guessTypes(names: readonly string[], count: number, fields: CsvFields): Columns {
  return names.map((name, c) => ({ name, type: guessType(c, names.length, count, fields) }));
}

function guessType(column: number, width: number, count: number, fields: CsvFields): Type {
  let type: Type | undefined;
  for (let index = column; index < count * width; index += width) {
    const field = fields.text(index);
    if (field === null) continue;
    const kind = looksLike(field);
    if (kind === undefined) return "text";
    if (type !== "float") type = kind;
  }
  return type ?? "text";
}

function lazyBatch(columns: Columns, count: number, fields: CsvFields): Batch {
  const width = columns.length;
  const data = columns.map(({ type }, c) => {
    const read = type === "text" ? fields.text : fields.number;
    return new Lazy((row) => read(row * width + c));
  });
  return new Batch(columns, count, data);
}
