import fc from "fast-check";
import type { Currency, Rules, Scope } from "./oracle.js";
import { Step } from "./step.js";
import { policyOf, type World } from "./world.js";

type Governed = Exclude<Scope, "organisation">;

export const currencies = fc.constantFrom<Currency>("EUR", "EUR", "EUR", "USDC");
const scopes = fc.constantFrom<Scope>("first", "second", "project", "organisation");
const governed = fc.constantFrom<Governed>("first", "second", "project");
const limits = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 4, arbitrary: fc.integer({ min: 200, max: 4_000 }).map(BigInt) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 }).map(BigInt) },
);
const rates = (min: number, max: number) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min, max }) },
  );

const rules: fc.Arbitrary<Rules> = fc
  .record({
    currency: currencies,
    timezone: fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Auckland", "America/New_York"),
    perRequest: limits,
    daily: limits,
    weekly: limits,
    monthly: limits,
    total: limits,
    perMinute: rates(1, 6),
    perHour: rates(3, 20),
    autoUpTo: fc.option(fc.integer({ min: 100, max: 400 }).map(BigInt), { nil: undefined }),
    expiryMinutes: fc.integer({ min: 5, max: 1_440 }),
    tolerance: fc.constantFrom(0n, 0n, 20n),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
  .map((given) => given as unknown as Rules);

function rule(scope: Governed, given: Rules | null): Step {
  const told = given === null ? "none" : JSON.stringify(policyOf(given));
  return new Step(`rules for ${scope}: ${told}`, {
    predict: (oracle) =>
      void (given === null ? oracle.rules.delete(scope) : oracle.rules.set(scope, given)),
    perform: async (world) =>
      void (await world.shop.treasurer.setPolicy(given && policyOf(given), of(world, scope))),
  });
}

function budget(scope: Scope, currency: Currency, amount: number | null): Step {
  return new Step(`budget of ${scope}: ${amount} ${currency}`, {
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
  });
}

function killSwitch(scope: Governed, stops: boolean): Step {
  return new Step(`${stops ? "stop" : "let go on"} ${scope}`, {
    predict: ({ stopped }) => void (stops ? stopped.add(scope) : stopped.delete(scope)),
    perform: async (world) =>
      void (await world.shop.treasurer[stops ? "stop" : "letGoOn"](of(world, scope))),
  });
}

/** The agent; none for the project. */
function of({ agents }: World, scope: Governed) {
  return scope === "project" ? undefined : agents[scope];
}

/** What the project begins with, so that not everything waits for a person. */
export const opening: fc.Arbitrary<Step> = rules.map((given) => rule("project", given));

/** What admins and approvers change. */
export const governing = fc.oneof(
  fc.tuple(governed, fc.option(rules)).map(([scope, given]) => rule(scope, given)),
  fc
    .tuple(scopes, currencies, fc.option(fc.integer({ min: 0, max: 9_000 }), { freq: 2 }))
    .map(([scope, currency, amount]) => budget(scope, currency, amount)),
  fc
    .tuple(governed, fc.constantFrom(true, false, false))
    .map(([scope, stops]) => killSwitch(scope, stops)),
);
