import { isJsonObject, type JsonValue } from "../json.js";
import { SENSITIVE_KINDS, type SensitiveKind } from "../wire.js";
import { hasCardNumber } from "./card.js";
import { hasEmail } from "./email.js";
import { hasIban } from "./iban.js";
import { hasAccessToken, hasPrivateKey } from "./secret.js";

const DETECTORS: Readonly<Record<SensitiveKind, (text: string) => boolean>> = {
  card_number: hasCardNumber,
  iban: hasIban,
  email: hasEmail,
  private_key: hasPrivateKey,
  access_token: hasAccessToken,
};

/** The shortest text that holds any of them: `a@b.co`. */
const SHORTEST = 6;

/**
 * Looks for data that should not leave: in texts, in numbers and in the names of members. Says what
 * kinds there are, each once, and nothing of where or what.
 *
 * Made for what is passed on by mistake, not for somebody who hides it: what is split, encoded or
 * spelled out is not found. Takes time in proportion to the value, whatever is in it.
 */
export function findSensitive(value: JsonValue): readonly SensitiveKind[] {
  const missing = new Set(SENSITIVE_KINDS);
  // A list rather than recursion: how deep the value is nested is up to whoever sent it.
  const rest: JsonValue[] = [value];
  while (rest.length > 0 && missing.size > 0) {
    const next = rest.pop() as JsonValue;
    if (Array.isArray(next)) for (const item of next) rest.push(item);
    else if (isJsonObject(next)) for (const key in next) rest.push(key, next[key] as JsonValue);
    else if (typeof next === "string") search(next, missing);
    else if (Number.isSafeInteger(next)) search(String(next), missing);
  }
  return SENSITIVE_KINDS.filter((kind) => !missing.has(kind));
}

function search(text: string, missing: Set<SensitiveKind>): void {
  if (text.length < SHORTEST) return;
  for (const kind of missing) if (DETECTORS[kind](text)) missing.delete(kind);
}
