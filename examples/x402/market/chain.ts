import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { getDefaultAsset, toFacilitatorEvmSigner } from "@x402/evm";
import { createTestClient, defineChain, type Hex, http, publicActions, walletActions } from "viem";
import { mnemonicToAccount, nonceManager } from "viem/accounts";
import { tokenAbi, tokenCode } from "./token.js";

/** The name x402 knows the chain by (CAIP-2). */
export const NETWORK = "eip155:84532";

/** Where Base Sepolia has its USDC; the chain here has its own there. */
export const USDC = getDefaultAsset(NETWORK).asset as Hex;

/** x402 types what it needs of a client of viem more loosely than viem does. */
type Signing = Parameters<typeof toFacilitatorEvmSigner>[0];

/** Not from viem/chains, which loads every chain there is. */
const baseSepolia = defineChain({
  id: 84_532,
  name: "Base Sepolia",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [] } },
});

/** A chain of this machine that says it is Base Sepolia, with dollars that cost nothing. */
export interface Chain extends AsyncDisposable {
  /** Pays for the gas of whoever settles. */
  readonly facilitator: ReturnType<typeof toFacilitatorEvmSigner>;
  /** Gives `owner` some, in millionths. */
  mint(owner: Hex, amount: bigint): Promise<void>;
  /** What `owner` has, in millionths. */
  balanceOf(owner: Hex): Promise<bigint>;
}

export async function startChain(): Promise<Chain> {
  const program = createRequire(import.meta.url).resolve("@foundry-rs/anvil/bin.mjs");
  const args = ["--port", "0", "--chain-id", String(baseSepolia.id), "--accounts", "1"];
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await readAddress(child.stdout);
  // The chain's own first account, which has gas.
  const account = mnemonicToAccount("test test test test test test test test test test test junk", {
    nonceManager,
  });
  const client = createTestClient({
    mode: "anvil",
    chain: baseSepolia,
    account,
    transport: http(address),
    pollingInterval: 20,
  })
    .extend(publicActions)
    .extend(walletActions);
  await client.setCode({ address: USDC, bytecode: tokenCode });
  const token = { address: USDC, abi: tokenAbi } as const;
  return {
    facilitator: toFacilitatorEvmSigner({ ...client, address: account.address } as Signing),
    async mint(owner, amount) {
      const hash = await client.writeContract({
        ...token,
        functionName: "mint",
        args: [owner, amount],
      });
      await client.waitForTransactionReceipt({ hash });
    },
    balanceOf: (owner) =>
      client.readContract({ ...token, functionName: "balanceOf", args: [owner] }),
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function readAddress(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  for await (const line of lines) {
    const [, address] = /^Listening on (\S+)/.exec(line) ?? [];
    // What it prints afterwards has to be read by somebody, or it stops.
    output.resume();
    if (address !== undefined) return `http://${address}`;
  }
  throw new Error("The chain ended before it listened.");
}
