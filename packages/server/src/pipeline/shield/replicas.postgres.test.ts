import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlPlane } from "../../control-plane.js";
import type { Call, People } from "../../events/testing/replica.js";
import { openTwoReplicas } from "../../events/testing/two-replicas.js";

let planes: readonly ControlPlane[];
let calls: readonly [Call, Call];
let people: People;
beforeAll(async () => {
  ({ planes, calls, people } = await openTwoReplicas());
});
afterAll(() => Promise.all(planes.map((plane) => plane.close())));

const ROUTINE = ["read_logs", "summarise", "open_ticket"];

async function observe(call: Call, run_id: string, actions: readonly string[]): Promise<void> {
  const observations = actions.map((action) => ({
    id: typeidUnboxed("obs"),
    service: "deploy",
    action,
    run_id,
    observed_at: new Date().toISOString(),
    ...(action === "open_ticket" && { ends_run: true }),
  }));
  const answer = await call("POST", "/v1/observations", people.agent, { observations });
  expect(answer.status).toBe(204);
}

async function ask(call: Call, action: string, run_id: string) {
  const body = { id: typeidUnboxed("req"), service: "deploy", action, payload: {}, run_id };
  const answer = await call("POST", "/v1/requests", people.agent, body);
  return (await answer.json()) as {
    readonly id: string;
    readonly status: string;
    readonly shield: object;
  };
}

/** Without what depends on when it is asked. */
async function profileOf(call: Call): Promise<object> {
  const answer = await call("GET", "/v1/shield/deploy", people.admin);
  const { would_have_held, ...profile } = (await answer.json()) as Record<string, unknown>;
  return profile;
}

describe.sequential("two control planes on one PostgreSQL", () => {
  it("[P-SHIELD-SAME] learn one profile of what is told to either, at once", async () => {
    const runs = Array.from({ length: 210 }, (_, run) => run);
    for (let at = 0; at < runs.length; at += 10) {
      await Promise.all(
        runs
          .slice(at, at + 10)
          .map((run) => observe(calls[run % 2 === 0 ? 0 : 1], `run-${run}`, ROUTINE)),
      );
    }
    const [here, there] = [await profileOf(calls[0]), await profileOf(calls[1])];
    expect(here).toMatchObject({ baseline: { steps: 630, runs: 210, actions: 3 } });
    expect(there).toEqual(here);
  });

  it("[P-SHIELD-TIGHTENS] enforce on both as soon as one has answered", async () => {
    const text = "permit (principal, action, resource);";
    await calls[0]("PUT", "/v1/policies", people.admin, { text, base_revision: 0 });
    const set = (call: Call, mode: string) =>
      call("PUT", "/v1/shield/deploy/mode", people.admin, { mode });
    expect((await set(calls[0], "locked")).status).toBe(200);
    for (let round = 0; round < 5; round += 1) {
      const [here, there] = round % 2 === 0 ? calls : ([calls[1], calls[0]] as const);
      expect((await set(here, "enforce")).status).toBe(200);
      const run = `jump-${round}`;
      await observe(here, run, ["read_logs"]);
      expect(await ask(there, "apply_terraform", run)).toMatchObject({
        status: "PENDING",
        shield: { anomalous: true, effect: "held", after: "read_logs" },
      });
      expect((await set(there, "locked")).status).toBe(200);
      expect(await ask(here, "apply_terraform", `${run}-again`)).toMatchObject({
        status: "APPROVED",
        shield: { anomalous: true, effect: "warned" },
      });
    }
  });

  it("[P-SHIELD-TAUGHT] learn on one what a person has said on the other", async () => {
    await calls[1]("PUT", "/v1/shield/deploy/mode", people.admin, { mode: "enforce" });
    await observe(calls[0], "taught", ["read_logs"]);
    const { id } = await ask(calls[0], "apply_terraform", "taught");
    const decision = { decision: "approve", revision: 1 };
    const path = `/v1/requests/${id}/decision`;
    expect((await calls[0]("POST", path, people.admin, decision)).status).toBe(200);
    await observe(calls[1], "after", ["read_logs"]);
    expect(await ask(calls[1], "apply_terraform", "after")).toMatchObject({
      status: "APPROVED",
      shield: { anomalous: false },
    });
  });
});
