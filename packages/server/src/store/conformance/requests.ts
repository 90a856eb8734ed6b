import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { NewRequest, Request } from "../../domain/request.js";
import type { Store } from "../store.js";
import { approval, createTenant, HOUR, makeApiKey, NOW, type Tenant } from "./fixture.js";

/** Making, finding and deciding requests. */
export function testRequests(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  async function create(overrides: Partial<NewRequest> = {}): Promise<Request> {
    const made = await store.requests.create(tenant.draft(overrides));
    if (!("request" in made)) throw new Error("Expected a new request.");
    return made.request;
  }

  it("gives back a request with every member as it was made", async () => {
    const draft = tenant.draft({
      agentLabel: "night shift",
      priority: "critical",
      role: "finance",
      schema: { type: "object", properties: { amount_minor: { type: "integer" } } },
      skeletonHash: "ab".repeat(32),
      metadata: { ticket: "T-1", nested: { list: [1, "ä", null, true] } },
      environment: "production",
      runId: "run-1",
      parentRequestId: typeidUnboxed("req"),
    });
    const made = await store.requests.create(draft);
    const { digest: _, ...members } = draft;
    const expected = { ...members, status: "PENDING", executionStatus: "NONE", revision: 1 };
    expect(made).toEqual({ outcome: "created", request: expected });
    expect(await store.requests.find(tenant.projectId, draft.id)).toEqual(expected);
  });

  it.each([null, false, 0, "", "text", [], [1, [2]], { "": { "a.b": "\u0000" } }])(
    "keeps the payload %j",
    async (payload) => {
      const { id } = await create({ payload });
      const found = await store.requests.find(tenant.projectId, id);
      expect(found?.payload).toEqual(payload);
    },
  );

  it("leaves out what was not given", async () => {
    const { id } = await create();
    const found = await store.requests.find(tenant.projectId, id);
    for (const name of ["role", "schema", "reason", "decidedBy", "resolvedAt", "patchedPayload"]) {
      expect(found).not.toHaveProperty(name);
    }
  });

  it("keeps an envelope of an encrypted request untouched", async () => {
    const payload = { protected: "e30", iv: "aa", ciphertext: "bb", tag: "cc" };
    const { id } = await create({ payload, encrypted: true });
    const found = await store.requests.find(tenant.projectId, id);
    expect(found).toMatchObject({ payload, encrypted: true });
  });

  it("replays a creation sent twice, as the request stands by then", async () => {
    const draft = tenant.draft();
    expect(await store.requests.takenBy(draft)).toBe("nobody");
    await store.requests.create(draft);
    await store.requests.resolve(tenant.projectId, draft.id, 1, approval(tenant));
    expect(await store.requests.takenBy(draft)).toBe("itself");
    const again = await store.requests.create(draft);
    expect(again).toMatchObject({ outcome: "replayed", request: { status: "APPROVED" } });
    expect(await store.events.listForRequest(tenant.projectId, draft.id)).toHaveLength(2);
  });

  it("refuses a taken id for another digest, agent or project, and says nothing of it", async () => {
    const draft = tenant.draft();
    await store.requests.create(draft);
    const stranger = await createTenant(store);
    const key = makeApiKey(tenant.projectId, typeidUnboxed("key"), "other-bot");
    const colleague = await store.apiKeys.create(key);
    const taken = [
      { ...draft, digest: "1".repeat(64) },
      { ...draft, agent: colleague.agent },
      stranger.draft({ id: draft.id, digest: draft.digest }),
    ];
    for (const attempt of taken) {
      expect(await store.requests.takenBy(attempt)).toBe("another");
      expect(await store.requests.create(attempt)).toEqual({ outcome: "conflict" });
    }
    expect(await store.requests.find(stranger.projectId, draft.id)).toBeUndefined();
  });

  it("shows and decides no request of another project", async () => {
    const { id } = await create();
    const stranger = await createTenant(store);
    const { projectId } = stranger;
    expect(await store.requests.find(projectId, id)).toBeUndefined();
    expect(await store.requests.resolve(projectId, id, 1, approval(stranger))).toBeUndefined();
    expect(await store.events.listForRequest(projectId, id)).toEqual([]);
    expect(await store.requests.find(tenant.projectId, id)).toMatchObject({ status: "PENDING" });
  });

  it("resolves with patch, diff and reason", async () => {
    const { id } = await create();
    const resolution = approval(tenant, {
      status: "APPROVED_WITH_MODIFICATIONS",
      patchedPayload: { amount_minor: 100, currency: "EUR" },
      diffSummary: {
        summary: "Changed.",
        changes: [{ path: "/amount_minor", from: 1250, to: 100 }],
      },
      reason: "Too much.",
    });
    const resolved = await store.requests.resolve(tenant.projectId, id, 1, resolution);
    const found = await store.requests.find(tenant.projectId, id);
    expect(resolved).toEqual({ outcome: "resolved", request: found });
    const { at, ...members } = resolution;
    expect(found).toMatchObject({ ...members, resolvedAt: at, revision: 2 });
  });

  it("loses to an answer that is there, and shows it", async () => {
    const { id } = await create();
    await store.requests.resolve(tenant.projectId, id, 1, approval(tenant, { reason: "first" }));
    for (const revision of [1, 2]) {
      const second = approval(tenant, { status: "REJECTED", reason: "second" });
      const lost = await store.requests.resolve(tenant.projectId, id, revision, second);
      expect(lost).toMatchObject({
        outcome: "lost",
        request: { status: "APPROVED", reason: "first", revision: 2 },
      });
    }
  });

  it("loses on another revision, and the request stays open", async () => {
    const { id } = await create();
    const lost = await store.requests.resolve(tenant.projectId, id, 2, approval(tenant));
    expect(lost).toMatchObject({ outcome: "lost", request: { status: "PENDING", revision: 1 } });
  });

  it("knows no request that was never made", async () => {
    const id = typeidUnboxed("req");
    expect(await store.requests.find(tenant.projectId, id)).toBeUndefined();
    expect(await store.requests.resolve(tenant.projectId, id, 1, approval(tenant))).toBeUndefined();
  });

  it.each([
    ["APPROVED", -1, "resolved"],
    ["APPROVED", 0, "lost"],
    ["REJECTED", 1, "lost"],
    ["CANCELLED", 1, "lost"],
    ["EXPIRED", -1, "lost"],
    ["EXPIRED", 0, "resolved"],
  ] as const)("%s %i ms from expiry is %s", async (status, fromExpiryMs, outcome) => {
    const { id, expiresAt } = await create();
    const at = expiresAt + fromExpiryMs;
    const decided = approval(tenant, { status, at });
    expect(await store.requests.resolve(tenant.projectId, id, 1, decided)).toMatchObject({
      outcome,
    });
  });

  it("expires what is due, oldest first, and tells when the next is", async () => {
    const other = await createTenant(store);
    const start = NOW - 1_000 * HOUR;
    const drafts = [3, 1, 2].map((hour) => other.draft({ expiresAt: start + hour }));
    for (const draft of drafts) await store.requests.create(draft);
    expect(await store.requests.nextExpiry()).toBe(start + 1);
    const first = await store.requests.expireDue(start + 2, 1);
    expect(first.map(({ id }) => id)).toEqual([drafts[1]?.id]);
    expect(first[0]).toMatchObject({ status: "EXPIRED", revision: 2, resolvedAt: start + 2 });
    expect(await store.requests.nextExpiry()).toBe(start + 2);
    expect(await store.requests.expireDue(start + 3, 100)).toHaveLength(2);
    expect(await store.requests.expireDue(start + 3, 100)).toEqual([]);
    expect(await store.requests.nextExpiry()).toBeGreaterThan(start + 3);
  });
}
