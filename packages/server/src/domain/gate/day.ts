import { DAY_MS } from "../budgets/burn-down.js";

/** The day (UTC) in which a call counts, as days since the epoch. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}
