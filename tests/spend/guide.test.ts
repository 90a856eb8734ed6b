import { expect, test } from "vitest";
import type { Child } from "../harness/child.js";
import { type ServedControlPlane, serveControlPlane } from "../harness/control-plane.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";

const guide = await readPage("docs/guides/spend.md");
const readme = await readPage("README.md");

async function run(name: string, code: string, holdpoint: ServedControlPlane): Promise<Child> {
  return startProgram(name, code, {
    HOLDPOINT_API_KEY: holdpoint.apiKey,
    HOLDPOINT_URL: holdpoint.url,
  });
}

async function waitForPending(holdpoint: ServedControlPlane): Promise<string> {
  const list = async () => (await holdpoint.client().spend.list({ status: "pending" })).data;
  await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1);
  return (await list())[0]?.requestId as string;
}

test("[G2] [P-SPEND-CONFIRM] the guide's policy is taken, its example pays once what was approved, and its budget holds", async () => {
  await using holdpoint = await serveControlPlane();
  const [policy, budget] = guide.blocks("json");
  const setting = await holdpoint.operate("/v1/spend-policies", {
    method: "POST",
    body: policy ?? null,
  });
  expect(setting.status).toBe(201);
  const code = guide.blocks("ts")[0] as string;
  await using agent = await run("spend-guide", code, holdpoint);
  const id = await waitForPending(holdpoint);
  await holdpoint.decide(id, { decision: "approve" });
  expect(await agent.nextLine()).toBe(`charging at most 79.00 under ${id}`);
  expect(await agent.nextLine()).toBe("completed 74.50 { charge: 'ch_2291' }");
  expect(await agent.ended).toBe(0);
  await using again = await run("spend-guide", code, holdpoint);
  expect(await again.nextLine()).toBe("completed 74.50 { charge: 'ch_2291' }");
  const allocating = await holdpoint.operate("/v1/budgets", {
    method: "PUT",
    body: budget ?? null,
  });
  expect(await allocating.json()).toMatchObject({ available_minor: 492_550 });
});

test("[P-SPEND-APPROVAL] the guide's example says what a person answered", async () => {
  await using holdpoint = await serveControlPlane();
  await using agent = await run("spend-refused", guide.blocks("ts")[0] as string, holdpoint);
  const id = await waitForPending(holdpoint);
  await holdpoint.decide(id, { decision: "reject", reason: "We have one." });
  expect(await agent.nextLine()).toBe("rejected We have one.");
  expect(await agent.ended).toBe(0);
});

test("the README's example spends", async () => {
  const code = readme.blocks("ts").find((block) => block.includes("hp.spend")) as string;
  await using holdpoint = await serveControlPlane();
  const prelude = `import { Holdpoint } from "@holdpoint/sdk";
const hp = new Holdpoint();
const card = { charge: async (amount: string, _: object) => ({ id: "ch_1", amount }) };
`;
  await using agent = await run("spend-readme", `${prelude}${code}`, holdpoint);
  const id = await waitForPending(holdpoint);
  await holdpoint.decide(id, { decision: "approve" });
  expect(await agent.nextLine()).toBe("completed 79.00");
  expect(await agent.ended).toBe(0);
});
