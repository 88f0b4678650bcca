/** What is remembered of a message once it is answered. */
export interface MessageRecord {
  readonly code: number;
  readonly time: number;
  readonly trace: string;
  readonly source: string;
  readonly target: string;
  readonly command: string;
  readonly detail: readonly string[];
  readonly user: string;
  readonly ms: number;
  readonly error: string;
}

const capacity = 1000;

/** The last 1,000 messages of a node: what `message` lists. */
export class Ring {
  readonly #records: MessageRecord[] = [];
  #next = 0;

  add(record: MessageRecord): void {
    this.#records[this.#next] = record;
    this.#next = (this.#next + 1) % capacity;
  }
  /** Gives the records, oldest first. */
  list(): MessageRecord[] {
    const full = this.#records.length === capacity;
    return full ? [...this.#records.slice(this.#next), ...this.#records.slice(0, this.#next)] : [...this.#records];
  }
}
