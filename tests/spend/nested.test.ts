import { expect, test } from "vitest";
import { openShop, type Shop } from "./shop.js";

const waveThrough = { currency: "EUR", auto_approve: { enabled: true } } as const;

/** Two projects, each with an agent, whose money is one. */
async function openGroup(shop: Shop) {
  const branch = await shop.openBranch("Branch");
  const owner = await shop.signIn();
  const body = { name: "Acme Group", project_ids: [shop.projectId, branch.projectId] };
  expect((await owner.send("POST", "/v1/organisations", body)).status).toBe(201);
  // No agent and no admin of one project alone says what they all may spend together.
  const organisation = { scope: "organisation", currency: "EUR", amount_minor: 1 } as const;
  await expect(shop.treasurer.setBudget(organisation)).rejects.toMatchObject({
    problem: { code: "ROLE_REQUIRED" },
  });
  for (const treasurer of [shop.treasurer, branch.treasurer])
    await treasurer.setPolicy(waveThrough);
  return { owner, branch };
}

test("[P-SPEND-NESTED] a purchase has to fit the agent's, the project's and the organisation's budget, and each says what is left", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const other = await shop.hire("other");
  const { owner } = await openGroup(shop);
  const currency = "EUR";
  await owner.setBudget({ scope: "organisation", currency, amount_minor: 900 });
  await treasurer.setBudget({ scope: "project", currency, amount_minor: 800 });
  await treasurer.setBudget({ scope: "agent", agent_id: buyer.id, currency, amount_minor: 500 });
  const failing = async (minor: number, by = buyer) => {
    const { policy_check } = await by.buy(minor);
    return policy_check.checks.flatMap(({ rule, scope, result }) =>
      result === "fail" ? [`${rule} ${scope}`] : [],
    );
  };
  expect(await failing(501)).toEqual(["budget agent"]);
  expect(await failing(801)).toEqual(["budget agent", "budget project"]);
  expect(await failing(901, other)).toEqual(["budget project", "budget organisation"]);
  expect(await buyer.buy(450)).toMatchObject({ budget_remaining: { amount_minor: 50 } });
  expect(await other.buy(340)).toMatchObject({ budget_remaining: { amount_minor: 10 } });
  const left = (await buyer.budgets()).map(({ scope, available_minor }) => [
    scope,
    available_minor,
  ]);
  expect(left).toEqual([
    ["organisation", 110],
    ["project", 10],
    ["agent", 50],
  ]);
});

test("[P-SPEND-NESTED] [G8] projects that buy at the same time never exceed what their organisation has", async () => {
  await using shop = await openShop();
  const { owner, branch } = await openGroup(shop);
  const organisation = { scope: "organisation", currency: "EUR" } as const;
  await owner.setBudget({ ...organisation, amount_minor: 25 * 7 });
  const bought = await Promise.all(
    Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? shop.buyer : branch.buyer).buy(7)),
  );
  expect(bought.filter(({ status }) => status === "auto_approved")).toHaveLength(25);
  const budget = (await branch.buyer.budgets()).find(({ scope }) => scope === "organisation");
  expect(budget).toMatchObject({ held: { amount_minor: 175 }, available_minor: 0 });
});

test("[P-SPEND-INPUT] a budget is not set below what is held and spent", async () => {
  await using shop = await openShop();
  const { buyer, treasurer } = shop;
  const project = { scope: "project", currency: "EUR" } as const;
  await treasurer.setBudget({ ...project, amount_minor: 1_000 });
  await buyer.buy(600);
  await expect(treasurer.setBudget({ ...project, amount_minor: 599 })).rejects.toMatchObject({
    problem: { code: "BUDGET_BELOW_COMMITTED" },
  });
  expect(await treasurer.setBudget({ ...project, amount_minor: 600 })).toMatchObject({
    available_minor: 0,
  });
});
