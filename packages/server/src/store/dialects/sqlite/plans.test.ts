import type { SqliteDatabase } from "kysely";
import { typeidUnboxed } from "typeid-js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assembleStore, type DatabaseStore } from "../../assemble.js";
import {
  approval,
  createMasterKey,
  createTenant,
  HOUR,
  NOW,
  newest,
  type Tenant,
} from "../../conformance/fixture.js";
import { Watched } from "../../conformance/shield-steps.js";
import { OPEN_POLICY, Spender } from "../../conformance/spender.js";
import type { RequestQuery, Store } from "../../store.js";
import type { ShieldStepQuery } from "../../verbs/shield.js";
import { type Connection, forKysely, loadSqlite } from "./driver.js";
import { createDatabase } from "./open.js";

/** Cost stays flat as tables grow when no query reads through one and none sorts what it found. */
let connection: Connection;
let store: DatabaseStore;
let tenant: Tenant;
let watched: Watched;
let statements: string[] = [];

beforeAll(async () => {
  const { DatabaseSync } = await loadSqlite();
  connection = new DatabaseSync(":memory:");
  const kysely = recording(forKysely(connection));
  const open = async () =>
    createDatabase({ writer: connection, kysely, close: () => connection.close() });
  store = await assembleStore(open, [createMasterKey()]);
  tenant = await createTenant(store);
  watched = await Watched.create(store, tenant);
  // Whatever is read once and kept is read now.
  await store.requests.create(tenant.draft());
});
afterAll(() => store.close());

function recording(database: SqliteDatabase): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(statement) {
      statements.push(statement);
      return database.prepare(statement);
    },
  };
}

async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  statements = [];
  await work();
  const planned = statements.filter((statement) => /^(select|update|delete|with)/.test(statement));
  return planned.flatMap((statement) =>
    connection
      .prepare(`explain query plan ${statement}`)
      .all()
      .map((row) => String((row as { detail: unknown }).detail)),
  );
}

const ownerOf = ({ projectId, agent }: Tenant) => ({ projectId, agentId: agent.id });

const list = (query: Partial<RequestQuery>) => () =>
  store.requests.list(tenant.projectId, newest({ limit: 2, ...query }));

const steps = (query: Partial<ShieldStepQuery>) => () =>
  store.shield.listSteps(tenant.projectId, { profileId: watched.profile.id, limit: 2, ...query });
const observations = (query: Partial<ShieldStepQuery>) => () =>
  store.shield.listSteps(tenant.projectId, { source: "observe", limit: 2, ...query });
const runs = (query: object) => () =>
  store.shield.listRuns(watched.profile.id, { limit: 2, ...query });

