import type { WirePurchase } from "@holdpoint/protocol/spend";
import {
  LIMITS,
  requireInteger,
  requireRequestId,
  startDeadline,
  waitUntilFinal,
} from "../core.js";
import type { ClientParts } from "../late.js";
import type { ListPurchasesOptions, PurchasePage, WaitForPurchaseOptions } from "./options.js";
import { parsePage } from "./page.js";
import type { Purchase } from "./purchase.js";
import { openPurchase } from "./view.js";
import { parsePurchase } from "./wire.js";

export async function fetchPurchase(
  { transport }: ClientParts,
  id: string,
  signal: AbortSignal | undefined,
): Promise<WirePurchase> {
  const path = `/v1/purchases/${requireRequestId(id)}`;
  return parsePurchase(await transport.call({ method: "GET", path, signal, requestId: id }), id);
}

/** Holds one call after another until the purchase is no longer pending. */
export async function waitForPurchase(
  { transport, cipher }: ClientParts,
  id: string,
  { timeoutMs = LIMITS.defaultTimeoutMs, signal }: WaitForPurchaseOptions = {},
): Promise<Purchase> {
  const deadline = startDeadline(requireInteger("timeoutMs", timeoutMs, 1, LIMITS.maxTimeoutMs));
  const held = {
    id,
    path: `/v1/purchases/${requireRequestId(id)}`,
    read: (body: unknown) => parsePurchase(body, id),
    isFinal: ({ status }: WirePurchase) => status !== "pending",
  };
  return openPurchase(await waitUntilFinal(transport, held, { deadline, signal }), cipher);
}

/** One page, newest first, each opened. */
export async function listPurchases(
  { transport, cipher }: ClientParts,
  { signal, ...filters }: ListPurchasesOptions = {},
): Promise<PurchasePage> {
  const path = `/v1/purchases${queryOf(filters)}`;
  const page = parsePage(await transport.call({ method: "GET", path, signal }));
  const opened = page.data.map((item) => openPurchase(parsePurchase(item), cipher));
  return { data: await Promise.all(opened), nextCursor: page.nextCursor };
}

function queryOf({ since, ...plain }: Omit<ListPurchasesOptions, "signal">): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...plain, since: since?.toISOString() })) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
