import { Batch, batchSize, type Columns } from "./batch.ts";

const textColumns: Columns = [{ name: "text", type: "text" }];

/** Turns text into the table an operator sees: the column `text`, a row a line. */
export interface LineReader {
  /** Takes text or bytes and hands on the whole lines so far; pieces may end anywhere, even inside a character. */
  push(piece: string | Uint8Array, emit: (batch: Batch) => void): void;
  /** Hands on the last line if it had no newline; of text without any line, the bare header. */
  end(emit: (batch: Batch) => void): void;
}

/** Begins to read lines; LF and CRLF end a line and are no part of it. */
export function lineReader(): LineReader {
  const decoder = new TextDecoder();
  // A line may come in many pieces: they are joined once, when it ends.
  let pieces: string[] = [];
  let seen = false;
  let given = false;

  const read = (text: string): string[] => {
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      pieces.push(text.slice(start, end));
      lines.push(joinLine(pieces));
      pieces = [];
      start = end + 1;
    }
    if (start < text.length) pieces.push(text.slice(start));
    return lines;
  };
  const give = (lines: readonly string[], emit: (batch: Batch) => void): void => {
    given ||= lines.length > 0;
    for (let start = 0; start < lines.length; start += batchSize) {
      const part = lines.slice(start, start + batchSize);
      emit(new Batch(textColumns, part.length, [part]));
    }
  };
  return {
    push(piece, emit) {
      seen = true;
      give(read(typeof piece === "string" ? decoder.decode() + piece : decoder.decode(piece, { stream: true })), emit);
    },
    end(emit) {
      const lines = read(decoder.decode());
      if (pieces.length > 0) lines.push(joinLine(pieces));
      pieces = [];
      give(lines, emit);
      if (seen && !given) emit(Batch.head(textColumns));
    },
  };
}

function joinLine(pieces: readonly string[]): string {
  const line = pieces.length === 1 ? (pieces[0] ?? "") : pieces.join("");
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
