import type { WirePurchase } from "@holdpoint/protocol/spend";
import type { Holdpoint, HoldpointOptions, X402FetchOptions } from "@holdpoint/sdk";
import type { Clock } from "@holdpoint/server";
import { x402Client } from "@x402/core/client";
import { ExactEvmScheme, UptoEvmScheme } from "@x402/evm";
import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type Chain, startChain } from "../../examples/x402/market/chain.js";
import { startFacilitator } from "../../examples/x402/market/facilitator.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { sendAs, Treasurer } from "../spend/money.js";

/** A chain and whoever settles on it. One serves all tests of a file: every wallet is new. */
export interface Market extends AsyncDisposable {
  readonly chain: Chain;
  readonly facilitatorUrl: string;
}

export async function openMarket(): Promise<Market> {
  const chain = await startChain();
  const facilitator = await startFacilitator(chain);
  return {
    chain,
    facilitatorUrl: facilitator.url,
    async [Symbol.asyncDispose]() {
      await facilitator[Symbol.asyncDispose]();
      await chain[Symbol.asyncDispose]();
    },
  };
}

/** An agent with a wallet of 10 USDC, the control plane it asks, and whom it pays. */
export interface Buyer extends AsyncDisposable {
  readonly holdpoint: ServedControlPlane;
  readonly treasurer: Treasurer;
  readonly hp: Holdpoint;
  readonly client: x402Client;
  readonly privateKey: Hex;
  /** Who is paid. */
  readonly payTo: Hex;
  /** How often its wallet has signed. */
  readonly signed: () => number;
  /** What has arrived on the chain, in millionths. */
  paid(): Promise<bigint>;
  /** A fetch that pays, for the category `data`. */
  fetch(options?: Partial<X402FetchOptions>): typeof globalThis.fetch;
  purchases(): Promise<readonly WirePurchase[]>;
}

export async function openBuyer(
  { chain }: Market,
  { clock, ...clientOptions }: HoldpointOptions & { readonly clock?: Clock } = {},
): Promise<Buyer> {
  const holdpoint = await serveControlPlane(clock && { clock });
  const privateKey = generatePrivateKey();
  const wallet = privateKeyToAccount(privateKey);
  const payTo = privateKeyToAccount(generatePrivateKey()).address;
  await chain.mint(wallet.address, 10_000_000n);
  let signed = 0;
  const signer = {
    address: wallet.address,
    signTypedData: (message: Parameters<typeof wallet.signTypedData>[0]) => {
      signed += 1;
      return wallet.signTypedData(message);
    },
  };
  const evmSigner = signer as ConstructorParameters<typeof ExactEvmScheme>[0];
  const client = new x402Client()
    .register("eip155:*", new ExactEvmScheme(evmSigner))
    .register("eip155:*", new UptoEvmScheme(evmSigner));
  const hp = holdpoint.client(clientOptions);
  const send = sendAs(fetch, holdpoint.url, holdpoint.operatorToken);
  return {
    holdpoint,
    hp,
    client,
    privateKey,
    payTo,
    treasurer: new Treasurer(send),
    signed: () => signed,
    paid: () => chain.balanceOf(payTo),
    fetch: (options = {}) => hp.spend.x402Fetch(fetch, { client, category: "data", ...options }),
    async purchases() {
      const { body } = await send("GET", "/v1/purchases?limit=100");
      return (body as { data: readonly WirePurchase[] }).data;
    },
    [Symbol.asyncDispose]: () => holdpoint[Symbol.asyncDispose](),
  };
}

/** Lets everything through that nothing else forbids. */
export const waveThrough = { currency: "USDC", auto_approve: { enabled: true } } as const;
