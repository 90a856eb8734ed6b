import type { EnvelopeKey } from "@holdpoint/protocol/envelope";

const STORAGE_KEY = "holdpoint.encryptionKeys";

/** The client encryption keys of this tab. They are kept in `sessionStorage` and sent nowhere. */
export interface KeyRing {
  readonly keys: readonly EnvelopeKey[];
  readonly texts: readonly string[];
}

export const EMPTY_KEY_RING: KeyRing = { keys: [], texts: [] };

/** Reads the keys kept for this tab; what is not a key is dropped. */
export async function loadKeyRing(storage: Storage): Promise<KeyRing> {
  let ring = EMPTY_KEY_RING;
  for (const text of readTexts(storage)) {
    ring = await addKey(ring, text).catch(() => ring);
  }
  return ring;
}

export function keepKeyRing(ring: KeyRing, storage: Storage): void {
  if (ring.texts.length === 0) storage.removeItem(STORAGE_KEY);
  else storage.setItem(STORAGE_KEY, JSON.stringify(ring.texts));
}

/**
 * Adds a key; one that is there already changes nothing.
 *
 * @throws {TypeError} when the text is not 32 bytes as base64url. The message never shows it.
 */
export async function addKey(ring: KeyRing, text: string): Promise<KeyRing> {
  const trimmed = text.trim();
  // Loaded on first use: most projects never need the cipher.
  const { importEnvelopeKey } = await import("@holdpoint/protocol/envelope");
  const key = await importEnvelopeKey(trimmed);
  if (ring.keys.some(({ keyId }) => keyId === key.keyId)) return ring;
  return { keys: [...ring.keys, key], texts: [...ring.texts, trimmed] };
}

export function removeKey(ring: KeyRing, keyId: string): KeyRing {
  const keep = ring.keys.map((key) => key.keyId !== keyId);
  return {
    keys: ring.keys.filter((_, index) => keep[index]),
    texts: ring.texts.filter((_, index) => keep[index]),
  };
}

function readTexts(storage: Storage): readonly string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}
