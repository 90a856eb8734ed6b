import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { questionOf } from "../../domain/policy/testing.js";
import { createMasterKey, createTenant, NOW } from "../../store/conformance/fixture.js";
import { createSqliteStore } from "../../store/sqlite.js";
import type { Store } from "../../store/store.js";
import { createPolicyJudge } from "./judge.js";

let store: Store;
beforeAll(async () => {
  store = await createSqliteStore({ storage: { memory: true }, masterKeys: [createMasterKey()] });
});
afterAll(() => store.close());

async function createProject() {
  const { projectId, admin } = await createTenant(store);
  let revision = 0;
  const set = async (text: string) => {
    const id = `pol_${projectId.slice(4)}${revision}`;
    const createdBy = { type: "operator", id: admin.id } as const;
    const made = { id, projectId, text, createdAt: NOW, createdBy, eventId: `evt_${id.slice(4)}` };
    await store.policies.set({ ...made, baseRevision: revision });
    revision += 1;
  };
  return { question: questionOf({ projectId }), set };
}

it("says that there is no policy", async () => {
  const { question } = await createProject();
  expect(await createPolicyJudge(store.policies).judge(question)).toEqual({
    revision: 0,
    verdict: "none",
    statements: [],
  });
});

it("reads a text once, and which is in force each time", async () => {
  const { question, set } = await createProject();
  const find = vi.spyOn(store.policies, "find");
  const revisionOf = vi.spyOn(store.policies, "revisionOf");
  const judge = createPolicyJudge(store.policies);
  await set("permit (principal, action, resource);");
  for (let round = 0; round < 3; round += 1) {
    expect(await judge.judge(question)).toMatchObject({ revision: 1, verdict: "allow" });
  }
  await set("forbid (principal, action, resource);");
  expect(await judge.judge(question)).toMatchObject({ revision: 2, verdict: "deny" });
  expect([find.mock.calls.length, revisionOf.mock.calls.length]).toEqual([2, 4]);
});

it("[P-POLICY] fails where the text in force is none that Cedar reads", async () => {
  const { question, set } = await createProject();
  await set("permit (principal, action, resource); forbidden");
  expect(await createPolicyJudge(store.policies).judge(question)).toEqual({
    revision: 1,
    verdict: "none",
    statements: [],
    failed: true,
  });
});

it("[P-POLICY] lets nothing through where the store does not answer", async () => {
  const { question } = await createProject();
  const revisionOf = () => Promise.reject(new Error("gone"));
  const judge = createPolicyJudge({ ...store.policies, revisionOf });
  await expect(judge.judge(question)).rejects.toThrow("gone");
});
