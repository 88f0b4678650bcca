import type { Cells, Columns } from "../table/batch.ts";
import { type CellWriter, harmlessJson, jsonWriterOf, printerOf } from "./cells.ts";
import type { TableFormat } from "./rows.ts";

/**
 * YAML: a list of maps, the rows of all tables. A small safe part of the language, written row by row: numbers, words
 * that every YAML reader takes for text, and JSON (which is YAML) for everything else.
 */
export function yamlList(): TableFormat {
  let keys: readonly string[] = [];
  let writers: readonly CellWriter[] = [];
  let wrote = false;
  return {
    head(columns: Columns) {
      keys = columns.map(({ name }, c) => `${c === 0 ? "- " : "  "}${yamlText(name)}: `);
      writers = columns.map(({ type }) => {
        const json = jsonWriterOf(type);
        const print = printerOf(type);
        return (cell) => {
          if (typeof cell === "string") return yamlText(cell);
          if (type === "float" && typeof cell === "number" && Number.isFinite(cell)) return print(cell);
          return harmlessJson(json(cell));
        };
      });
      return "";
    },
    rows(batch) {
      wrote = true;
      const cells = keys.map((_, c) => batch.cells(c));
      const lines: string[] = [];
      for (let row = 0; row < batch.length; row++) {
        if (keys.length === 0) lines.push("- {}\n");
        for (let c = 0; c < keys.length; c++) {
          lines.push(`${keys[c]}${(writers[c] as CellWriter)((cells[c] as Cells)[row] ?? null)}\n`);
        }
      }
      return lines.join("");
    },
    end: (_tables, error) => (wrote || error !== undefined ? "" : "[]\n"),
  };
}

/** A letter, then letters, digits and a few harmless signs, with single blanks between: no reader takes it for more. */
const word = /^\p{L}[\p{L}\p{N}_./+-]*(?: [\p{L}\p{N}_./+-]+)*$/u;
/** Words that some reader takes for a value. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function yamlText(text: string): string {
  return text.length <= 512 && word.test(text) && !reserved.test(text) ? text : harmlessJson(JSON.stringify(text));
}
