// The whole story, offline: a chain, a facilitator and a seller on this machine; an agent that pays.
//
//   npx holdpoint dev --json      in one terminal; it prints url, apiKey and operatorToken
//   export HOLDPOINT_URL=… HOLDPOINT_API_KEY=… HOLDPOINT_OPERATOR_TOKEN=…     in another
//   npm start                     you decide, in the browser
//   npm start -- --auto           decides by itself
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { startChain } from "./market/chain.js";
import { startFacilitator } from "./market/facilitator.js";
import { startSeller } from "./market/seller.js";

await operate("POST", "/v1/spend-policies", {
  policy: {
    currency: "USDC",
    per_request_limit: "5.00",
    daily_limit: "10.00",
    auto_approve: { enabled: true, max_amount: "0.50" },
    x402: { allowed_networks: ["eip155:84532"], allowed_domains: ["127.0.0.1"] },
  },
});

await using chain = await startChain();
await using facilitator = await startFacilitator(chain);
const seller = privateKeyToAccount(generatePrivateKey()).address;
await using shop = await startSeller({
  facilitatorUrl: facilitator.url,
  payTo: seller,
  prices: { weather: "$0.001", traffic: "$2.50", satellite: "$40.00" },
});
const walletKey = generatePrivateKey();
await chain.mint(privateKeyToAccount(walletKey).address, 100_000_000n);

const agent = spawn(process.execPath, [...process.execArgv, "agent.ts"], {
  cwd: import.meta.dirname,
  env: { ...process.env, SELLER_URL: shop.url, WALLET_KEY: walletKey },
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(agent, "exit");
for await (const line of createInterface({ input: agent.stdout })) {
  console.log(line);
  const [, id] = /\/requests\/(req_\w+)$/.exec(line) ?? [];
  if (id !== undefined && process.argv.includes("--auto")) await approve(id);
}
const [code] = await ended;
if (code !== 0) throw new Error(`Expected the agent to end well, got ${code}.`);
console.log(`the seller has ${await chain.balanceOf(seller)} millionths of a dollar`);

/** What a person does in the browser. */
async function approve(id: string): Promise<void> {
  await operate("POST", `/v1/requests/${id}/decision`, { decision: "approve", revision: 1 });
  console.log("a person approves");
}

async function operate(method: string, path: string, body: object): Promise<void> {
  const { HOLDPOINT_URL, HOLDPOINT_OPERATOR_TOKEN } = process.env;
  const response = await fetch(`${HOLDPOINT_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${HOLDPOINT_OPERATOR_TOKEN}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}
