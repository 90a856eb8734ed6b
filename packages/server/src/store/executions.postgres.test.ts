import { createDatabase } from "@holdpoint/test-postgres";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Claim } from "../domain/execution.js";
import type { DatabaseStore } from "./assemble.js";
import {
  approval,
  createMasterKey,
  createTenant,
  HOUR,
  NOW,
  type Tenant,
} from "./conformance/fixture.js";
import { createPostgresStore } from "./postgres.js";

const LEASE = 60_000;

/** Two replicas on one database. */
let replicas: DatabaseStore[];
let tenant: Tenant;
beforeAll(async () => {
  const connectionString = await createDatabase(inject("postgres"));
  const masterKeys = [createMasterKey()];
  const open = () => createPostgresStore({ connectionString, masterKeys });
  replicas = [await open(), await open()];
  tenant = await createTenant(replica(0));
});
afterAll(() => Promise.all(replicas.map((store) => store.close())));

function replica(index: number): DatabaseStore {
  return replicas[index % replicas.length] as DatabaseStore;
}

/** Calls each replica in turn, all at once. */
function race<Result>(count: number, call: (store: DatabaseStore) => Promise<Result>) {
  return Promise.all(Array.from({ length: count }, (_, index) => call(replica(index))));
}

async function approve(): Promise<() => Claim> {
  const { projectId, agent } = tenant;
  const draft = tenant.draft();
  const grant = { id: typeidUnboxed("gnt"), expiresAt: NOW + HOUR };
  await replica(0).requests.create(draft);
  const resolution = approval(tenant, { approvedDigest: "digest", grant });
  await replica(1).requests.resolve(projectId, draft.id, 1, resolution);
  return () => ({
    id: typeidUnboxed("exe"),
    projectId,
    requestId: draft.id,
    agent,
    grantId: grant.id,
    approvedDigest: "digest",
    idempotent: true,
    at: NOW,
    leaseExpiresAt: NOW + LEASE,
  });
}

it("[G2] gives a grant to one of 50 claims at two replicas, and again once unknown", async () => {
  const claimOf = await approve();
  for (const token of [1, 2]) {
    const results = await race(50, (store) => store.executions.claim(claimOf()));
    const won = results.flatMap((result) =>
      result.outcome === "claimed" ? [result.execution.fencingToken] : [],
    );
    expect(won).toEqual([token]);
    const lapsed = await race(4, (store) => store.executions.lapseDue(NOW + LEASE, 10));
    expect(lapsed.flat()).toHaveLength(1);
  }
});

it("[G2] ends each of 20 runs once, when commits and lapses meet at two replicas", async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, async () => (await approve())()));
  await Promise.all(claims.map((claim, index) => replica(index).executions.claim(claim)));
  const settledBy = { type: "agent" as const, ...tenant.agent };
  const at = NOW + LEASE - 1;
  const [lapsed, ...ends] = await Promise.all([
    race(6, (store) => store.executions.lapseDue(NOW + LEASE, 5)),
    ...claims.map(({ id }, index) =>
      replica(index).executions.settle(tenant.projectId, id, {
        status: "COMMITTED",
        fencingToken: 1,
        settledBy,
        at,
      }),
    ),
  ]);
  const unknown = lapsed.flat().map(({ id }) => id);
  const committed = ends.flatMap((end) => (end?.outcome === "settled" ? [end.execution.id] : []));
  expect(new Set([...unknown, ...committed]).size).toBe(unknown.length + committed.length);
  for (const { id, requestId } of claims) {
    const events = await replica(0).events.listForRequest(tenant.projectId, requestId);
    const ended = unknown.includes(id) || committed.includes(id);
    expect(events).toHaveLength(ended ? 4 : 3);
  }
});

it("begins one of 100 equal calls at two replicas", async () => {
  const call = { id: "key", bodyDigest: "digest", at: NOW, leaseExpiresAt: NOW + LEASE };
  const results = await race(100, (store) => store.idempotency.begin(call));
  expect(results.filter(({ outcome }) => outcome === "begun")).toHaveLength(1);
  expect(results.filter(({ outcome }) => outcome === "in_flight")).toHaveLength(99);
});
