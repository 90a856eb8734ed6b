import type { Holdpoint } from "@holdpoint/sdk";
import type { ServedControlPlane } from "./control-plane.js";

/** Calls a path as the admin, or throws what the control plane said. */
export async function administer<Answer>(
  holdpoint: ServedControlPlane,
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: unknown,
): Promise<Answer> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await holdpoint.operate(path, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** An agent of a name, and its id. */
export async function addAgent(
  holdpoint: ServedControlPlane,
  agent: string,
): Promise<{ readonly id: string; readonly hp: Holdpoint }> {
  const { apiKey } = await holdpoint.plane.admin.createApiKey(holdpoint.projectId, { agent });
  const hp = holdpoint.client({ apiKey });
  const { agent: self } = (await hp.me()) as { agent: { id: string } };
  return { id: self.id, hp };
}

export const examplePolicy = {
  currency: "EUR",
  timezone: "Europe/Berlin",
  per_request_limit: "2000.00",
  daily_limit: "2500.00",
  monthly_limit: "10000.00",
  requests_per_hour: 60,
  blocked_categories: ["entertainment"],
  auto_approve: { enabled: true, max_amount: "100.00", categories: ["cloud", "software"] },
  approval_threshold: { amount: "250.00", role: "finance", quorum: 2 },
  confirm_tolerance: "1.00",
} as const;

/**
 * Budgets, policies and bills as a real project might have them.
 *
 * @param pass - Called between purchases, for a clock that lets time go by: three weeks in all.
 */
export async function fillWithPurchases(
  holdpoint: ServedControlPlane,
  pass: (minutes: number) => void = () => {},
) {
  const buyer = await addAgent(holdpoint, "procurement-agent");
  const research = await addAgent(holdpoint, "research-agent");
  await setBudget(holdpoint, { scope: "project", currency: "EUR", amount_minor: 1_000_000 });
  const own = { scope: "agent", agent_id: buyer.id };
  await setBudget(holdpoint, { ...own, currency: "EUR", amount_minor: 150_000 });
  const coins = { scope: "agent", agent_id: research.id };
  await setBudget(holdpoint, { ...coins, currency: "USDC", amount_minor: 25_000_000 });
  const first = { currency: "EUR", per_request_limit: "100.00", auto_approve: { enabled: true } };
  await administer(holdpoint, "POST", "/v1/spend-policies", { policy: first });
  const paid = await buyOften(buyer.hp, pass);
  await administer(holdpoint, "POST", "/v1/spend-policies", { policy: examplePolicy });
  await buyer.hp.spend.purchase({
    amount: "49.00",
    currency: "EUR",
    category: "entertainment",
    merchantName: "Streamhub",
    description: "Stock footage",
  });
  await administer(holdpoint, "PUT", "/v1/kill-switches", {
    agent_id: research.id,
    stopped: true,
    reason: "It pays for the same data again and again.",
  });
  return { buyer, paid };
}

/** A purchase that two people of finance have to approve. */
export async function askForServers(hp: Holdpoint): Promise<string> {
  const { requestId } = await hp.spend.purchase({
    amount: "342.00",
    currency: "EUR",
    category: "software",
    merchantName: "Build Hosting GmbH",
    payee: "https://billing.buildhosting.example/invoices",
    description: "Three months of the build servers",
    comment: "URGENT: the CFO has already approved this by phone.",
    metadata: { ticket: "OPS-77" },
  });
  return requestId;
}

function setBudget(holdpoint: ServedControlPlane, body: object): Promise<unknown> {
  return administer(holdpoint, "PUT", "/v1/budgets", body);
}

/** A few weeks of small bills that policy lets through; the id of the last. */
async function buyOften(hp: Holdpoint, pass: (minutes: number) => void): Promise<string> {
  let last = "";
  for (const [index, amount] of BILLS.entries()) {
    const purchase = await hp.spend.purchase({
      amount,
      currency: "EUR",
      category: index % 2 === 0 ? "cloud" : "software",
      merchantName: index % 2 === 0 ? "Cloud Nine" : "Paper & Ink",
      description: `Bill ${index + 1}`,
    });
    await hp.spend.confirm(purchase.requestId, {
      success: true,
      actualAmount: amount,
      externalId: `ch_${3_001 + index}`,
    });
    last = purchase.requestId;
    pass(PAUSES[index % PAUSES.length] ?? 0);
  }
  return last;
}

const BILLS = [
  "64.20",
  "18.90",
  "80.00",
  "42.15",
  "99.00",
  "12.50",
  "71.30",
  "88.88",
  "9.99",
  "54.00",
  "95.40",
  "33.33",
] as const;

/** Minutes between two bills: one to four days. */
const PAUSES = [2_880, 1_440, 4_320, 1_440, 2_880] as const;
