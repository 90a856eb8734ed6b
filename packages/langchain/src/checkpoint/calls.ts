import type { RecordEntry } from "@holdpoint/sdk";

/** What is to be kept under a key. */
export interface Entry {
  readonly key: string;
  /** Plain JSON. */
  readonly content: unknown;
  /** Leaves an entry that is there as it is. */
  readonly ifAbsent?: boolean;
}

/** The value of a record: the content as ASCII JSON text, or where its parts are. */
export type StoredEntry =
  | { readonly v: 1; readonly text: string; readonly parts?: never; readonly count?: never }
  | { readonly v: 1; readonly parts: string; readonly count: number; readonly text?: never };

/** Encryption makes four characters of three, and a call may have 1 MiB (and 100 records). */
const CALL_CHARACTERS = 760_000;
const CALL_RECORDS = 100;
/** Of the 512 KiB that a record may have. */
const RECORD_CHARACTERS = 500_000;
/** Three to a call. Not even text of nothing but quotes is then too large for a record. */
const PART_CHARACTERS = 250_000;
/** Smaller entries stay whole: 100 of them still fit into one call. */
const WHOLE_CHARACTERS = 5_000;
/** A key, and what encryption puts around a value. */
const FRAME_CHARACTERS = 800;
/** An entry whose text is elsewhere, with its frame. */
const HEAD_CHARACTERS = 1_000;

/**
 * Lays entries out in calls of {@link Records.put}, to be made one after another. Whatever fits is
 * one call. Else the largest are cut into parts, which come first: an entry is never there without
 * them, and up to 100 entries are still put at once.
 */
export function planCalls(
  entries: readonly Entry[],
  drawParts: () => string,
): readonly (readonly RecordEntry[])[] {
  const drafts = entries.map(draft);
  const cuts = new Map(chooseLarge(drafts).map((large) => [large, cut(large, drawParts())]));
  const parts = [...cuts.values()].flatMap((made) => made.parts);
  const heads = drafts.map((one) => cuts.get(one)?.head ?? one.whole);
  const together = batch([...parts, ...heads]);
  return together.length === 1 ? together : [...batch(parts), ...batch(heads)];
}

interface Draft {
  readonly entry: Entry;
  readonly text: string;
  /** The entry as one record. */
  readonly whole: RecordEntry;
}

function draft(entry: Entry): Draft {
  // ASCII, so that a cut never goes through a character and lengths are bytes.
  const text = JSON.stringify(entry.content).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { entry, text, whole: toRecord(entry, { v: 1, text }) };
}

/** Those too large for a record, and from the largest on so many that the rest fits into one call. */
function chooseLarge(drafts: readonly Draft[]): readonly Draft[] {
  const sized = drafts.map((one) => ({ one, size: sizeOf(one.whole) }));
  let total = sized.reduce((sum, { size }) => sum + size, 0);
  return sized
    .sort((a, b) => b.size - a.size)
    .filter(({ size }) => {
      const isTooMuch = total > CALL_CHARACTERS && size > WHOLE_CHARACTERS;
      const isLarge = isTooMuch || size > RECORD_CHARACTERS;
      if (isLarge) total -= size - HEAD_CHARACTERS;
      return isLarge;
    })
    .map(({ one }) => one);
}

/** @param folder - Where the parts go. */
function cut({ entry, text }: Draft, folder: string) {
  const count = Math.ceil(text.length / PART_CHARACTERS);
  const parts = Array.from({ length: count }, (_, index): RecordEntry => {
    const begin = index * PART_CHARACTERS;
    const value = { v: 1, text: text.slice(begin, begin + PART_CHARACTERS) };
    return { key: `${folder}${String(index).padStart(6, "0")}`, value };
  });
  return { parts, head: toRecord(entry, { v: 1, parts: folder, count }) };
}

function batch(records: readonly RecordEntry[]): readonly (readonly RecordEntry[])[] {
  const calls: RecordEntry[][] = [];
  let room = 0;
  for (const record of records) {
    const size = sizeOf(record);
    const current = calls.at(-1);
    if (current && size <= room && current.length < CALL_RECORDS) {
      current.push(record);
      room -= size;
    } else {
      calls.push([record]);
      room = CALL_CHARACTERS - size;
    }
  }
  return calls;
}

function sizeOf({ value }: RecordEntry): number {
  return JSON.stringify(value).length + FRAME_CHARACTERS;
}

function toRecord({ key, ifAbsent = false }: Entry, value: StoredEntry): RecordEntry {
  return { key, value: { ...value }, ifAbsent };
}
