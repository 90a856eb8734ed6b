import {
  InvalidResponseError,
  type ListedRecord,
  type ListRecordsOptions,
  type Records,
} from "@holdpoint/sdk";
import { type Entry, planCalls, type StoredEntry } from "./calls.js";

/** Plain JSON of any size under keys. */
export class Shelf {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /**
   * Puts all entries. Nothing of the last is seen before everything else is there; up to 100 small
   * ones are one call, and all or none.
   *
   * @param drawParts - Names a place of its own for each entry that is too large for one record.
   */
  async put(entries: readonly Entry[], drawParts: () => string): Promise<void> {
    for (const call of planCalls(entries, drawParts)) await this.#records.put(call);
  }

  async get<Content>(key: string): Promise<Content | undefined> {
    const value = await this.#records.get<StoredEntry>(key);
    return value === undefined ? undefined : this.#read<Content>(value);
  }

  async *list<Content>(
    options: ListRecordsOptions,
  ): AsyncGenerator<{ readonly key: string; readonly content: Content }> {
    for await (const { key, value } of this.#pages(options)) {
      yield { key, content: await this.#read<Content>(value) };
    }
  }

  /** The first key in the range, without a look at what it holds. */
  async firstKey(options: ListRecordsOptions): Promise<string | undefined> {
    const { data } = await this.#records.list({ ...options, limit: 1 });
    return data[0]?.key;
  }

  async delete(prefix: string): Promise<void> {
    await this.#records.delete({ prefix });
  }

  async *#pages(options: ListRecordsOptions): AsyncGenerator<ListedRecord<StoredEntry>> {
    let cursor: string | null = null;
    do {
      const next: { cursor?: string } = cursor === null ? {} : { cursor };
      const page = await this.#records.list<StoredEntry>({ limit: 100, ...options, ...next });
      yield* page.data;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  async #read<Content>(entry: StoredEntry): Promise<Content> {
    if (entry?.v !== 1 || typeof (entry.text ?? entry.parts) !== "string") {
      throw unreadable("an entry of a known form");
    }
    if (entry.text !== undefined) return JSON.parse(entry.text) as Content;
    const texts: string[] = [];
    for await (const { value } of this.#pages({ prefix: entry.parts })) {
      texts.push(value.text as string);
    }
    if (texts.length !== entry.count) throw unreadable(`${entry.count} parts of an entry`);
    return JSON.parse(texts.join("")) as Content;
  }
}

/** Something was put, and is not there as it was put. */
export function unreadable(expected: string): InvalidResponseError {
  return new InvalidResponseError({
    code: "RESPONSE_INVALID",
    message: `Expected ${expected}, got something else. Use nothing of this checkpoint. Check that no other program writes under the saver's prefix, and that this one is not older than the one that wrote.`,
  });
}
