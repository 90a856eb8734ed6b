import fc from "fast-check";
import { typeidUnboxed } from "typeid-js";
import { RefusedError } from "../harness/control-plane.js";
import { findDrift } from "./books.js";
import {
  type AgentName,
  type Currency,
  type Oracle,
  type Purchase,
  Refusal,
  type Rules,
  type Scope,
} from "./oracle.js";
import { decimal, policyOf, type World } from "./world.js";

/** The same thing done to the oracle and to the control plane. What both answer is compared. */
interface Act {
  readonly predict: (oracle: Oracle, purchase: Purchase) => unknown;
  readonly perform: (world: World, purchase: Purchase) => Promise<unknown>;
}

/** What may be done to a purchase, and to which of those there are. */
interface PurchaseAct extends Act {
  readonly suits?: (purchase: Purchase) => boolean;
}

class Step implements fc.AsyncCommand<Oracle, World> {
  readonly #name: string;
  readonly #act: PurchaseAct;
  /** Which purchase, counted round; absent for what is about none. */
  readonly #index: number | undefined;

  constructor(name: string, act: PurchaseAct, index?: number) {
    this.#name = name;
    this.#act = act;
    this.#index = index;
  }

  check(oracle: Readonly<Oracle>): boolean {
    if (this.#index === undefined) return true;
    const purchase = this.#pick(oracle);
    return purchase !== undefined && (this.#act.suits?.(purchase) ?? true);
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const purchase = this.#pick(oracle) as Purchase;
    const performed = await outcomeOf(() => this.#act.perform(world, purchase));
    const predicted = await outcomeOf(() => this.#act.predict(oracle, purchase));
    if (performed !== predicted)
      throw new Error(`${this.#name}: ${performed}, expected ${predicted}`);
    const drift = await findDrift(world.tables, oracle, world.ids);
    if (drift.length > 0) throw new Error(`${this.#name}: ${drift.join("; ")}`);
  }

  toString(): string {
    return this.#index === undefined ? this.#name : `${this.#name} of #${this.#index}`;
  }

  #pick({ purchases }: Readonly<Oracle>): Purchase | undefined {
    return purchases[(this.#index ?? 0) % Math.max(purchases.length, 1)];
  }
}

async function outcomeOf(work: () => unknown): Promise<string> {
  try {
    return JSON.stringify((await work()) ?? "done");
  } catch (error) {
    if (error instanceof Refusal) return `refused with ${error.code}`;
    if (error instanceof RefusedError) return `refused with ${error.problem.code}`;
    throw error;
  }
}

const agents = fc.constantFrom<AgentName>("first", "second");
const currencies = fc.constantFrom<Currency>("EUR", "EUR", "EUR", "USDC");
const scopes = fc.constantFrom<Scope>("first", "second", "project", "organisation");
const amounts = fc.integer({ min: 1, max: 400 });
const indices = fc.nat({ max: 60 });
const limits = fc.option(fc.integer({ min: 0, max: 2_000 }).map(BigInt), { nil: undefined });

const rules: fc.Arbitrary<Rules> = fc
  .record({
    currency: currencies,
    timezone: fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Auckland", "America/New_York"),
    perRequest: limits,
    daily: limits,
    weekly: limits,
    monthly: limits,
    total: limits,
    perMinute: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 2 }),
    perHour: fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined, freq: 2 }),
    autoUpTo: fc.option(fc.integer({ min: 0, max: 400 }).map(BigInt), { nil: undefined, freq: 8 }),
    expiryMinutes: fc.integer({ min: 5, max: 1_440 }),
    tolerance: fc.constantFrom(0n, 0n, 20n),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
  .map((given) => given as unknown as Rules);

const buying = fc.tuple(agents, currencies, amounts).map(([agent, currency, amount]) => {
  // Drawn when it is done: the same plan played again buys under other ids.
  let id = "";
  return new Step(`${agent} buys for ${amount} ${currency}`, {
    async perform({ agents }) {
      id = typeidUnboxed("req");
      return (await agents[agent].buy(amount, { id, currency })).status;
    },
    predict: (oracle) => oracle.buy(id, agent, currency, BigInt(amount)),
  });
});

/** Something done to one of the purchases there are. */
function about(name: string, act: PurchaseAct): fc.Arbitrary<Step> {
  return indices.map((index) => new Step(name, act, index));
}

const deciding = fc.oneof(
  about("approve", {
    predict: (oracle, purchase) => oracle.decide(purchase, "approve"),
    perform: async ({ shop }, { id }) => void (await shop.treasurer.approve(id)),
  }),
  fc.tuple(indices, fc.integer({ min: 1, max: 399 })).map(
    ([index, off]) =>
      new Step(
        `lower by ${off}`,
        {
          suits: ({ amount }) => amount > BigInt(off),
          predict: (oracle, purchase) =>
            oracle.decide(purchase, "approve", purchase.amount - BigInt(off)),
          perform: async ({ shop }, { id, amount, currency }) =>
            void (await shop.treasurer.lower(id, decimal(amount - BigInt(off), currency))),
        },
        index,
      ),
  ),
  about("reject", {
    predict: (oracle, purchase) => oracle.decide(purchase, "reject"),
    perform: async ({ shop }, { id }) => void (await shop.treasurer.reject(id)),
  }),
  about("cancel", {
    predict: (oracle, purchase) => oracle.cancel(purchase),
    perform: async ({ agents }, { id, agent }) => void (await agents[agent].cancel(id)),
  }),
);

const running = fc.oneof(
  about("claim", {
    suits: ({ status, hold, run }) => status === "APPROVED" && hold === "HELD" && run === "NONE",
    predict: (oracle, purchase) => oracle.claim(purchase),
    async perform({ agents, runs }, { id, agent }) {
      runs.set(id, await agents[agent].claim(id));
    },
  }),
  ...(["COMMITTED", "FAILED"] as const).flatMap((end) => [
    about(`run ${end}`, {
      suits: ({ run }) => run === "CLAIMED",
      predict: (oracle, purchase) => oracle.endRun(purchase, end),
      async perform({ agents, runs }, { id, agent }) {
        const run = runs.get(id);
        if (run) await agents[agent][end === "COMMITTED" ? "commit" : "fail"](run);
      },
    }),
    about(`reconcile as ${end}`, {
      suits: ({ run }) => run === "OUTCOME_UNKNOWN",
      predict: (oracle, purchase) => oracle.reconcile(purchase, end),
      async perform({ shop, runs }, { id }) {
        const outcome = end === "COMMITTED" ? "committed" : "failed";
        const run = runs.get(id);
        if (run) await shop.treasurer.reconcile(run, outcome);
      },
    }),
  ]),
);

const settling = fc.oneof(
  fc.tuple(indices, fc.option(fc.integer({ min: -50, max: 25 }))).map(
    ([index, more]) =>
      new Step(
        `confirm ${more === null ? "it" : `${more} more`}`,
        {
          suits: ({ approved }) => more === null || approved + BigInt(more) > 0n,
          predict: (oracle, purchase) =>
            oracle.confirm(purchase, more === null ? undefined : purchase.approved + BigInt(more)),
          perform: async ({ agents }, { id, agent, approved }) =>
            void (await agents[agent].confirm(
              id,
              more === null ? undefined : Number(approved) + more,
            )),
        },
        index,
      ),
  ),
  about("give back", {
    predict: (oracle, purchase) => oracle.giveBack(purchase),
    perform: async ({ agents }, { id, agent }) => void (await agents[agent].giveBack(id)),
  }),
  fc.tuple(indices, amounts).map(
    ([index, amount]) =>
      new Step(
        `refund ${amount}`,
        {
          predict: (oracle, purchase) => oracle.refund(purchase, BigInt(amount)),
          async perform({ shop }, { id }) {
            await shop.treasurer.refund(await shop.treasurer.get(id), amount);
          },
        },
        index,
      ),
  ),
);

const governing = fc.oneof(
  fc
    .tuple(
      fc.constantFrom<"first" | "second" | "project">("first", "second", "project"),
      fc.option(rules),
    )
    .map(
      ([scope, given]) =>
        new Step(
          `rules for ${scope}: ${given === null ? "none" : JSON.stringify(policyOf(given))}`,
          {
            predict: (oracle) =>
              void (given === null ? oracle.rules.delete(scope) : oracle.rules.set(scope, given)),
            async perform({ shop, agents }) {
              const agent = scope === "project" ? undefined : agents[scope];
              await shop.treasurer.setPolicy(given && policyOf(given), agent);
            },
          },
        ),
    ),
  fc.tuple(scopes, currencies, fc.option(fc.integer({ min: 0, max: 4_000 }))).map(
    ([scope, currency, amount]) =>
      new Step(`budget of ${scope}: ${amount} ${currency}`, {
        predict: (oracle) =>
          oracle.setBudget(scope, currency, amount === null ? undefined : BigInt(amount)),
        async perform({ shop, agents }) {
          const isAgent = scope === "first" || scope === "second";
          await shop.treasurer.setBudget({
            scope: isAgent ? "agent" : scope,
            ...(isAgent && { agent_id: agents[scope].id }),
            currency,
            amount_minor: amount,
          });
        },
      }),
  ),
  fc
    .tuple(
      fc.constantFrom<"first" | "second" | "project">("first", "second", "project"),
      fc.boolean(),
    )
    .map(
      ([scope, stops]) =>
        new Step(`${stops ? "stop" : "let go on"} ${scope}`, {
          predict: ({ stopped }) => void (stops ? stopped.add(scope) : stopped.delete(scope)),
          async perform({ shop, agents }) {
            const agent = scope === "project" ? undefined : agents[scope];
            await shop.treasurer[stops ? "stop" : "letGoOn"](agent);
          },
        }),
    ),
);

const MINUTE_MS = 60_000;
const passing = fc
  .constantFrom(1_000, 30_000, 10 * MINUTE_MS, 6 * 60 * MINUTE_MS, 86_400_000, 8 * 86_400_000)
  .map(
    (byMs) =>
      new Step(`${byMs / 1_000} s go by`, {
        predict: (oracle) => oracle.pass(byMs),
        perform: ({ pass }) => pass(byMs),
      }),
  );

/** Anything that can happen, as often as it is worth trying. */
export const anyStep: readonly fc.Arbitrary<fc.AsyncCommand<Oracle, World>>[] = [
  ...Array.from({ length: 6 }, () => buying),
  ...Array.from({ length: 4 }, () => deciding),
  ...Array.from({ length: 2 }, () => running),
  ...Array.from({ length: 4 }, () => settling),
  ...Array.from({ length: 2 }, () => governing),
  ...Array.from({ length: 2 }, () => passing),
];
