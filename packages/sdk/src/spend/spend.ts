import type { ClientParts } from "../late.js";
import { fetchBudgets } from "./budget.js";
import { confirmPurchase } from "./confirm.js";
import { guardPurchase } from "./guard.js";
import { makePurchase } from "./make.js";
import type { Spend } from "./options.js";
import { fetchPolicies, listCategories } from "./policy.js";
import { fetchPurchase, listPurchases, waitForPurchase } from "./read.js";
import { openPurchase } from "./view.js";

/** What of `hp.spend` is loaded with its first call. */
export type LateSpend = Omit<Spend, "escrow" | "x402Fetch">;

/** The calls behind `hp.spend`. */
export function createSpend(parts: ClientParts): LateSpend {
  return {
    purchase: (options, { signal } = {}) => makePurchase(parts, options, signal),
    get: async (id, { signal } = {}) =>
      openPurchase(await fetchPurchase(parts, id, signal), parts.cipher),
    list: (options) => listPurchases(parts, options),
    wait: (id, options) => waitForPurchase(parts, id, options),
    confirm: (purchase, outcome, { signal } = {}) =>
      confirmPurchase(parts, purchase, outcome, signal),
    budget: ({ signal } = {}) => fetchBudgets(parts, signal),
    policy: ({ signal } = {}) => fetchPolicies(parts, signal),
    categories: async ({ signal } = {}) => listCategories(await fetchPolicies(parts, signal)),
    guard: (options, pay, call) => guardPurchase({ parts, options, call }, pay),
  };
}
