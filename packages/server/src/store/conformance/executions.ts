import { typeidUnboxed } from "typeid-js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Claim, Settlement } from "../../domain/execution.js";
import type { NewRequest, Request } from "../../domain/request.js";
import type { Store } from "../store.js";
import { approval, createTenant, HOUR, NOW, type Tenant } from "./fixture.js";

const LEASE = 60_000;
const DIGEST = `sha256:${"a".repeat(64)}`;
/** After every time of the other tests, so that a sweep of one ends no lease of another. */
let epoch = NOW + 10_000 * HOUR;

/** One run of what was approved. */
export function testExecutions(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let now: number;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
    epoch += 1_000 * HOUR;
    now = epoch;
  });

  async function approve(overrides: Partial<NewRequest> = {}): Promise<Request> {
    const draft = tenant.draft({ createdAt: now, expiresAt: now + HOUR, ...overrides });
    await store.requests.create(draft);
    const grant = { id: typeidUnboxed("gnt"), expiresAt: now + HOUR };
    const resolution = approval(tenant, { at: now, approvedDigest: DIGEST, grant });
    const resolved = await store.requests.resolve(tenant.projectId, draft.id, 1, resolution);
    if (resolved?.outcome !== "resolved") throw new Error("Expected an approved request.");
    return resolved.request;
  }

  const claimOf = (request: Request, overrides: Partial<Claim> = {}): Claim => ({
    id: typeidUnboxed("exe"),
    projectId: tenant.projectId,
    requestId: request.id,
    agent: tenant.agent,
    grantId: request.grant?.id ?? "",
    approvedDigest: DIGEST,
    idempotent: false,
    at: now,
    leaseExpiresAt: now + LEASE,
    ...overrides,
  });

  const commitOf = (overrides: Partial<Settlement> = {}): Settlement => ({
    status: "COMMITTED",
    fencingToken: 1,
    settledBy: { type: "agent", ...tenant.agent },
    at: now,
    ...overrides,
  });

  async function claimed(overrides: Partial<Claim> = {}) {
    const request = await approve();
    const result = await store.executions.claim(claimOf(request, overrides));
    if (result.outcome !== "claimed") throw new Error("Expected the first claim to have it.");
    return { request, execution: result.execution };
  }

  const settle = (id: string, settlement: Settlement) =>
    store.executions.settle(tenant.projectId, id, settlement);
  const reconcile = (id: string, at = now + LEASE) =>
    store.executions.reconcile(tenant.projectId, id, {
      status: "COMMITTED",
      settledBy: { type: "operator", id: tenant.admin.id },
      at,
      evidence: { provider_record: "ch_8841" },
    });
  const find = (id: string) => store.executions.find(tenant.projectId, id);
  const typesOf = async (requestId: string) =>
    (await store.events.listForRequest(tenant.projectId, requestId)).map(({ type }) => type);

  it("keeps what a run said, sealed, and tells the request and its history", async () => {
    const { request, execution } = await claimed();
    expect(await find(execution.id)).toEqual(execution);
    const settled = await settle(execution.id, commitOf({ result: { rows: 12 } }));
    expect(settled?.outcome).toBe("settled");
    expect(settled?.execution).toEqual({
      ...execution,
      status: "COMMITTED",
      settledAt: now,
      settledBy: { type: "agent", ...tenant.agent },
      result: { rows: 12 },
    });
    expect(await find(execution.id)).toEqual(settled?.execution);
    expect(await store.requests.find(tenant.projectId, request.id)).toEqual({
      ...request,
      executionStatus: "COMMITTED",
      executionId: execution.id,
    });
    expect(await typesOf(request.id)).toEqual([
      "request.created",
      "request.approved",
      "execution.claimed",
      "execution.committed",
    ]);
  });

  it.each<[string, () => Partial<Claim>]>([
    ["another grant", () => ({ grantId: typeidUnboxed("gnt") })],
    ["other arguments", () => ({ approvedDigest: `sha256:${"b".repeat(64)}` })],
    ["another project", () => ({ projectId: typeidUnboxed("prj") })],
    ["another agent", () => ({ agent: { id: typeidUnboxed("agt"), name: "other" } })],
    ["a grant that is over", () => ({ at: now + HOUR })],
  ])("gives %s nothing", async (_case, overrides) => {
    const request = await approve();
    expect(await store.executions.claim(claimOf(request, overrides()))).toEqual({
      outcome: "lost",
    });
    expect(await typesOf(request.id)).toHaveLength(2);
    expect((await store.executions.claim(claimOf(request))).outcome).toBe("claimed");
  });

  it("gives a rejected request's claim nothing", async () => {
    const draft = tenant.draft({ createdAt: now, expiresAt: now + HOUR });
    await store.requests.create(draft);
    const rejection = approval(tenant, { status: "REJECTED", at: now });
    const rejected = await store.requests.resolve(tenant.projectId, draft.id, 1, rejection);
    const claim = claimOf(rejected?.request as Request);
    expect(await store.executions.claim(claim)).toEqual({ outcome: "lost" });
  });

  it("undoes a claim under a taken id", async () => {
    const { execution } = await claimed();
    const request = await approve();
    const claim = claimOf(request, { id: execution.id });
    expect(await store.executions.claim(claim)).toEqual({ outcome: "id_taken" });
    const standing = await store.requests.find(tenant.projectId, request.id);
    expect(standing?.executionStatus).toBe("NONE");
    expect((await store.executions.claim(claimOf(request))).outcome).toBe("claimed");
  });

  it("keeps one project's executions from another", async () => {
    const { execution } = await claimed();
    const other = await createTenant(store);
    const { executions } = store;
    const renewal = { fencingToken: 1, at: now, leaseExpiresAt: now + LEASE };
    expect(await executions.find(other.projectId, execution.id)).toBeUndefined();
    expect(await executions.renew(other.projectId, execution.id, renewal)).toBeUndefined();
    expect(await executions.settle(other.projectId, execution.id, commitOf())).toBeUndefined();
  });

  it("ends leases at their very millisecond, batch by batch, and knows the next", async () => {
    const first = await claimed({ leaseExpiresAt: now - 5 * HOUR });
    const second = await claimed({ leaseExpiresAt: now - 4 * HOUR });
    expect(await store.executions.nextLeaseEnd()).toBe(now - 5 * HOUR);
    expect(await store.executions.lapseDue(now - 5 * HOUR - 1, 10)).toEqual([]);
    const lapsed = await store.executions.lapseDue(now - 4 * HOUR, 1);
    expect(lapsed.map(({ id }) => id)).toEqual([first.execution.id]);
    expect(await store.executions.nextLeaseEnd()).toBe(now - 4 * HOUR);
    expect(await store.executions.lapseDue(now - 4 * HOUR, 10)).toHaveLength(1);
    expect((await find(second.execution.id))?.status).toBe("OUTCOME_UNKNOWN");
    expect(await typesOf(second.request.id)).toContain("execution.outcome_unknown");
  });

  it("[P-UNKNOWN] takes nothing at the very end of a lease, though nobody has ended it yet", async () => {
    const { request, execution } = await claimed();
    const end = { fencingToken: 1, at: now + LEASE };
    const renewal = { ...end, leaseExpiresAt: now + 2 * LEASE };
    expect((await settle(execution.id, commitOf(end)))?.outcome).toBe("lost");
    const renewed = await store.executions.renew(tenant.projectId, execution.id, renewal);
    expect(renewed).toEqual({ outcome: "lost", execution });
    expect(await typesOf(request.id)).toHaveLength(3);
  });

  describe("races", () => {
    it("[G2] gives one of 50 claims the grant, and every other the winner", async () => {
      const request = await approve();
      const results = await Promise.all(
        Array.from({ length: 50 }, () => store.executions.claim(claimOf(request))),
      );
      const winners = results.filter(({ outcome }) => outcome === "claimed");
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      const execution = winner !== undefined && "execution" in winner && winner.execution;
      for (const result of results) expect(result).toMatchObject({ execution });
      expect(await typesOf(request.id)).toHaveLength(3);
    });

    it("makes one execution of the same claim sent 50 times", async () => {
      const claim = claimOf(await approve());
      const results = await Promise.all(
        Array.from({ length: 50 }, () => store.executions.claim({ ...claim })),
      );
      expect(results.filter(({ outcome }) => outcome === "claimed")).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === "replayed")).toHaveLength(49);
    });

    it("gives an unknown outcome to one of 50 that claim it again", async () => {
      const { request, execution } = await claimed({ idempotent: true });
      await store.executions.lapseDue(now + LEASE, 100);
      const again = { idempotent: true, at: now + LEASE, leaseExpiresAt: now + 2 * LEASE };
      const results = await Promise.all(
        Array.from({ length: 50 }, () => store.executions.claim(claimOf(request, again))),
      );
      expect(results.filter(({ outcome }) => outcome === "claimed")).toHaveLength(1);
      expect(await find(execution.id)).toMatchObject({ status: "CLAIMED", fencingToken: 2 });
      expect((await settle(execution.id, commitOf({ at: now + LEASE })))?.outcome).toBe("lost");
    });

    it("gives each run one end when commits meet the end of their lease", async () => {
      const runs = await Promise.all(Array.from({ length: 20 }, () => claimed()));
      const justBefore = commitOf({ at: now + LEASE - 1 });
      const [, ...ends] = await Promise.all([
        store.executions.lapseDue(now + LEASE, 100),
        ...runs.map(({ execution }) => settle(execution.id, justBefore)),
        store.executions.lapseDue(now + LEASE, 100).then(() => undefined),
      ]);
      for (const [index, { request, execution }] of runs.entries()) {
        const standing = await find(execution.id);
        const won = ends[index]?.outcome === "settled";
        expect(standing?.status).toBe(won ? "COMMITTED" : "OUTCOME_UNKNOWN");
        expect(await typesOf(request.id)).toHaveLength(4);
        const said = await store.requests.find(tenant.projectId, request.id);
        expect(said?.executionStatus).toBe(standing?.status);
      }
    });

    it("gives each run one owner when claims meet the end of a lease", async () => {
      const { request, execution } = await claimed({ idempotent: true });
      const again = { idempotent: true, at: now + LEASE, leaseExpiresAt: now + 2 * LEASE };
      const results = await Promise.all([
        store.executions.lapseDue(now + LEASE, 100),
        ...Array.from({ length: 10 }, () => store.executions.claim(claimOf(request, again))),
      ]);
      const won = results.filter((result) => "outcome" in result && result.outcome === "claimed");
      expect(won.length).toBeLessThanOrEqual(1);
      const standing = await find(execution.id);
      expect(standing?.status).toBe(won.length === 1 ? "CLAIMED" : "OUTCOME_UNKNOWN");
      expect(standing?.fencingToken).toBe(1 + won.length);
    });

    it("lets one of a commit, a failure and another commit win, and replays the winner", async () => {
      const { request, execution } = await claimed();
      const settlements = Array.from({ length: 30 }, (_, index) =>
        index % 3 === 0
          ? commitOf({ status: "FAILED", error: "no" })
          : commitOf({ result: index % 3 }),
      );
      const ends = await Promise.all(settlements.map((one) => settle(execution.id, one)));
      const outcomes = ends.map((end) => end?.outcome);
      expect(outcomes.filter((outcome) => outcome === "settled")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "replayed")).toHaveLength(9);
      expect(await typesOf(request.id)).toHaveLength(4);
    });

    it("reconciles once, however often it is said", async () => {
      const { request, execution } = await claimed();
      expect((await reconcile(execution.id))?.outcome).toBe("lost");
      await store.executions.lapseDue(now + LEASE, 100);
      const ends = await Promise.all(Array.from({ length: 20 }, () => reconcile(execution.id)));
      expect(ends.filter((end) => end?.outcome === "settled")).toHaveLength(1);
      expect(ends.filter((end) => end?.outcome === "replayed")).toHaveLength(19);
      expect(await typesOf(request.id)).toHaveLength(5);
      expect((await settle(execution.id, commitOf({ at: now + LEASE })))?.outcome).toBe("lost");
    });

    it("renews or lapses, never both", async () => {
      const { execution } = await claimed();
      const renewal = { fencingToken: 1, at: now + LEASE - 1, leaseExpiresAt: now + 2 * LEASE };
      const [lapsed, renewed] = await Promise.all([
        store.executions.lapseDue(now + LEASE, 100),
        store.executions.renew(tenant.projectId, execution.id, renewal),
      ]);
      const isLapsed = lapsed.some(({ id }) => id === execution.id);
      expect(renewed?.outcome).toBe(isLapsed ? "lost" : "renewed");
      const standing = await find(execution.id);
      expect(standing?.status).toBe(isLapsed ? "OUTCOME_UNKNOWN" : "CLAIMED");
    });
  });
}
