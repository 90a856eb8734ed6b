// The agent: buys what it is told to, each thing once, within what it may spend.
import { Holdpoint, NotPaidError, type Purchase, PurchaseRejectedError } from "@holdpoint/sdk";
import { charge, TooExpensiveError } from "./shop.js";

const holdpoint = new Holdpoint({ agent: "procurement-agent" }); // HOLDPOINT_URL, HOLDPOINT_API_KEY
const order = process.env.ORDER ?? "A-1042";

await buy("coffee", "8.40", "food");
await buy("keyboard", "140.00", "equipment");
await buy("laptop", "2400.00", "equipment");

for (const { scope, currency, spent, held, available } of await holdpoint.spend.budget()) {
  if (available === null) continue;
  console.log(`the ${scope} has ${available} ${currency} left; ${spent} spent, ${held} held`);
}

async function buy(item: string, amount: string, category: string): Promise<void> {
  try {
    const { purchase } = await holdpoint.spend.guard(
      {
        amount,
        currency: "EUR",
        category,
        merchantName: "Corner Shop",
        description: `A ${item}`,
        // From the order, not from a model: the same order buys the same thing once.
        idempotencyKey: `${order} ${item}`,
        onPending: ({ url }) => console.log(url),
      },
      (approved, { idempotencyKey }) => pay(item, approved, idempotencyKey),
    );
    console.log(`${item}: ${purchase.status}, paid ${purchase.actualAmount} EUR`);
  } catch (error) {
    if (!(error instanceof PurchaseRejectedError)) throw error;
    console.log(`${item}: ${error.purchase?.status}, ${reasonOf(error.purchase)}`);
  }
}

async function pay(item: string, { approvedAmount }: { approvedAmount: string }, key: string) {
  try {
    const { id, amount } = await charge(item, approvedAmount, key);
    return { actualAmount: amount, externalId: id };
  } catch (error) {
    // Only what the shop says of itself makes sure that nothing was paid.
    if (error instanceof TooExpensiveError) throw new NotPaidError({ message: error.message });
    throw error;
  }
}

/** What the policy has against it, or the person's words. */
function reasonOf(purchase: Purchase | undefined): string {
  const failed = purchase?.policyCheck.checks.find(({ result }) => result === "fail");
  return failed?.detail ?? purchase?.reason ?? "no reason given";
}
