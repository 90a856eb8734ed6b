import { createHash } from "node:crypto";
import type { SpendScope } from "@holdpoint/protocol/spend";
import { fromUUIDBytes } from "typeid-js";

/** Whose money, in which currency. */
export interface BudgetPlace {
  readonly scope: SpendScope;
  /** Of the agent, the project or the organisation. */
  readonly scopeId: string;
  readonly currency: string;
}

/**
 * The id of the one budget of a place. It is made of the place, so that a budget nobody has used yet
 * is shown under the id it will have.
 */
export function budgetIdOf({ scope, scopeId, currency }: BudgetPlace): string {
  const place = JSON.stringify(["holdpoint.budget.v1", scope, scopeId, currency]);
  const bytes = createHash("sha256").update(place).digest().subarray(0, 16);
  // RFC 9562 §5.8: a UUID of bytes of one's own choosing.
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return fromUUIDBytes("bgt", bytes);
}
