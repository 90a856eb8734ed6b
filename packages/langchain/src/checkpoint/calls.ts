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
const WHOLE_CHARACTERS = 4_000;
/** A key, and what encryption puts around a value. */
const FRAME_CHARACTERS = 800;

interface Draft {
  readonly entry: Entry;
  readonly text: string;
  readonly size: number;
}

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
  const cut = new Set(chooseLargest(drafts));
  const parts: RecordEntry[] = [];
  const heads = drafts.map((one) => {
    if (!cut.has(one)) return toRecord(one.entry, { v: 1, text: one.text });
    const folder = drawParts();
    const texts = slice(one.text);
    parts.push(
      ...texts.map((text, index) => ({
        key: `${folder}${String(index).padStart(6, "0")}`,
        value: { v: 1, text },
      })),
    );
    return toRecord(one.entry, { v: 1, parts: folder, count: texts.length });
  });
  const all = batch([...parts, ...heads]);
  return all.length === 1 ? all : [...batch(parts), ...batch(heads)];
}

function draft(entry: Entry): Draft {
  // ASCII, so that a cut never goes through a character and lengths are bytes.
  const text = JSON.stringify(entry.content).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { entry, text, size: JSON.stringify(text).length };
}

/** Those too large for a record, and from the largest on so many that the rest fits into one call. */
function chooseLargest(drafts: readonly Draft[]): readonly Draft[] {
  let total = drafts.reduce((sum, { size }) => sum + size + FRAME_CHARACTERS, 0);
  return [...drafts]
    .sort((a, b) => b.size - a.size)
    .filter(({ size }) => {
      const isCut =
        size > RECORD_CHARACTERS || (total > CALL_CHARACTERS && size > WHOLE_CHARACTERS);
      if (isCut) total -= size;
      return isCut;
    });
}

function toRecord({ key, ifAbsent }: Entry, value: StoredEntry): RecordEntry {
  return { key, value: { ...value }, ...(ifAbsent && { ifAbsent }) } as RecordEntry;
}

function slice(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / PART_CHARACTERS) }, (_, index) =>
    text.slice(index * PART_CHARACTERS, (index + 1) * PART_CHARACTERS),
  );
}

function batch(records: readonly RecordEntry[]): readonly (readonly RecordEntry[])[] {
  const calls: RecordEntry[][] = [];
  let room = 0;
  for (const record of records) {
    const size = JSON.stringify(record.value).length + FRAME_CHARACTERS;
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
