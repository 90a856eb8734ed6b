/** What the shop charged. */
export interface Charge {
  readonly id: string;
  readonly amount: string;
}

const PRICES: Readonly<Record<string, string>> = {
  coffee: "8.40",
  keyboard: "119.95",
  laptop: "2399.00",
};

/** Stands in for a shop with a card on file: charges the price, and never more than the limit. */
export async function charge(item: string, limit: string, key: string): Promise<Charge> {
  const amount = PRICES[item];
  if (amount === undefined || cents(amount) > cents(limit)) throw new TooExpensiveError(item);
  console.log(`the shop charges ${amount} for the ${item}`);
  return { id: `ch_${key.slice(-8)}`, amount };
}

function cents(amount: string): bigint {
  return BigInt(amount.replace(".", ""));
}

/** Nothing was charged. */
export class TooExpensiveError extends Error {
  override readonly name = "TooExpensiveError";

  constructor(item: string) {
    super(`The ${item} costs more than may be spent on it.`);
  }
}
