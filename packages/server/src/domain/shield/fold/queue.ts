interface Link<Value> {
  readonly key: string;
  readonly value: Value;
  before: Link<Value> | undefined;
  behind: Link<Value> | undefined;
}

/**
 * Values by key, in the order in which they were put. A `Map` has that order too, but to find its first
 * it walks past all that were deleted before.
 */
export class Queue<Value> {
  readonly #links = new Map<string, Link<Value>>();
  #first: Link<Value> | undefined;
  #last: Link<Value> | undefined;

  get size(): number {
    return this.#links.size;
  }

  get first(): Value | undefined {
    return this.#first?.value;
  }

  get(key: string): Value | undefined {
    return this.#links.get(key)?.value;
  }

  /** As the last. Its key must not be there yet. */
  put(key: string, value: Value): void {
    const link: Link<Value> = { key, value, before: this.#last, behind: undefined };
    this.#links.set(key, link);
    if (this.#last === undefined) this.#first = link;
    else this.#last.behind = link;
    this.#last = link;
  }

  take(key: string): Value | undefined {
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    this.#links.delete(key);
    if (link.before === undefined) this.#first = link.behind;
    else link.before.behind = link.behind;
    if (link.behind === undefined) this.#last = link.before;
    else link.behind.before = link.before;
    return link.value;
  }

  takeFirst(): Value | undefined {
    return this.#first === undefined ? undefined : this.take(this.#first.key);
  }

  *[Symbol.iterator](): Iterator<Value> {
    for (let link = this.#first; link !== undefined; link = link.behind) yield link.value;
  }
}
