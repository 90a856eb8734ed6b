import { isId } from "@holdpoint/protocol";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import { approval, createTenant, HOUR, NOW, type Tenant } from "./fixture.js";

/** What happened, in order. */
export function testEvents(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  it("tells a request's history, oldest first, with who and why", async () => {
    const draft = tenant.draft({ priority: "high" });
    await store.requests.create(draft);
    const decision = approval(tenant, { status: "REJECTED", reason: "No." });
    await store.requests.resolve(tenant.projectId, draft.id, 1, decision);
    const [created, rejected, ...rest] = await store.events.listForRequest(
      tenant.projectId,
      draft.id,
    );
    expect(rest).toEqual([]);
    expect(created).toEqual({
      sequence: created?.sequence,
      id: created?.id,
      projectId: tenant.projectId,
      agentId: tenant.agent.id,
      type: "request.created",
      request_id: draft.id,
      at: new Date(NOW).toISOString(),
      actor: { type: "agent", ...tenant.agent },
      service: "billing",
      action: "refund",
      status: "PENDING",
      priority: "high",
      receipt_id: created?.id.replace("evt_", "rcp_"),
    });
    expect(isId("event", created?.id)).toBe(true);
    expect(rejected).toMatchObject({
      type: "request.rejected",
      status: "REJECTED",
      actor: decision.decidedBy,
      reason: "No.",
      at: new Date(decision.at).toISOString(),
    });
    expect(rejected?.sequence).toBeGreaterThan(created?.sequence ?? Number.POSITIVE_INFINITY);
  });

  it.each([
    ["APPROVED", "request.approved"],
    ["APPROVED_WITH_MODIFICATIONS", "request.approved"],
    ["REJECTED", "request.rejected"],
    ["CANCELLED", "request.cancelled"],
  ] as const)("%s is told as %s", async (status, type) => {
    const draft = tenant.draft();
    await store.requests.create(draft);
    await store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant, { status }));
    const events = await store.events.listForRequest(tenant.projectId, draft.id);
    expect(events.at(-1)).toMatchObject({ type, status });
  });

  it("tells an expiry, by the system", async () => {
    const draft = tenant.draft({ expiresAt: NOW - 3_000 * HOUR });
    await store.requests.create(draft);
    await store.requests.expireDue(draft.expiresAt, 10);
    const events = await store.events.listForRequest(tenant.projectId, draft.id);
    expect(events.at(-1)).toMatchObject({ type: "request.expired", actor: { type: "system" } });
  });

  it("follows one project from a sequence on", async () => {
    const other = await createTenant(store);
    expect(await store.events.latestSequence(other.projectId)).toBe(0);
    for (let count = 0; count < 3; count += 1) {
      await store.requests.create(other.draft());
      await store.requests.create(tenant.draft());
    }
    const all = await store.events.listAfter(other.projectId, 0, 10);
    expect(all.map(({ projectId }) => projectId)).toEqual(Array(3).fill(other.projectId));
    expect(await store.events.latestSequence(other.projectId)).toBe(all[2]?.sequence);
    const second = all[1]?.sequence ?? 0;
    expect(await store.events.listAfter(other.projectId, second, 10)).toEqual(all.slice(2));
    expect(await store.events.listAfter(other.projectId, 0, 2)).toEqual(all.slice(0, 2));
  });

  it("tells nothing of a decision that lost", async () => {
    const draft = tenant.draft();
    await store.requests.create(draft);
    await store.requests.resolve(tenant.projectId, draft.id, 7, approval(tenant));
    expect(await store.events.listForRequest(tenant.projectId, draft.id)).toHaveLength(1);
  });
}
