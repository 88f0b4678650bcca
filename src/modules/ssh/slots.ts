/**
 * Keeps things by ids it makes, in a list whose free places are used again. A Map would do the same, but one that things come into and leave all the time is made
 * anew every few of them, and each old table points to the next: once one of them is old, the collector takes all that was
 * ever in later ones for alive until it looks at the whole heap.
 */
export class Slots<T extends { readonly id: string }> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];
  #lastId = 0;

  /** Gives an id that was never given before, for the next thing to be put. */
  nextId(): string {
    const place = this.#free.at(-1) ?? this.#items.length;
    return `${place.toString(36)}-${(++this.#lastId).toString(36)}`;
  }
  /** Puts a thing in, under the id that was given last. */
  put(item: T): void {
    this.#items[this.#free.pop() ?? this.#items.length] = item;
  }
  get(id: string): T | undefined {
    const item = this.#items[Number.parseInt(id, 36)];
    return item?.id === id ? item : undefined;
  }
  /** Takes a thing out; false when it is not there. */
  delete(item: T): boolean {
    const place = Number.parseInt(item.id, 36);
    if (this.#items[place] !== item) return false;
    this.#items[place] = undefined;
    this.#free.push(place);
    return true;
  }
  /** How many there are. */
  get size(): number {
    return this.#items.length - this.#free.length;
  }
  /** All of them, as they are now. */
  list(): T[] {
    return this.#items.filter((item) => item !== undefined);
  }
}
