import { x402Client } from "@x402/core/client";
import { expect, test } from "vitest";
import { fence, holdPayment } from "./fence.js";

const NETWORK = "eip155:8453";
const terms = {
  scheme: "exact",
  network: NETWORK,
  asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
  amount: "5000000",
  payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  maxTimeoutSeconds: 60,
  extra: {},
} as const;

function challenge() {
  return { x402Version: 2, resource: { url: "https://api.example.com" }, accepts: [terms] };
}

/** The client that is kept, with a scheme that counts what it signs. */
function createClient() {
  const signed: string[] = [];
  const client = new x402Client().register(NETWORK, {
    scheme: "exact",
    async createPaymentPayload(x402Version, { amount }) {
      signed.push(amount);
      return { x402Version, payload: { signature: "0x" } };
    },
  });
  return { client, signed };
}

test("a held payment is signed when it is let, and what came above the client's own limit comes this far", async () => {
  const { client, signed } = createClient();
  fence(client);
  const held = await holdPayment(client, challenge());
  expect(held.terms).toEqual(terms);
  expect(signed).toEqual([]);
  await expect(held.sign()).resolves.toMatchObject({ x402Version: 2, accepted: terms });
  expect(signed).toEqual(["5000000"]);
});

test("an abandoned payment is not signed, whatever comes later", async () => {
  const { client, signed } = createClient();
  fence(client);
  const held = await holdPayment(client, challenge());
  held.abandon();
  await expect(held.sign()).rejects.toThrow("Not approved.");
  expect(signed).toEqual([]);
});

test("a fenced client signs nothing for anybody else, and no challenge twice", async () => {
  const { client, signed } = createClient();
  fence(client);
  fence(client);
  await expect(client.createPaymentPayload(challenge() as never)).rejects.toThrow(
    "only what spend.x402Fetch lets it",
  );
  const required = challenge();
  const held = await holdPayment(client, required);
  await held.sign();
  await expect(client.createPaymentPayload(required as never)).rejects.toThrow();
  expect(signed).toHaveLength(1);
});

test("where the client chooses nothing, holding it fails", async () => {
  const { client } = createClient();
  fence(client);
  client.registerPolicy(() => []);
  await expect(holdPayment(client, challenge())).rejects.toThrow("filtered out by policies");
});

test("a client that was never fenced is not trusted to stop", async () => {
  const { client } = createClient();
  client.setSpendControls(false);
  await expect(holdPayment(client, challenge())).rejects.toThrow("Expected the client to stop");
});
