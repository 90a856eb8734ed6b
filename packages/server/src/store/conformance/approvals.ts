import { decodeJwt } from "jose";
import { beforeAll, expect, it } from "vitest";
import type { NewRequest, Request, Resolution } from "../../domain/request.js";
import type { Store } from "../store.js";
import { approval, createTenant, HOUR, NOW, newest, type Tenant } from "./fixture.js";

/** Requests that several people have to approve. */
export function testApprovals(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  beforeAll(async () => {
    store = useStore();
    tenant = await createTenant(store);
  });

  async function create(quorum: number, overrides: Partial<NewRequest> = {}): Promise<string> {
    const draft = tenant.draft({ quorum, ...overrides });
    await store.requests.create(draft);
    return draft.id;
  }

  const by = (name: string, overrides: Partial<Resolution> = {}) =>
    approval(tenant, { decidedBy: { type: "operator", id: `usr_${name}`, name }, ...overrides });

  const decide = (id: string, resolution: Resolution, revision = 1) =>
    store.requests.resolve(tenant.projectId, id, revision, resolution);

  const historyOf = async (id: string) => {
    const events = await store.events.listForRequest(tenant.projectId, id);
    return events.map(({ type, actor, status }) => [type, actor.id, status]);
  };

  const approvedBy = (...names: string[]) =>
    names.map((name) => ({ operator: { id: `usr_${name}`, name }, at: NOW + 1_000 }));

  it("stay as they are until the last approval, which approves", async () => {
    const id = await create(3);
    for (const names of [["ada"], ["ada", "ben"]]) {
      const endorsed = await decide(id, by(names.at(-1) ?? ""));
      expect(endorsed).toMatchObject({
        outcome: "endorsed",
        request: { status: "PENDING", revision: 1, quorum: 3, approvals: approvedBy(...names) },
      });
      expect(endorsed?.request).toEqual(await store.requests.find(tenant.projectId, id));
      expect(endorsed?.request).not.toHaveProperty("grant");
    }
    const grant = { id: "gnt_1", expiresAt: NOW + 5_000 };
    const last = await decide(
      id,
      by("cy", { grant, approvedDigest: "sha256:00", reason: "Fine." }),
    );
    expect(last).toMatchObject({
      outcome: "resolved",
      request: {
        status: "APPROVED",
        revision: 2,
        decidedBy: { id: "usr_cy" },
        approvals: approvedBy("ada", "ben", "cy"),
        grant,
      },
    });
    expect(last?.request).toEqual(await store.requests.find(tenant.projectId, id));
    expect(await historyOf(id)).toEqual([
      ["request.created", tenant.agent.id, "PENDING"],
      ["request.endorsed", "usr_ada", "PENDING"],
      ["request.endorsed", "usr_ben", "PENDING"],
      ["request.approved", "usr_cy", "APPROVED"],
    ]);
  });

  it("leave a signed receipt of each approval, and no reason where none was decided", async () => {
    const id = await create(2);
    await decide(id, by("ada"));
    await decide(id, by("ben", { reason: "Fine." }));
    const events = await store.events.listForRequest(tenant.projectId, id);
    expect(events.map(({ reason }) => reason)).toEqual([undefined, undefined, "Fine."]);
    const endorsed = await store.receipts.find(tenant.projectId, events[1]?.receipt_id ?? "");
    expect(decodeJwt(endorsed?.jws ?? "")).toMatchObject({
      type: "request.endorsed",
      request_id: id,
      actor: { type: "operator", id: "usr_ada", name: "ada" },
      status: "PENDING",
      revision: 1,
    });
  });

  it("keep what each of those who approve says, and delete it with the rest", async () => {
    const id = await create(2, { expiresAt: NOW + 5_000 });
    await decide(id, by("ada", { reason: "Half of it is for us." }));
    const last = await decide(id, by("ben", { reason: "Fine." }));
    const reasonsOf = (request: Request | undefined) =>
      request?.approvals?.map(({ operator, reason }) => [operator.name, reason]);
    expect(last?.request.reason).toBe("Fine.");
    expect(reasonsOf(last?.request)).toEqual([
      ["ada", "Half of it is for us."],
      ["ben", "Fine."],
    ]);
    const later = NOW + HOUR;
    const cutoffs = { now: later, contentsBefore: later, abandonedBefore: 0 };
    while ((await store.retention.deleteContents(cutoffs, 100)) > 0);
    const found = await store.requests.find(tenant.projectId, id);
    expect(found).toHaveProperty("contentsDeletedAt");
    expect(reasonsOf(found)).toEqual([
      ["ada", undefined],
      ["ben", undefined],
    ]);
  });

  it("count an operator once", async () => {
    const id = await create(2);
    const first = await decide(id, by("ada"));
    const again = await decide(id, by("ada", { at: NOW + 2_000 }));
    expect(again).toEqual(first);
    expect(await historyOf(id)).toHaveLength(2);
  });

  it("end with one rejection, and count nothing after it", async () => {
    const id = await create(3);
    await decide(id, by("ada"));
    const rejected = await decide(id, by("ben", { status: "REJECTED" }));
    expect(rejected).toMatchObject({
      outcome: "resolved",
      request: { status: "REJECTED", decidedBy: { id: "usr_ben" }, approvals: approvedBy("ada") },
    });
    const late = await decide(id, by("cy"));
    expect(late).toMatchObject({ outcome: "lost", request: { approvals: approvedBy("ada") } });
    expect(await historyOf(id)).toHaveLength(3);
  });

  it("count no approval at their expiry, nor on another revision", async () => {
    const id = await create(2, { expiresAt: NOW + 2_000 });
    for (const [late, revision] of [
      [by("ada", { at: NOW + 2_000 }), 1],
      [by("ada"), 2],
    ] as const) {
      const lost = await decide(id, late, revision);
      expect(lost).toMatchObject({
        outcome: "lost",
        request: { status: "PENDING", approvals: [] },
      });
    }
    expect(await historyOf(id)).toHaveLength(1);
  });

  it("are listed with who has approved; others without", async () => {
    const several = [await create(2), await create(3)];
    const one = tenant.draft({ quorum: 1 });
    await store.requests.create(one);
    for (const id of several) await decide(id, by("ada"));
    const { items } = await store.requests.list(tenant.projectId, newest());
    for (const id of several) {
      expect(items.find((item) => item.id === id)).toMatchObject({ approvals: approvedBy("ada") });
    }
    expect(items.find(({ id }) => id === one.id)).not.toHaveProperty("approvals");
    expect(await decide(one.id, by("ada"))).toMatchObject({ outcome: "resolved" });
  });

  it("are approved by exactly one of 20 who approve at once, and none is lost before it", async () => {
    const quorum = 10;
    const id = await create(quorum);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => decide(id, by(`${index}`))),
    );
    const outcomes = answers.map((answer) => answer?.outcome);
    expect(outcomes.filter((outcome) => outcome === "endorsed")).toHaveLength(quorum - 1);
    expect(outcomes.filter((outcome) => outcome === "resolved")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "lost")).toHaveLength(20 - quorum);
    const request = await store.requests.find(tenant.projectId, id);
    expect(request).toMatchObject({ status: "APPROVED", revision: 2 });
    expect(request?.approvals).toHaveLength(quorum);
    expect(request?.approvals?.map(({ operator }) => operator.id)).toContain(
      request?.decidedBy?.id,
    );
    const types = (await historyOf(id)).map(([type]) => type);
    expect(types.filter((type) => type === "request.endorsed")).toHaveLength(quorum - 1);
    expect(types.at(-1)).toBe("request.approved");
  });

  it("count an operator once who approves 20 times at once", async () => {
    const id = await create(2);
    const answers = await Promise.all(Array.from({ length: 20 }, () => decide(id, by("ada"))));
    for (const answer of answers) {
      expect(answer).toMatchObject({
        outcome: "endorsed",
        request: { approvals: approvedBy("ada") },
      });
    }
    expect(await historyOf(id)).toHaveLength(2);
  });
}
