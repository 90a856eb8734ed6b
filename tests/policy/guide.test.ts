import { checkPolicy } from "@holdpoint/server";
import { expect, test } from "vitest";
import { serveControlPlane } from "../harness/control-plane.js";
import { readPage } from "../harness/pages.js";
import { startProgram } from "../harness/program.js";

const guide = await readPage("docs/guides/policy.md");
const [policy = ""] = guide.blocks("cedar");

test("[P-POLICY] the guide's policy answers what the guide's example asks as it says", async () => {
  await using holdpoint = await serveControlPlane();
  const body = JSON.stringify({ text: policy, base_revision: 0 });
  expect((await holdpoint.operate("/v1/policies", { method: "PUT", body })).status).toBe(200);
  const environment = { HOLDPOINT_API_KEY: holdpoint.apiKey, HOLDPOINT_URL: holdpoint.url };
  const code = guide.blocks("ts")[0] as string;
  await using agent = await startProgram("policy-guide", code, environment);
  expect(await agent.nextLine()).toBe("APPROVED");
  expect(await agent.nextLine()).toBe("REJECTED Accounts are closed, never deleted.");
  const list = async () => {
    const answer = await holdpoint.operate("/v1/requests?status=PENDING");
    return ((await answer.json()) as { data: { id: string; role?: string }[] }).data;
  };
  await expect.poll(async () => (await list()).length, { timeout: 30_000 }).toBe(1);
  const [pending] = await list();
  expect(pending?.role).toBe("finance");
  await holdpoint.decide(pending?.id ?? "", { decision: "approve" });
  expect(await agent.nextLine()).toBe("APPROVED");
  expect(await agent.ended).toBe(0);
});

test("the guide's policy has nothing against it", () => {
  const { problems, statements } = checkPolicy(policy);
  expect(problems).toEqual([]);
  expect(statements.map(({ id }) => id)).toEqual(["small-refunds", "large-refunds", "no-deletes"]);
});
