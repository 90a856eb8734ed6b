import fc from "fast-check";
import { typeidUnboxed } from "typeid-js";
import { currencies, governing } from "./governing.js";
import type { AgentName, Oracle, Purchase } from "./oracle.js";
import { type PurchaseAct, Step } from "./step.js";
import { decimal, type World } from "./world.js";

const agents = fc.constantFrom<AgentName>("first", "second");
const amounts = fc.integer({ min: 1, max: 400 });
const indices = fc.nat({ max: 60 });
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

const isPending = ({ status }: Purchase) => status === "PENDING";
const isReady = ({ status, hold, run }: Purchase) =>
  status === "APPROVED" && hold === "HELD" && run === "NONE";
/** A confirmation moves something. */
const isOpen = ({ status, hold, told }: Purchase) =>
  (status === "APPROVED" && hold === "HELD") || hold === "EXPIRED" || (hold === "SETTLED" && !told);

/** Something done to one of the purchases there are. */
function about(name: string, act: PurchaseAct): fc.Arbitrary<Step> {
  return indices.map((index) => new Step(name, act, index));
}

const deciding = fc.oneof(
  about("approve", {
    prefers: isPending,
    predict: (oracle, purchase) => oracle.decide(purchase, "approve"),
    perform: async ({ shop }, { id }) => void (await shop.treasurer.approve(id)),
  }),
  fc.tuple(indices, fc.integer({ min: 1, max: 399 })).map(
    ([index, off]) =>
      new Step(
        `lower by ${off}`,
        {
          suits: ({ amount }) => amount > BigInt(off),
          prefers: isPending,
          predict: (oracle, purchase) =>
            oracle.decide(purchase, "approve", purchase.amount - BigInt(off)),
          perform: async ({ shop }, { id, amount, currency }) =>
            void (await shop.treasurer.lower(id, decimal(amount - BigInt(off), currency))),
        },
        index,
      ),
  ),
  about("reject", {
    prefers: isPending,
    predict: (oracle, purchase) => oracle.decide(purchase, "reject"),
    perform: async ({ shop }, { id }) => void (await shop.treasurer.reject(id)),
  }),
  about("cancel", {
    prefers: isPending,
    predict: (oracle, purchase) => oracle.cancel(purchase),
    perform: async ({ agents }, { id, agent }) => void (await agents[agent].cancel(id)),
  }),
);

const running = fc.oneof(
  about("claim", {
    suits: isReady,
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
          prefers: isOpen,
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
    prefers: isReady,
    predict: (oracle, purchase) => oracle.giveBack(purchase),
    perform: async ({ agents }, { id, agent }) => void (await agents[agent].giveBack(id)),
  }),
  fc.tuple(indices, amounts).map(
    ([index, amount]) =>
      new Step(
        `refund ${amount}`,
        {
          prefers: ({ hold, paid }) => hold === "SETTLED" && paid > BigInt(amount),
          predict: (oracle, purchase) => oracle.refund(purchase, BigInt(amount)),
          async perform({ shop }, { id }) {
            await shop.treasurer.refund(await shop.treasurer.get(id), amount);
          },
        },
        index,
      ),
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