it.each<[string, (store: Store) => Promise<unknown>]>([
  ["deciding", () => store.requests.resolve(tenant.projectId, "req_x", 1, approval(tenant))],
  ["finding", () => store.requests.find(tenant.projectId, "req_x")],
  ["expiring", () => store.requests.expireDue(NOW, 10)],
  ["the next expiry", () => store.requests.nextExpiry()],
  ["running what was approved", () => runApproved()],
  ["lapsing", () => store.executions.lapseDue(NOW + HOUR, 10)],
  ["the next lease end", () => store.executions.nextLeaseEnd()],
  ["a key", () => store.apiKeys.findByHash("x")],
  ["a token", () => store.operatorTokens.findByHash("x")],
  ["a history", () => store.events.listForRequest(tenant.projectId, "req_x")],
  ["following", () => store.events.listAfter(tenant.projectId, 5, 10)],
  ["finding a record", (store) => store.records.find(ownerOf(tenant), "k")],
  ["deleting records", (store) => store.records.removePrefix(ownerOf(tenant), "k")],
  ["a measured request, reviewed", () => decideMeasured()],
  ["reviewing", async () => reviewObserved()],
  ["a profile", (store) => store.shield.findProfile({ ...watched.profile, service: "x" })],
  ["the profiles of a project", (store) => store.shield.listProfiles(tenant.projectId)],
  ["following the shield's log", (store) => store.shield.readAfter(watched.profile.id, 5, 100)],
  ["a snapshot", (store) => store.shield.loadSnapshot(watched.profile.id)],
  ["a step", (store) => store.shield.findStep(watched.profile.id, "obs_x")],
  ["counting steps", (store) => store.shield.count(watched.profile.id, NOW)],
  ["steps", steps({})],
  ["steps of an action", steps({ action: "refund" })],
  ["steps of an action after another", steps({ action: "refund", after: "read" })],
  ["steps of a run", steps({ runKey: "agt_x/run" })],
  ["anomalies", steps({ anomalous: true })],
  ["anomalies to review", steps({ anomalous: true, reviewed: false })],
  ["observations", observations({})],
  ["observations of a service", observations({ service: "billing" })],
  ["observations of a run", observations({ runId: "run" })],
  ["runs", runs({})],
  ["runs of an agent", runs({ agentId: "agt_x" })],
  ["runs with anomalies", runs({ anomalous: true })],
  ["pruning the shield's log", (store) => store.shield.prune(NOW, 10)],
  ["leasing webhooks", (store) => store.webhookDeliveries.lease("whk_x", NOW, NOW, 8)],
  ["pruning webhooks", (store) => store.webhookDeliveries.prune(NOW, 10)],
  ["webhooks", (store) => store.webhookDeliveries.list(tenant.projectId, { limit: 2 })],
  [
    "webhooks of an endpoint",
    (store) => store.webhookDeliveries.list(tenant.projectId, { limit: 2, endpointId: "whk_x" }),
  ],
  [
    "dead webhooks",
    (store) => store.webhookDeliveries.list(tenant.projectId, { limit: 2, status: "DEAD" }),
  ],
  ["a policy's history", (store) => store.spendPolicies.listHistory({ projectId: "prj_x" }, 2)],
  ["what was bought", (store) => store.spendPolicies.listPast("prj_x", 2)],
  ["a budget", (store) => store.budgets.find("prj_x", "bgt_x")],
  ["a budget's entries", (store) => store.budgets.listEntries("prj_x", "bgt_x", { limit: 2 })],
  ["the budgets of a project", (store) => store.budgets.list("prj_x")],
  ["a purchase, from its making to its refund", () => buy()],
  ["ending holds", (store) => store.purchases.endHolds(NOW, 10)],
  ["the next end of a hold", (store) => store.purchases.nextHoldEnd()],
  ["newest purchases", (store) => store.purchases.list("prj_x", { limit: 2 })],
  ["an agent's purchases", (store) => store.purchases.list("prj_x", { limit: 2, agentId: "a" })],
  [
    "purchases by what they are",
    (store) => store.purchases.list("prj_x", { limit: 2, statuses: ["pending", "completed"] }),
  ],
  ["approvals", () => approveTogether()],
  ["the latest", () => store.events.latestSequence(tenant.projectId)],
  ["a receipt", () => store.receipts.find(tenant.projectId, "rcp_x")],
  ["an export", () => store.receipts.listAfter(tenant.projectId, 5, 10)],
  ["tiles", () => store.log.tiles([0, 1].map((level) => ({ level, index: 5 })))],
  ["newest", list({})],
  ["newest of a status", list({ statuses: ["REJECTED"] })],
  ["newest of an agent", list({ agentId: "agt_x" })],
  ["newest of a service", list({ service: "billing" })],
  ["newest of a run", list({ runId: "run" })],
  ["newest with filters", list({ action: "refund", role: "finance", search: "x" })],
  ["triage", list({ order: "triage", statuses: ["PENDING"] })],
  ["triage of a service", list({ order: "triage", statuses: ["PENDING"], service: "billing" })],
])("%s reads no table through and sorts nothing", async (_name, work) => {
  const plans = await plansOf(() => work(store));
  expect(plans.length).toBeGreaterThan(0);
  const slow = plans.filter((plan) => /SCAN|TEMP B-TREE/.test(plan) && !EARLIEST.test(plan));
  expect(slow).toEqual([]);
});

/**
 * Starts at the first entry of the index and, by its limit of one, ends there; or counts what a
 * limited query within has found.
 */
const EARLIEST =
  /^SCAN (requests USING COVERING INDEX requests_expiry|executions USING COVERING INDEX executions_lease|purchases USING COVERING INDEX purchases_hold|pending|reserved)$/;

/** Money that is reserved, approved for less, paid and refunded, with every limit set. */
async function buy(): Promise<void> {
  const spender = await Spender.create(store);
  const limits = { requests_per_minute: 9, requests_per_hour: 9, auto_approve: { enabled: false } };
  await spender.setPolicy({ ...OPEN_POLICY, ...limits });
  await spender.setPolicy({ ...OPEN_POLICY, ...limits }, "project");
  await spender.fund("organisation", await spender.joinOrganisation(), 100_000);
  statements = [];
  const purchase = await spender.buy();
  await spender.approve(purchase, { amountMinor: 900, at: NOW });
  await spender.confirm(purchase, { actualAmountMinor: 800, at: NOW });
  const { projectId, admin: operator } = spender.tenant;
  const refund = { id: "rfd_x", amountMinor: 100, operator, at: NOW };
  const refunded = await store.purchases.refund(projectId, purchase.request.id, refund);
  expect(refunded?.outcome).toBe("refunded");
}

/** A request from its making to an unknown outcome that is settled. */
async function runApproved(): Promise<void> {
  const { projectId, agent } = tenant;
  const draft = tenant.draft();
  const grant = { id: "gnt_x", expiresAt: NOW + HOUR };
  await store.requests.create(draft);
  await store.requests.resolve(
    projectId,
    draft.id,
    1,
    approval(tenant, { approvedDigest: "x", grant }),
  );
  const lease = { at: NOW, leaseExpiresAt: NOW + 1_000 };
  const claim = { projectId, requestId: draft.id, agent, grantId: grant.id, approvedDigest: "x" };
  await store.executions.claim({ ...claim, ...lease, id: "exe_x", idempotent: true });
  await store.executions.renew(projectId, "exe_x", { ...lease, fencingToken: 1 });
  await store.executions.lapseDue(NOW + 1_000, 10);
  await store.executions.claim({ ...claim, ...lease, id: "exe_y", idempotent: true });
  const ending = { status: "COMMITTED", settledBy: { type: "agent", id: agent.id } } as const;
  const settled = await store.executions.settle(projectId, "exe_x", {
    ...ending,
    fencingToken: 2,
    at: NOW,
    result: 1,
  });
  expect(settled?.outcome).toBe("settled");
}

