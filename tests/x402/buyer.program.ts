// An agent in a process of its own that pays for one address, under one key. Prints the status of
// the answer, or the code of the error.
import { Holdpoint, HoldpointError } from "@holdpoint/sdk";
import { x402Client } from "@x402/core/client";
import { ExactEvmScheme } from "@x402/evm";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const wallet = privateKeyToAccount(process.env.PRIVATE_KEY as Hex);
const client = new x402Client().register("eip155:*", new ExactEvmScheme(wallet));
const pay = new Holdpoint().spend.x402Fetch(fetch, {
  client,
  category: "data",
  key: () => "the-one-report",
  leaseMs: 1_000,
});
try {
  console.log((await pay(process.argv[2] as string)).status);
} catch (error) {
  console.log(error instanceof HoldpointError ? error.code : error);
}
