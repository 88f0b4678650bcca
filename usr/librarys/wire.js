/**
 * Reads an answer as the node writes it (`application/x-ctx`, src/ctx/wire.ts): frames of a kind (1 byte), a length
 * (4 bytes, big endian) and that many bytes. Nothing is lost on the way: columns keep their types, rows come as whole
 * columns, and notes and the error that ended the answer are part of it.
 */
import { Duration, Float } from "./vendor/ctx.js";

/** @typedef {import("./vendor/ctx.js").Cell} Cell */
/** @typedef {import("./vendor/ctx.js").Value} Value */
/** @typedef {{ readonly name: string, readonly type: import("./vendor/ctx.js").Type }} Column */
/** @typedef {{ readonly length: number, readonly cells: readonly (readonly Cell[])[] }} Batch */
/**
 * What an answer consists of. `aside` rows say the same as the text before them.
 * @typedef {{ readonly kind: "text", readonly text: string }
 *   | { readonly kind: "head", readonly columns: readonly Column[] }
 *   | { readonly kind: "rows", readonly batch: Batch, readonly aside: boolean }
 *   | { readonly kind: "note", readonly text: string }
 *   | { readonly kind: "end", readonly error: unknown }} Piece
 */

const headSize = 5;
const kinds = { text: 84, bytes: 66, head: 72, rows: 82, aside: 65, format: 70, note: 78, end: 69 };

export class WireReader {
  /** @type {(piece: Piece) => void} */
  #take;
  /** @type {Uint8Array[]} */
  #chunks = [];
  #size = 0;
  #needed = headSize;
  #text = new TextDecoder();
  /** The bytes of a text may be cut anywhere: this one remembers half a character. */
  #bytes = new TextDecoder();
  ended = false;

  /** @param {(piece: Piece) => void} take */
  constructor(take) {
    this.#take = take;
  }

  /**
   * Takes bytes, however they are cut.
   * @param {Uint8Array} chunk
   */
  push(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= this.#needed && !this.ended) {
      const bytes = this.#joined();
      const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
      this.#needed = headSize + length;
      if (bytes.length < this.#needed) return;
      this.#chunks = [bytes.subarray(this.#needed)];
      this.#size = bytes.length - this.#needed;
      this.#needed = headSize;
      this.#read(bytes[0] ?? 0, bytes.subarray(headSize, headSize + length));
    }
  }

  #joined() {
    if (this.#chunks.length === 1 && this.#chunks[0] !== undefined) return this.#chunks[0];
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [bytes];
    return bytes;
  }

  /**
   * @param {number} kind
   * @param {Uint8Array} payload
   */
  #read(kind, payload) {
    switch (kind) {
      case kinds.text:
        return this.#take({ kind: "text", text: this.#text.decode(payload) });
      case kinds.bytes:
        return this.#take({ kind: "text", text: this.#bytes.decode(payload, { stream: true }) });
      case kinds.head:
        return this.#take({ kind: "head", columns: readColumns(this.#json(payload)) });
      case kinds.rows:
      case kinds.aside:
        return this.#take({ kind: "rows", batch: readBatch(this.#json(payload)), aside: kind === kinds.aside });
      case kinds.note:
        return this.#take({ kind: "note", text: this.#text.decode(payload) });
      case kinds.end:
        this.ended = true;
        return this.#take({ kind: "end", error: payload.length === 0 ? undefined : this.#json(payload) });
      default:
        return undefined;
    }
  }

  /** @param {Uint8Array} payload */
  #json(payload) {
    return JSON.parse(this.#text.decode(payload));
  }
}

/**
 * @param {[string, Column["type"]][]} given
 * @returns {Column[]}
 */
function readColumns(given) {
  return given.map(([name, type]) => ({ name, type }));
}

/**
 * @param {{ n: number, c: unknown[][] }} given
 * @returns {Batch}
 */
function readBatch({ n, c }) {
  const cells = c.map((column) => (column.some(isPacked) ? column.map(unpacked) : /** @type {Cell[]} */ (column)));
  return { length: n, cells };
}

/** @param {unknown} cell */
function isPacked(cell) {
  return typeof cell === "object" && cell !== null;
}

/**
 * What JSON has no word for stands in an object of one key.
 * @param {unknown} value
 * @returns {Value}
 */
function unpacked(value) {
  if (typeof value !== "object" || value === null) return /** @type {Value} */ (value);
  if (Array.isArray(value)) return value.map(unpacked);
  const [tag, content] = Object.entries(value)[0] ?? [];
  switch (tag) {
    case "x":
      return Number(content);
    case "f":
      return new Float(Number(content));
    case "d":
      return new Duration(Number(content));
    case "t":
      return new Date(Number(content));
    default:
      // `fromEntries` makes "__proto__" a key like any other.
      return Object.fromEntries(
        /** @type {[string, unknown][]} */ (content).map(([key, part]) => [key, unpacked(part)]),
      );
  }
}
