import { MemorySaver } from "@langchain/langgraph";

/** What a checkpointer holds, as plain JSON: bytes are base64. */
export interface SavedThreads {
  readonly storage: unknown;
  readonly writes: unknown;
}

/** Takes a checkpointer's memory out, as a database on a disk would keep it. */
export function dumpSaver({ storage, writes }: MemorySaver): SavedThreads {
  return JSON.parse(JSON.stringify({ storage, writes }, toBase64)) as SavedThreads;
}

/** A checkpointer with the memory of another. */
export function loadSaver(saved: SavedThreads): MemorySaver {
  const { storage, writes } = JSON.parse(JSON.stringify(saved), fromBase64) as SavedThreads;
  return Object.assign(new MemorySaver(), { storage, writes });
}

/** Changes every object in every checkpoint and write. */
export function editSaved<Saved extends SavedThreads>(
  saved: Saved,
  edit: (value: Record<string, unknown>) => unknown,
): Saved {
  const editBytes = (_key: string, value: unknown) =>
    isBytes(value) ? toBytes(editJson(Buffer.from(value.base64, "base64").toString())) : value;
  const editJson = (text: string) =>
    JSON.stringify(JSON.parse(text, (_key, value) => (isObject(value) ? edit(value) : value)));
  return JSON.parse(JSON.stringify(saved), editBytes) as Saved;
}

interface Bytes {
  readonly base64: string;
}

function toBase64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toBytes(value) : value;
}

function toBytes(value: string | Uint8Array): Bytes {
  return { base64: Buffer.from(value as string).toString("base64") };
}

function fromBase64(_key: string, value: unknown): unknown {
  return isBytes(value) ? new Uint8Array(Buffer.from(value.base64, "base64")) : value;
}

function isBytes(value: unknown): value is Bytes {
  return isObject(value) && typeof value.base64 === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
