import { typeidUnboxed } from "typeid-js";
import { beforeAll, expect, it } from "vitest";
import type { Store } from "../store.js";
import {
  approval,
  createTenant,
  HOUR,
  makeApiKey,
  makeOperator,
  NOW,
  newest,
  type Tenant,
} from "./fixture.js";

/** Many at the same moment. */
export function testRaces(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  it("makes one request of 200 creations of the same id", async () => {
    const draft = tenant.draft();
    const made = await Promise.all(
      Array.from({ length: 200 }, () => store.requests.create({ ...draft })),
    );
    expect(made.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(made.filter(({ outcome }) => outcome === "replayed")).toHaveLength(199);
    expect(await store.events.listForRequest(tenant.projectId, draft.id)).toHaveLength(1);
  });

  it("lets one of 20 deciders win, and shows every other the winner", async () => {
    const draft = tenant.draft();
    await store.requests.create(draft);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.requests.resolve(
          tenant.projectId,
          draft.id,
          1,
          approval(tenant, {
            status: index % 2 === 0 ? "APPROVED" : "REJECTED",
            decidedBy: { type: "operator", id: `usr_${index}` },
            reason: `by ${index}`,
          }),
        ),
      ),
    );
    const winners = answers.filter((answer) => answer?.outcome === "resolved");
    expect(winners).toHaveLength(1);
    for (const answer of answers) expect(answer?.request).toEqual(winners[0]?.request);
    const events = await store.events.listForRequest(tenant.projectId, draft.id);
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({ reason: winners[0]?.request.reason });
  });

  it("gives each request one end when decisions and expiry meet", async () => {
    const expiresAt = NOW - 2_000 * HOUR;
    const drafts = Array.from({ length: 50 }, () => tenant.draft({ expiresAt }));
    await Promise.all(drafts.map((draft) => store.requests.create(draft)));
    const justBefore = approval(tenant, { at: expiresAt - 1 });
    const [expired, ...decided] = await Promise.all([
      store.requests.expireDue(expiresAt, 25),
      ...drafts.map((draft) => store.requests.resolve(tenant.projectId, draft.id, 1, justBefore)),
      store.requests.expireDue(expiresAt, 25).then(() => undefined),
    ]);
    expect(expired.length).toBeLessThanOrEqual(25);
    const won = decided.filter((answer) => answer?.outcome === "resolved").length;
    const { items } = await store.requests.list(
      tenant.projectId,
      newest({ statuses: ["EXPIRED"] }),
    );
    const approved = newest({ statuses: ["APPROVED"], limit: 100 });
    const { items: approvals } = await store.requests.list(tenant.projectId, approved);
    const ids = new Set(drafts.map(({ id }) => id));
    expect(approvals.filter(({ id }) => ids.has(id))).toHaveLength(won);
    expect(items.length + won).toBe(50);
    for (const { id } of drafts) {
      expect(await store.events.listForRequest(tenant.projectId, id)).toHaveLength(2);
    }
  });

  it("undoes a failing mutation alone", async () => {
    const orphan = tenant.draft({ projectId: "prj_missing" });
    const drafts = Array.from({ length: 20 }, () => tenant.draft());
    const attempts = [...drafts.slice(0, 10), orphan, ...drafts.slice(10)];
    const settled = await Promise.allSettled(attempts.map((draft) => store.requests.create(draft)));
    expect(settled.map(({ status }) => status).indexOf("rejected")).toBe(10);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
    for (const { id } of drafts) {
      expect(await store.requests.find(tenant.projectId, id)).toBeDefined();
      expect(await store.events.listForRequest(tenant.projectId, id)).toHaveLength(1);
    }
    expect(await store.requests.find("prj_missing", orphan.id)).toBeUndefined();
  });

  it("undoes everything a failing mutation did", async () => {
    const operator = makeOperator();
    const invited = store.operators.invite("prj_missing", operator, ["viewer"], NOW);
    await expect(invited).rejects.toThrow();
    expect(await store.operators.find(operator.id)).toBeUndefined();
  });

  it("shows an answered write to every read that follows", async () => {
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const draft = tenant.draft();
        await store.requests.create(draft);
        expect(await store.requests.find(tenant.projectId, draft.id)).toBeDefined();
      }),
    );
  });

  it("numbers events in the order of commits, without a gap a reader could miss", async () => {
    const before = await store.events.latestSequence(tenant.projectId);
    const seen: number[] = [];
    const writes = Array.from({ length: 100 }, async () => {
      await store.requests.create(tenant.draft());
      const after = seen.at(-1) ?? before;
      const events = await store.events.listAfter(tenant.projectId, after, 1_000);
      const fresh = events.filter(({ sequence }) => sequence > (seen.at(-1) ?? before));
      seen.push(...fresh.map(({ sequence }) => sequence));
    });
    await Promise.all(writes);
    const all = await store.events.listAfter(tenant.projectId, before, 1_000);
    expect(seen).toEqual(all.map(({ sequence }) => sequence));
    expect(all).toHaveLength(100);
  });

  it("keeps the last admin when two leave at once", async () => {
    const { projectId, admin } = await createTenant(store);
    const second = await store.operators.ensure(makeOperator());
    await store.operators.invite(projectId, second, ["admin"], NOW);
    const left = await Promise.all(
      [admin, second].map(({ id }) => store.operators.remove(projectId, id, NOW)),
    );
    expect(left.toSorted()).toEqual(["last_admin", "removed"]);
  });

  it("makes one agent of many first keys with its name", async () => {
    const { projectId } = await createTenant(store);
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.apiKeys.create(makeApiKey(projectId, `${projectId}${index}`, "twin")),
      ),
    );
    const agents = await store.agents.list(projectId);
    expect(agents.filter(({ name }) => name === "twin")).toHaveLength(1);
  });

  it("makes one first project of many who start together", async () => {
    const operator = await store.operators.ensure(makeOperator());
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.projects.ensureFirst(
          { id: typeidUnboxed("prj"), name: `${index}`, createdAt: NOW },
          operator.id,
        ),
      ),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ projectId }) => projectId)).size).toBe(1);
    expect(await store.operators.listMemberships(operator.id)).toHaveLength(1);
  });
}
