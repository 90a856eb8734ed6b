// The agent: fetches reports, and pays for those that cost something.
import { Holdpoint, PurchaseRejectedError } from "@holdpoint/sdk";
import { x402Client } from "@x402/core/client";
import { ExactEvmScheme } from "@x402/evm";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const { SELLER_URL, WALLET_KEY } = process.env;
const hp = new Holdpoint({ agent: "research-agent" }); // HOLDPOINT_URL, HOLDPOINT_API_KEY

const wallet = privateKeyToAccount(WALLET_KEY as Hex);
const client = new x402Client().register("eip155:*", new ExactEvmScheme(wallet));
const pay = hp.spend.x402Fetch(fetch, {
  client,
  category: "data",
  onPending: ({ url }) => console.log(url),
  onPaid: ({ actualAmount, currency }) => console.log(`paid ${actualAmount} ${currency}`),
});

for (const name of ["weather", "traffic", "satellite"]) {
  try {
    const response = await pay(`${SELLER_URL}/reports/${name}`);
    console.log(`${name}: ${response.status} ${await response.text()}`);
  } catch (error) {
    if (!(error instanceof PurchaseRejectedError)) throw error;
    const failed = error.purchase?.policyCheck.checks.find(({ result }) => result === "fail");
    console.log(`${name}: ${error.purchase?.status}, ${failed?.detail ?? error.purchase?.reason}`);
  }
}
