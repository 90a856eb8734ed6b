import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typeidUnboxed } from "typeid-js";
import { expect, it } from "vitest";
import { type ControlPlane, createControlPlane } from "../../control-plane.js";
import { admit, type Call, callsTo, type People } from "../../events/testing/replica.js";
import { MASTER_KEY } from "../../routes/testing/world.js";

const silent = { info() {}, warn() {}, error() {} };

function openPlane(path: string): Promise<ControlPlane> {
  return createControlPlane({
    storage: { kind: "sqlite", path },
    blobs: { kind: "memory" },
    masterKey: MASTER_KEY,
    rateLimits: false,
    logger: silent,
  });
}

async function observe(
  call: Call,
  { agent }: People,
  steps: readonly (readonly [string, string])[],
) {
  const observations = steps.map(([run_id, action]) => ({
    id: typeidUnboxed("obs"),
    service: "deploy",
    action,
    run_id,
    observed_at: "2026-11-22T09:30:00.000Z",
    ...(action === "open_ticket" && { ends_run: true }),
  }));
  for (let at = 0; at < observations.length; at += 100) {
    const body = { observations: observations.slice(at, at + 100) };
    expect((await call("POST", "/v1/observations", agent, body)).status).toBe(204);
  }
}

async function ask(call: Call, { agent }: People, action: string, run_id: string) {
  const body = { id: typeidUnboxed("req"), service: "deploy", action, payload: {}, run_id };
  const answer = await call("POST", "/v1/requests", agent, body);
  return (await answer.json()) as {
    readonly status: string;
    readonly shield: { readonly anomalous: boolean; readonly after?: string };
  };
}

it("[P-SHIELD-SAME] a run that a new control plane on the same file goes on with is held at the same jump", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-shield-"));
  const path = join(folder, "holdpoint.db");
  const first = await openPlane(path);
  const people = await admit(first);
  const call = callsTo(first);
  const routine = Array.from({ length: 210 }, (_, run) =>
    ["read_logs", "summarise", "open_ticket"].map((action) => [`run-${run}`, action] as const),
  );
  await observe(call, people, routine.flat());
  for (const mode of ["locked", "enforce"]) {
    const set = await call("PUT", "/v1/shield/deploy/mode", people.admin, { mode });
    expect(set.status).toBe(200);
  }
  const text = "permit (principal, action, resource);";
  await call("PUT", "/v1/policies", people.admin, { text, base_revision: 0 });
  await observe(call, people, [
    ["half-way", "read_logs"],
    ["other", "read_logs"],
    ["other", "summarise"],
  ]);
  const profileOf = async (plane: Call) => {
    const { last_24_hours, would_have_held, ...profile } = (await (
      await plane("GET", "/v1/shield/deploy", people.admin)
    ).json()) as Record<string, unknown>;
    return profile;
  };
  const before = await profileOf(call);
  await first.close();

  const second = await openPlane(path);
  const again = callsTo(second);
  expect(await profileOf(again)).toEqual(before);
  expect(await ask(again, people, "open_ticket", "half-way")).toMatchObject({
    status: "PENDING",
    shield: { anomalous: true, after: "read_logs" },
  });
  expect(await ask(again, people, "open_ticket", "other")).toMatchObject({
    status: "APPROVED",
    shield: { anomalous: false, after: "summarise" },
  });
  await second.close();
  rmSync(folder, { recursive: true });
}, 60_000);
