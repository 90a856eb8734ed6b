import { type RequestEventType, receiptIdOf } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { beforeEach, expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import type { NewRequest, Resolution } from "../../domain/request.js";
import type { ShieldReview } from "../../domain/shield/entry.js";
import type { Store } from "../store.js";
import { approval, createTenant, HOUR, makeOperator, NOW, type Tenant } from "./fixture.js";
import { GateAgent } from "./gate-agent.js";
import { contentOf, Watched } from "./shield-steps.js";
import { OPEN_POLICY, Spender } from "./spender.js";

const SHIELD = { type: "system", id: "shield" };

/** Requests that the shield has measured, and what people's answers teach it. */
export function testShieldRequests(useStore: () => Store): void {
  let store: Store;
  let tenant: Tenant;
  let watched: Watched;
  beforeEach(async () => {
    store = useStore();
    tenant = await createTenant(store);
    watched = await Watched.create(store, tenant);
  });

  const entriesOf = async ({ profile }: Watched) =>
    (await store.shield.readAfter(profile.id, 0, 100)).entries;
  const reviewsOf = async (of: Watched) =>
    (await entriesOf(of)).filter((entry): entry is ShieldReview => entry.kind === "review");
  const stepOf = (of: Watched, id: string) => store.shield.findStep(of.profile.id, id);
  const eventsOf = ({ projectId, id }: { projectId: string; id: string }) =>
    store.events.listForRequest(projectId, id);
  const typesOf = async (request: { projectId: string; id: string }) =>
    (await eventsOf(request)).map(({ type }) => type);

  async function ask(request: NewRequest = watched.draft(), resolution?: Resolution) {
    const made = await store.requests.create(request, resolution);
    if (made.outcome !== "created") throw new Error(`Expected a request, got ${made.outcome}.`);
    return made.request;
  }

  const decide = ({ id }: { id: string }, resolution: Partial<Resolution> = {}) =>
    store.requests.resolve(tenant.projectId, id, 1, approval(tenant, resolution));

  const review = (stepId: string, answer: "usual" | "unusual" = "usual", of = watched) => {
    const { id, name } = tenant.admin;
    const actor = { type: "operator", id, name } as const;
    const eventId = typeidUnboxed("evt");
    return store.shield.review(of.profile.id, stepId, { eventId, at: NOW + 7, actor, answer });
  };

  it("[P-SHIELD-EXPLAINS] are kept, listed and found with the verdict, and logged as a step", async () => {
    const draft = watched.draft();
    const request = await ask(draft);
    expect(request).not.toHaveProperty("step");
    expect(await store.requests.find(tenant.projectId, draft.id)).toEqual(request);
    expect(request.shield).toEqual(draft.shield);
    const query = { order: "newest", includePayload: false, limit: 1 } as const;
    const { items } = await store.requests.list(tenant.projectId, query);
    expect(items).toMatchObject([{ id: draft.id, shield: draft.shield }]);
    expect(await stepOf(watched, draft.id)).toMatchObject({
      id: draft.id,
      source: "ask",
      action: "refund",
      verdict: draft.shield,
    });
    expect((await store.shield.listRuns(watched.profile.id, { limit: 1 })).items).toMatchObject([
      { steps: 1, anomalies: 1 },
    ]);
  });

  it("[P-SHIELD-EXPLAINS] tell of an anomaly after they are made, with its receipt", async () => {
    const request = await ask();
    const [created, anomaly, ...rest] = await eventsOf(request);
    expect(rest).toEqual([]);
    expect(created).toMatchObject({ type: "request.created" });
    expect(anomaly).toMatchObject({ type: "shield.anomaly", actor: SHIELD, status: "PENDING" });
    for (const event of [created, anomaly]) {
      const content = await contentOf(store, tenant.projectId, receiptIdOf(event?.id ?? ""));
      expect(content).toMatchObject({
        type: event?.type,
        request_id: request.id,
        shield: {
          profile_id: watched.profile.id,
          anomalous: true,
          effect: "held",
          explanation: request.shield?.explanation,
        },
      });
    }
  });

  it("tell of an anomaly where webhooks want to hear of it", async () => {
    const endpoint = {
      id: typeidUnboxed("whk"),
      projectId: tenant.projectId,
      url: "https://example.com/",
      enabled: true,
      createdAt: NOW,
      eventTypes: ["shield.anomaly"],
    } as const;
    await store.webhookEndpoints.create(endpoint, { text: "whsec_x", hint: "x" }, 50);
    const request = await ask();
    const { items } = await store.webhookDeliveries.list(tenant.projectId, { limit: 10 });
    const [, anomaly] = await eventsOf(request);
    expect(items).toMatchObject([{ type: "shield.anomaly", eventId: anomaly?.id }]);
  });

  it("tell nothing of what is none, and nothing where nobody measured", async () => {
    const usual = await ask(watched.draft(watched.step()));
    expect(await typesOf(usual)).toEqual(["request.created"]);
    const plain = await ask(tenant.draft());
    expect(plain).not.toHaveProperty("shield");
    await decide(plain);
    expect(await typesOf(plain)).toEqual(["request.created", "request.approved"]);
    expect(await entriesOf(watched)).toHaveLength(1);
  });

  it("tell of it before what policy answers at once", async () => {
    const decidedBy = { type: "policy", id: "policy" } as const;
    const request = await ask(watched.draft(watched.departure("warned")), {
      status: "REJECTED",
      decidedBy,
      at: NOW,
      reason: "No.",
    });
    const events = await eventsOf(request);
    expect(events.map(({ type, reason }) => [type, reason])).toEqual([
      ["request.created", undefined],
      ["shield.anomaly", undefined],
      ["request.rejected", "No."],
    ]);
    const content = await contentOf(store, tenant.projectId, receiptIdOf(events[2]?.id ?? ""));
    expect(content.shield).toMatchObject({ anomalous: true, effect: "warned" });
    expect(await reviewsOf(watched)).toEqual([]);
  });

  it("are one step, however often they are sent", async () => {
    const draft = watched.draft();
    const sent = await Promise.all(Array.from({ length: 20 }, () => store.requests.create(draft)));
    expect(sent.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(sent.filter(({ outcome }) => outcome === "replayed")).toHaveLength(19);
    expect((await store.requests.create({ ...draft, digest: "another" })).outcome).toBe("conflict");
    expect(await typesOf(draft)).toEqual(["request.created", "shield.anomaly"]);
    expect(await entriesOf(watched)).toHaveLength(1);
  });

  it("leave no step where they are not made", async () => {
    const draft = watched.draft(watched.departure(), { stateId: "sta_missing" });
    expect(await store.requests.create(draft)).toEqual({ outcome: "no_state" });
    expect(await entriesOf(watched)).toEqual([]);
    expect(await stepOf(watched, draft.id)).toBeUndefined();
  });

  it.each<[string, Partial<Resolution>, RequestEventType, "usual" | "unusual", boolean]>([
    ["an approval: usual", {}, "request.approved", "usual", true],
    ["a rejection: unusual", { status: "REJECTED" }, "request.rejected", "unusual", true],
    [
      "an edit: usual to ask, but not in this shape",
      { status: "APPROVED_WITH_MODIFICATIONS", patchedPayload: { amount_minor: 1 } },
      "request.approved",
      "usual",
      false,
    ],
  ])("[P-SHIELD-TAUGHT] learn from %s", async (_name, resolution, type, answer, learnsShape) => {
    const context = { previous: "open", beforePrevious: "begin", runId: "run-1" };
    const step = watched.departure("held", { ...context, skeletonHash: "a".repeat(64) });
    const request = await ask(watched.draft(step));
    await decide(request, resolution);
    expect(await typesOf(request)).toEqual(["request.created", "shield.anomaly", type]);
    const [asked, reviewed, ...rest] = await entriesOf(watched);
    expect(rest).toEqual([]);
    expect(reviewed).toEqual({
      kind: "review",
      sequence: reviewed?.sequence,
      receivedAt: NOW + 1_000,
      answer,
      runKey: step.runKey,
      action: "refund",
      previous: "open",
      beforePrevious: "begin",
      ...(learnsShape && { skeletonHash: "a".repeat(64) }),
      surpriseBits: 12,
      departs: true,
      learns: false,
    });
    expect(reviewed?.sequence).toBeGreaterThan(asked?.sequence ?? Number.POSITIVE_INFINITY);
    const { id, name } = tenant.admin;
    const by = { type: "operator", id, name };
    expect(await stepOf(watched, request.id)).toMatchObject({
      review: { answer, at: NOW + 1_000, by },
    });
    const query = { limit: 10, profileId: watched.profile.id };
    const list = (reviewed: boolean) =>
      store.shield.listSteps(tenant.projectId, { ...query, reviewed });
    expect((await list(true)).items).toMatchObject([{ id: request.id, review: { answer } }]);
    expect((await list(false)).items).toEqual([]);
  });

  it.each<[string, Partial<Resolution>]>([
    ["a policy", { decidedBy: { type: "policy", id: "policy" } }],
    ["the system", { status: "REJECTED", decidedBy: { type: "system", id: "spend" } }],
    ["its agent, who takes it back", { status: "CANCELLED" }],
  ])("[P-SHIELD-TAUGHT] learn nothing from %s", async (_name, resolution) => {
    const request = await ask();
    expect((await decide(request, resolution))?.outcome).toBe("resolved");
    expect(await entriesOf(watched)).toHaveLength(1);
  });

  it("[P-SHIELD-TAUGHT] learn nothing from a time that is up", async () => {
    const times = { createdAt: NOW - 4_000 * HOUR, expiresAt: NOW - 3_999 * HOUR };
    const request = await ask(watched.draft(watched.departure(), times));
    await store.requests.expireDue(times.expiresAt, 100);
    expect(await typesOf(request)).toEqual([
      "request.created",
      "shield.anomaly",
      "request.expired",
    ]);
    expect(await entriesOf(watched)).toHaveLength(1);
  });

  it("[P-SHIELD-TAUGHT] learn once, of 20 people who decide at the same moment", async () => {
    const request = await ask();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        decide(request, { status: index % 2 === 0 ? "APPROVED" : "REJECTED" }),
      ),
    );
    const won = answers.findIndex((answer) => answer?.outcome === "resolved");
    const reviews = await reviewsOf(watched);
    expect(reviews.map(({ answer }) => answer)).toEqual([won % 2 === 0 ? "usual" : "unusual"]);
  });

  it("learn when the last of a quorum has approved", async () => {
    const request = await ask(watched.draft(watched.departure(), { quorum: 2 }));
    await decide(request);
    expect(await reviewsOf(watched)).toEqual([]);
    const second = await store.operators.ensure(makeOperator());
    const decidedBy = { type: "operator", id: second.id, name: second.name } as const;
    await decide(request, { decidedBy });
    expect(await reviewsOf(watched)).toHaveLength(1);
    expect(await stepOf(watched, request.id)).toMatchObject({ review: { by: decidedBy } });
  });

  it("[P-SHIELD-TAUGHT] are not reviewed beside the decision, before it or after", async () => {
    const open = await ask();
    expect(await review(open.id)).toBe("reviewed");
    await decide(open, { status: "REJECTED" });
    expect(await review(open.id)).toBe("reviewed");
    expect((await reviewsOf(watched)).map(({ answer }) => answer)).toEqual(["unusual"]);
  });

  it("are reviewed where policy has decided them, or nobody has", async () => {
    const approved = await ask(watched.draft(watched.departure("none")), {
      status: "APPROVED",
      decidedBy: { type: "policy", id: "policy" },
      at: NOW,
    });
    expect(await review(approved.id)).toMatchObject({ review: { answer: "usual" } });
    const cancelled = await ask();
    await decide(cancelled, { status: "CANCELLED" });
    expect(await review(cancelled.id, "unusual")).toMatchObject({ review: { answer: "unusual" } });
    expect(await reviewsOf(watched)).toHaveLength(2);
  });

  it("[P-SHIELD-TAUGHT] are, as what is observed, reviewed once of 20 at the same moment, with one receipt", async () => {
    const step = watched.departure("none", { skeletonHash: "b".repeat(64) });
    await store.shield.observe([step]);
    const { id, name } = tenant.admin;
    const changes = Array.from({ length: 20 }, (_, index) => ({
      eventId: typeidUnboxed("evt"),
      at: NOW + index,
      actor: { type: "operator", id, name } as const,
      answer: index % 2 === 0 ? ("usual" as const) : ("unusual" as const),
    }));
    const answers = await Promise.all(
      changes.map((change) => store.shield.review(watched.profile.id, step.id, change)),
    );
    const won = answers.flatMap((answer, index) => (answer === "reviewed" ? [] : index));
    expect(won).toHaveLength(1);
    const [index = 0] = won;
    const { answer, at, actor: by } = changes[index] ?? {};
    expect(answers[index]).toMatchObject({ id: step.id, review: { answer, at, by } });
    expect(await stepOf(watched, step.id)).toEqual(answers[index]);
    const reviews = await reviewsOf(watched);
    expect(reviews).toMatchObject([{ answer, receivedAt: at, skeletonHash: step.skeletonHash }]);
    const receipts = await Promise.all(
      changes.map(({ eventId }) => contentOf(store, tenant.projectId, receiptIdOf(eventId))),
    );
    expect(receipts.filter((receipt) => receipt !== undefined)).toHaveLength(1);
    expect(receipts[index]).toMatchObject({
      type: "shield.changed",
      subject: {
        id: watched.profile.id,
        digest: digestTextOf({ step_id: step.id, answer }),
      },
    });
  });

  it("are reviewed by nobody who names another profile, or no step", async () => {
    const stranger = await Watched.create(store, await createTenant(store));
    const step = watched.step();
    await store.shield.observe([step]);
    expect(await review(step.id, "usual", stranger)).toBeUndefined();
    expect(await review("obs_missing")).toBeUndefined();
    expect(await reviewsOf(watched)).toEqual([]);
  });

  it("are purchases too: measured, told of, and taught by the person who lowers one", async () => {
    const spender = await Spender.create(store);
    await spender.setPolicy({ ...OPEN_POLICY, auto_approve: { enabled: false } });
    const spending = await Watched.create(store, spender.tenant, "spend");
    const draft = spender.draft();
    const { id, action } = draft.request;
    const step = spending.departure("held", { source: "purchase", id, action });
    const request = { ...draft.request, shield: step.verdict, step };
    const made = await store.purchases.create({ ...draft, request });
    if (!("purchase" in made)) throw new Error(`Expected a purchase, got ${made.outcome}.`);
    // The limits of the money would have had a person decide it anyway.
    const shield = { ...step.verdict, effect: "warned" };
    expect(made.purchase.request).toMatchObject({ status: "PENDING", shield });
    expect(await stepOf(spending, id)).toMatchObject({ verdict: shield });
    expect((await store.purchases.create({ ...draft, request })).outcome).toBe("replayed");
    expect(await typesOf(request)).toEqual([
      "request.created",
      "shield.anomaly",
      "purchase.reserved",
    ]);
    await spender.approve(made.purchase, { amountMinor: 900 });
    expect(await entriesOf(spending)).toMatchObject([
      { kind: "step", action },
      { kind: "review", answer: "usual" },
    ]);
    expect((await store.purchases.find(spender.tenant.projectId, id))?.request.shield).toEqual(
      shield,
    );
  });

  it("are purchases that policy answers: the anomaly is told before the answer", async () => {
    const spender = await Spender.create(store);
    await spender.setPolicy(OPEN_POLICY);
    const spending = await Watched.create(store, spender.tenant, "spend");
    const draft = spender.draft();
    const { id, action } = draft.request;
    const step = spending.departure("none", { source: "purchase", id, action });
    await store.purchases.create({
      ...draft,
      request: { ...draft.request, shield: step.verdict, step },
    });
    expect(await typesOf(draft.request)).toEqual([
      "request.created",
      "shield.anomaly",
      "purchase.reserved",
      "request.approved",
    ]);
  });

  it("are calls of the gate too, whose anomaly says what the gate knows", async () => {
    const agent = await GateAgent.create([store]);
    const gated = await Watched.create(store, agent.tenant, "gate");
    const draft = agent.draft({ verdict: { kind: "hold" } });
    const { id, action, projectId } = draft.request;
    const step = gated.departure("held", { source: "execute", id, action });
    const call = { ...draft, request: { ...draft.request, shield: step.verdict, step } };
    expect((await store.gateCalls.create(call)).outcome).toBe("created");
    expect((await store.gateCalls.create(call)).outcome).toBe("taken");
    const events = await eventsOf(call.request);
    expect(events.map(({ type }) => type)).toEqual(["request.created", "shield.anomaly"]);
    const content = await contentOf(store, projectId, receiptIdOf(events[1]?.id ?? ""));
    expect(content).toMatchObject({
      gate: { action_version: draft.action.version, lease_id: agent.lease.id },
      shield: { anomalous: true },
    });
    await store.requests.resolve(projectId, id, 1, approval(agent.tenant, { status: "REJECTED" }));
    expect((await entriesOf(gated)).map(({ kind }) => kind)).toEqual(["step", "review"]);
  });

  it("are calls that run at once: asked, told of, let through and begun, in this order", async () => {
    const agent = await GateAgent.create([store]);
    const gated = await Watched.create(store, agent.tenant, "gate");
    const draft = agent.draft();
    const { id, action } = draft.request;
    const step = gated.departure("warned", { source: "execute", id, action });
    await store.gateCalls.create({
      ...draft,
      request: { ...draft.request, shield: step.verdict, step },
    });
    expect(await agent.eventsOf(id)).toEqual([
      "request.created",
      "shield.anomaly",
      "request.approved",
      "execution.claimed",
    ]);
  });
}
