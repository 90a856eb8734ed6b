/** A token, and the money it counts as. */
export interface PaymentAsset {
  /** CAIP-2, for example `eip155:8453`. */
  readonly network: string;
  /** The token's contract address. Letter case is ignored on `eip155` networks. */
  readonly asset: string;
  /** What policies and budgets count it as: `USDC`, `USDT`, `EURC`, `PYUSD` or `USDG`. */
  readonly currency: string;
  /** Of the token itself. Integer, 0 … 77. Default 6. With any other, policy asks a person. */
  readonly decimals?: number;
}

const USDC: Readonly<Record<string, string>> = {
  "eip155:1": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
  "eip155:50": "0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1",
  "eip155:137": "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359",
  "eip155:143": "0x754704Bc059F8C67012fEd69BC8A327a5aafb603",
  "eip155:1329": "0xe15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392",
  "eip155:8453": "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",
  "eip155:42161": "0xaf88d065e77c8cC2239327C5EDb3A432268e5831",
  "eip155:42220": "0xcebA9300f2b948710d2653dD7B07f33A8B32118C",
  "eip155:43114": "0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E",
  "eip155:84532": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  "eip155:421614": "0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d",
};
const EURC: Readonly<Record<string, string>> = {
  "eip155:1": "0x1aBaEA1f7C830bD89Acc67eC4af516284b1bC33c",
  "eip155:8453": "0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42",
};

/**
 * The stablecoins that count as themselves, by their addresses and not by the name a seller gives
 * them. Test networks are among them: what a policy allows of them it says by `allowed_networks`.
 */
export const KNOWN_ASSETS: readonly PaymentAsset[] = [
  ...listTokens("USDC", USDC),
  ...listTokens("EURC", EURC),
];

function listTokens(currency: string, addresses: Readonly<Record<string, string>>) {
  return Object.entries(addresses).map(([network, asset]) => ({ network, asset, currency }));
}

/** Only `eip155` addresses mean the same in any letter case. */
export function findAsset(
  assets: readonly PaymentAsset[],
  { network, asset }: { readonly network: string; readonly asset: string },
): PaymentAsset | undefined {
  const fold = (address: string) =>
    network.startsWith("eip155:") ? address.toLowerCase() : address;
  return assets.find((each) => each.network === network && fold(each.asset) === fold(asset));
}

/** Of the stablecoins, and of no other currency. */
export const STABLECOIN_DECIMALS = 6;
/** As many digits as the largest amount of one purchase has. */
const MAX_DIGITS = 15;

/**
 * A token's smallest units as minor units of its currency. `undefined` for what is no usable amount,
 * or not whole: what is rounded away would be spent without being counted.
 */
export function toMinor(
  units: string,
  { decimals = STABLECOIN_DECIMALS }: Pick<PaymentAsset, "decimals">,
): bigint | undefined {
  if (!/^[1-9]\d{0,77}$/.test(units)) return undefined;
  const scaled = BigInt(units) * 10n ** BigInt(STABLECOIN_DECIMALS);
  const perToken = 10n ** BigInt(decimals);
  const isUsable = scaled % perToken === 0n && String(scaled / perToken).length <= MAX_DIGITS;
  return isUsable ? scaled / perToken : undefined;
}