async function decideMeasured(): Promise<void> {
  const draft = watched.draft();
  await store.requests.create(draft);
  await store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
  expect(await store.shield.findStep(watched.profile.id, draft.id)).toHaveProperty("review");
}

async function reviewObserved(): Promise<void> {
  const step = watched.departure();
  await store.shield.observe([step]);
  const { id, name } = tenant.admin;
  const reviewed = await store.shield.review(watched.profile.id, step.id, {
    eventId: typeidUnboxed("evt"),
    at: NOW,
    actor: { type: "operator", id, name },
    answer: "usual",
  });
  expect(reviewed).toHaveProperty("review");
}

/** A request that two have to approve, approved by one of them and listed. */
async function approveTogether(): Promise<void> {
  const draft = tenant.draft({ quorum: 2, runId: "together" });
  await store.requests.create(draft);
  await store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
  await store.requests.list(tenant.projectId, newest({ limit: 2, runId: "together" }));
}

it("takes the oldest waiting receipts off the front of their index", async () => {
  await store.log.open("log.example/v1/log");
  await store.requests.create(tenant.draft());
  const plans = await plansOf(() => store.log.integrate(1));
  expect(plans).toContain("SCAN receipts USING INDEX receipts_waiting");
  expect(plans).toContain("SEARCH receipts USING INTEGER PRIMARY KEY (rowid=?)");
  expect(plans.filter((plan) => /^SCAN (receipts|log_tiles)$/.test(plan))).toEqual([]);
});

it.each(["newest", "triage"] as const)("goes on in %s from the cursor's place", async (order) => {
  for (let count = 0; count < 3; count += 1) await store.requests.create(tenant.draft());
  const query = newest({ order, statuses: ["PENDING"], limit: 1 });
  const { nextCursor } = await store.requests.list(tenant.projectId, query);
  const plans = await plansOf(list({ ...query, cursor: nextCursor ?? "" }));
  const index = order === "newest" ? "requests_status" : "requests_triage";
  // After it are read the approvals of requests that several people decide.
  const [page] = plans;
  expect(page).toMatch(new RegExp(`^SEARCH requests USING INDEX ${index} .*[<>]`));
});

it.each(["ascending", "descending"] as const)(
  "reads no more keys than a page of records holds, %s",
  async (order) => {
    const query = { prefix: "k", order, limit: 2, maxBytes: 1_000 };
    const plans = await plansOf(() => store.records.list(ownerOf(tenant), query));
    const reads = plans.filter((plan) => / records/.test(plan));
    const index = "SEARCH records USING INDEX sqlite_autoindex_records_1";
    const owner = "project_id=? AND agent_id=? AND key";
    expect(reads).toEqual([`${index} (${owner}>? AND key<?)`, `${index} (${owner}=?)`]);
  },
);

it.each<[string, () => Promise<unknown>, string]>([
  ["a profile", steps({}), "profile"],
  ["an action", steps({ action: "refund" }), "action"],
  ["a run", steps({ runKey: "agt_x/run" }), "run"],
  ["a profile that are anomalies", steps({ anomalous: true }), "anomalies"],
  ["a project", observations({ service: "billing" }), "newest"],
  ["a run of a project", observations({ runId: "run" }), "run_id"],
])("lists the steps of %s by their own index", async (_name, work, index) => {
  const plans = await plansOf(work);
  expect(plans.filter((plan) => / shield_entries /.test(plan))).toEqual([
    expect.stringMatching(`^SEARCH shield_entries USING INDEX shield_entries_${index} \\(`),
  ]);
});

it.each<[string, () => Promise<unknown>, string]>([
  ["a profile", runs({}), "latest"],
  ["an agent", runs({ agentId: "agt_x" }), "agent"],
  ["a profile that have anomalies", runs({ anomalous: true }), "anomalies"],
])("lists the runs of %s by their own index", async (_name, work, index) => {
  const plans = await plansOf(work);
  expect(plans.filter((plan) => / shield_runs /.test(plan))).toEqual([
    expect.stringMatching(`^SEARCH shield_runs USING INDEX shield_runs_${index} \\(`),
  ]);
});

it("counts the steps of a time in an index alone", async () => {
  const plans = await plansOf(() => store.shield.count(watched.profile.id, NOW));
  expect(plans).toEqual([
    expect.stringMatching("^SEARCH shield_entries USING COVERING INDEX shield_entries_count "),
    expect.stringMatching("^SEARCH shield_entries USING INDEX shield_entries_anomalies "),
  ]);
});
