import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlPlane } from "../../control-plane.js";
import { type Call, draft, type People } from "../../events/testing/replica.js";
import { openTwoReplicas } from "../../events/testing/two-replicas.js";

let planes: readonly ControlPlane[];
let calls: readonly [Call, Call];
let people: People;
beforeAll(async () => {
  ({ planes, calls, people } = await openTwoReplicas());
});
afterAll(() => Promise.all(planes.map((plane) => plane.close())));

const ALLOW = "permit (principal, action, resource);";
const DENY = "forbid (principal, action, resource);";

async function revisions(): Promise<readonly { readonly revision: number }[]> {
  const answer = await calls[0]("GET", "/v1/policies", people.admin);
  return ((await answer.json()) as { data: { revision: number }[] }).data;
}

function set(call: Call, text: string, base_revision: number): Promise<Response> {
  return call("PUT", "/v1/policies", people.admin, { text, base_revision });
}

describe("two control planes on one PostgreSQL", () => {
  it("[P-POLICY-AT-ONCE] judge by what was set on the other, as soon as that is answered", async () => {
    for (let round = 0; round < 20; round += 1) {
      const [here, there] = round % 3 === 0 ? calls : ([calls[1], calls[0]] as const);
      const text = round % 2 === 0 ? ALLOW : DENY;
      expect((await set(here, text, round)).status).toBe(200);
      const asked = await there("POST", "/v1/requests", people.agent, draft());
      expect(await asked.json()).toMatchObject({
        status: round % 2 === 0 ? "APPROVED" : "REJECTED",
        policy: { revision: round + 1 },
      });
    }
  });

  it("[P-POLICY-AT-ONCE] let one of those win who set it at once", async () => {
    const base = (await revisions())[0]?.revision ?? 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => set(calls[index % 2 === 0 ? 0 : 1], ALLOW, base)),
    );
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect([won.length, lost.length]).toEqual([1, 19]);
    expect((await revisions())[0]?.revision).toBe(base + 1);
  });
});
