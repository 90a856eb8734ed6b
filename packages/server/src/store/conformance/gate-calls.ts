import {
  type RequestEventType,
  receiptIdOf,
  type WireRequestReceiptContent,
} from "@holdpoint/protocol";
import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import { digestTextOf } from "../../domain/digest.js";
import type { Store } from "../store.js";
import { NOW } from "./fixture.js";
import { ACTION, GateAgent, PARAMETERS, VERIFIED } from "./gate-agent.js";

const EUR_250 = { amountMinor: 250, currency: "EUR" };
const HOLD = { verdict: { kind: "hold" } } as const;
const DENY = {
  verdict: {
    kind: "deny",
    decidedBy: { type: "policy", id: "policy", name: "none-at-night" },
    reason: "Nobody watches at night.",
  },
} as const;
const FAULT = { code: "timeout", message: "The service was too slow." } as const;

/** Calls of the gate, one after another. */
export function testGateCalls(useStore: () => Store): void {
  const connect = (limits = {}) => GateAgent.create([useStore()], limits);

  async function receiptOf(agent: GateAgent, requestId: string, type: RequestEventType) {
    const { projectId } = agent.tenant;
    const events = await agent.store.events.listForRequest(projectId, requestId);
    const event = events.findLast((one) => one.type === type);
    const receipt = await agent.store.receipts.find(projectId, receiptIdOf(event?.id ?? ""));
    return decodeJwt(receipt?.jws ?? "") as unknown as WireRequestReceiptContent;
  }

  it("makes a call that runs at once, with its answer and its run in one piece", async () => {
    const agent = await connect();
    const { request, execution } = await agent.run();
    expect(request).toMatchObject({ status: "APPROVED", executionStatus: "CLAIMED" });
    expect(execution).toMatchObject({ status: "CLAIMED", fencingToken: 1 });
    expect(await agent.eventsOf(request.id)).toEqual([
      "request.created",
      "request.approved",
      "execution.claimed",
    ]);
    expect(await agent.find(request.id)).toMatchObject({ request, action: ACTION, execution });
  });

  it("holds a call without drawing on its budget", async () => {
    const agent = await connect({ maxCalls: 1 });
    const { request } = await agent.run(HOLD);
    expect(request).toMatchObject({ status: "PENDING", executionStatus: "NONE" });
    expect(await agent.drawn()).toEqual([0, 0]);
  });

  it("refuses a call at once, with both receipts and nothing drawn", async () => {
    const agent = await connect();
    const { request } = await agent.run(DENY);
    expect(request).toMatchObject({ status: "REJECTED", reason: "Nobody watches at night." });
    const receipt = await receiptOf(agent, request.id, "request.rejected");
    expect(receipt).toMatchObject({
      actor: DENY.verdict.decidedBy,
      policy: { revision: 1, verdict: "allow", policies: ["small"] },
      gate: { action_digest: ACTION.digest, lease_id: agent.lease.id },
    });
    expect(await agent.drawn()).toEqual([0, 0]);
  });

  it("keeps an id for the first that came with it, and gives back what the other drew", async () => {
    const agent = await connect();
    const { request } = await agent.run();
    expect(await agent.create({ id: request.id })).toEqual({ outcome: "taken" });
    expect(await agent.drawn()).toEqual([1, 0]);
    expect(await agent.usedToday()).toEqual([1, 0]);
  });

  it("makes and refuses what the calls of its session do not bear", async () => {
    const agent = await connect({ maxCalls: 1 });
    await agent.run();
    const made = await agent.create();
    expect(made).toMatchObject({
      outcome: "exhausted",
      call: { request: { status: "REJECTED", decidedBy: { type: "policy", id: "lease-budget" } } },
    });
    expect(await agent.drawn()).toEqual([1, 0]);
  });

  it("makes and refuses what the cost of its session does not bear", async () => {
    const agent = await connect({ maxCost: 499, currency: "EUR" });
    await agent.run({ cost: EUR_250 });
    expect(await agent.create({ cost: EUR_250 })).toMatchObject({ outcome: "exhausted" });
    expect(await agent.create({ cost: { ...EUR_250, currency: "USD" } })).toMatchObject({
      outcome: "exhausted",
    });
    expect(await agent.drawn()).toEqual([1, 250]);
    expect(await agent.usedToday()).toEqual([1, 250]);
    await agent.run();
  });

  it("makes and refuses what the calls of the agent's day do not bear, over all sessions", async () => {
    const agent = await connect();
    await agent.limit({ maxCallsPerDay: 2 });
    await agent.run();
    await agent.connect();
    await agent.run({ cost: EUR_250 });
    expect(await agent.create()).toMatchObject({ outcome: "exhausted" });
    expect(await agent.drawn()).toEqual([1, 250]);
    expect(await agent.usedToday()).toEqual([2, 250]);
  });

  it("makes and refuses what the cost of the agent's day does not bear, in whatever currency", async () => {
    const agent = await connect();
    await agent.limit({ maxCostPerDay: EUR_250 });
    await agent.run({ cost: EUR_250 });
    const others = [
      { ...EUR_250, amountMinor: 1 },
      { ...EUR_250, currency: "USD" },
    ];
    for (const cost of others) {
      expect(await agent.create({ cost })).toMatchObject({ outcome: "exhausted" });
    }
    await agent.run();
    expect(await agent.drawn()).toEqual([2, 250]);
    expect(await agent.usedToday()).toEqual([2, 250]);
  });

  it("begins what was approved once, and lets it draw then", async () => {
    const agent = await connect();
    const call = await agent.approved(EUR_250);
    expect(await agent.store.gateCalls.begin(call)).toMatchObject({ outcome: "begun" });
    expect(await agent.store.gateCalls.begin(call)).toEqual({ outcome: "lost" });
    expect(await agent.drawn()).toEqual([1, 250]);
  });

  it("leaves an approved call to be begun later when its budget does not suffice", async () => {
    const agent = await connect({ maxCalls: 1 });
    const call = await agent.approved();
    await agent.run();
    expect(await agent.store.gateCalls.begin(call)).toEqual({ outcome: "exhausted" });
    expect(await agent.find(call.requestId)).toMatchObject({
      request: { status: "APPROVED", executionStatus: "NONE" },
    });
    await agent.connect();
    const begun = await agent.store.gateCalls.begin({ ...call, lease: agent.lease });
    expect(begun.outcome).toBe("begun");
    expect(await agent.find(call.requestId)).toMatchObject({ sessionId: agent.lease.sessionId });
  });

  it("[P-GATE-ONCE] runs nothing else than was approved", async () => {
    const agent = await connect();
    const call = await agent.approved();
    const other = { ...call, approvedDigest: digestTextOf({ amount: 9_999 }) };
    expect(await agent.store.gateCalls.begin(other)).toEqual({ outcome: "lost" });
    expect(await agent.drawn()).toEqual([0, 0]);
  });

  it.each([
    ["made", async (agent: GateAgent) => agent.create()],
    ["held", async (agent: GateAgent) => agent.create(HOLD)],
  ])("lets nothing be %s under a lease from before a freeze, frozen or thawed", async (_, make) => {
    const agent = await connect();
    await agent.freeze();
    expect(await make(agent)).toEqual({ outcome: "frozen" });
    await agent.freeze(false);
    expect(await make(agent)).toEqual({ outcome: "frozen" });
    await agent.connect();
    expect((await make(agent)).outcome).toBe("created");
  });

  it("[P-GATE-FREEZE] never begins what was asked for before a freeze, by whatever lease", async () => {
    const agent = await connect();
    const call = await agent.approved();
    await agent.freeze();
    expect(await agent.store.gateCalls.begin(call)).toEqual({ outcome: "frozen" });
    await agent.freeze(false);
    await agent.connect();
    const again = { ...call, lease: agent.lease };
    expect(await agent.store.gateCalls.begin(again)).toEqual({ outcome: "frozen" });
  });

  it("[P-GATE-FREEZE] never begins what was approved after a freeze, but asked for before it", async () => {
    const agent = await connect();
    const { request } = await agent.run(HOLD);
    await agent.freeze();
    await agent.freeze(false);
    const grant = { id: "gnt_1", expiresAt: NOW + 60_000 };
    await agent.store.requests.resolve(request.projectId, request.id, 1, {
      status: "APPROVED",
      decidedBy: agent.actor,
      at: NOW,
      approvedDigest: digestTextOf(PARAMETERS),
      grant,
    });
    await agent.connect();
    const call = agent.approvedCall(request.id, grant.id);
    expect(await agent.store.gateCalls.begin(call)).toEqual({ outcome: "frozen" });
  });

  it("records a success with what was seen of it, once", async () => {
    const agent = await connect();
    const call = await agent.run();
    const settled = await agent.settle(call);
    expect(await agent.settle(call)).toEqual(settled);
    expect(await agent.find(call.request.id)).toMatchObject({
      request: { executionStatus: "COMMITTED" },
      execution: { status: "COMMITTED", result: { id: "re_1" } },
      verification: VERIFIED,
      finishedAt: NOW + 2_000,
      outcomeEventId: settled.outcome === "settled" && settled.eventId,
    });
    const receipt = await receiptOf(agent, call.request.id, "execution.committed");
    expect(receipt).toMatchObject({
      approved_digest: digestTextOf(PARAMETERS),
      execution: { result_digest: digestTextOf({ id: "re_1" }) },
      gate: {
        action_digest: ACTION.digest,
        action_version: ACTION.version,
        approved_by: { type: "policy", id: "policy", name: "small" },
        session_id: agent.lease.sessionId,
        verification: "verified",
      },
    });
  });

  it("lets no second ending stand beside the first", async () => {
    const agent = await connect();
    const call = await agent.run();
    await agent.settle(call, { outcome: { status: "FAILED", error: FAULT } });
    expect(await agent.settle(call)).toEqual({ outcome: "lost" });
  });

  it("records that nobody knows the outcome, and why", async () => {
    const agent = await connect();
    const call = await agent.run();
    await agent.settle(call, { outcome: { status: "OUTCOME_UNKNOWN", error: FAULT } });
    expect(await agent.find(call.request.id)).toMatchObject({
      request: { executionStatus: "OUTCOME_UNKNOWN" },
      execution: { status: "OUTCOME_UNKNOWN", error: FAULT },
    });
    const receipt = await receiptOf(agent, call.request.id, "execution.outcome_unknown");
    expect(receipt.execution).toMatchObject({ error_digest: digestTextOf(FAULT) });
    expect(receipt.gate).not.toHaveProperty("verification");
  });

  it("does not settle what its lease has left unknown, whose receipt says what was run", async () => {
    const agent = await connect();
    const call = await agent.run();
    const lapsed = await agent.store.executions.lapseDue(NOW + 40_000, 1_000);
    expect(lapsed.map(({ requestId }) => requestId)).toContain(call.request.id);
    expect(await agent.settle(call, { at: NOW + 40_000 })).toEqual({ outcome: "lost" });
    expect(await receiptOf(agent, call.request.id, "execution.outcome_unknown")).toMatchObject({
      gate: {
        action_digest: ACTION.digest,
        approved_by: { type: "policy", id: "policy", name: "small" },
      },
    });
  });

  it("begins anew what is unknown only where that is safe, and draws no second time", async () => {
    const agent = await connect();
    const draft = agent.draft();
    if (draft.verdict.kind !== "run") throw new Error("Expected a call that runs.");
    const { grant, start } = draft.verdict;
    const verdict = { ...draft.verdict, start: { ...start, idempotent: true } };
    const call = await agent.run({ verdict });
    await agent.settle(call, { outcome: { status: "OUTCOME_UNKNOWN", error: FAULT } });
    const again = agent.approvedCall(call.request.id, grant.id);
    expect(await agent.store.gateCalls.begin(again)).toEqual({ outcome: "lost" });
    const idempotent = { ...again, start: agent.start({ idempotent: true }) };
    const begun = await agent.store.gateCalls.begin(idempotent);
    expect(begun).toMatchObject({ outcome: "begun", execution: { fencingToken: 2 } });
    expect(await agent.drawn()).toEqual([1, 0]);
    expect(await agent.settle(call)).toEqual({ outcome: "lost" });
    expect((await agent.find(call.request.id))?.execution).not.toHaveProperty("error");
  });

  it("gives back what was drawn for a call of which nothing was sent", async () => {
    const agent = await connect({ maxCalls: 1, maxCost: 250, currency: "EUR" });
    const call = await agent.run({ cost: EUR_250 });
    const outcome = { status: "FAILED", error: FAULT } as const;
    await agent.settle(call, { outcome, isUnsent: true });
    await agent.settle(call, { outcome, isUnsent: true });
    expect(await agent.drawn()).toEqual([0, 0]);
    expect(await agent.usedToday()).toEqual([0, 0]);
    await agent.run({ cost: EUR_250 });
  });

  it.each([
    ["APPROVED", "request.approved"],
    ["REJECTED", "request.rejected"],
    ["CANCELLED", "request.cancelled"],
  ] as const)(
    "says in the receipt of a call that is %s which action it is",
    async (status, type) => {
      const agent = await connect();
      const { request } = await agent.run(HOLD);
      const decision = { status, decidedBy: agent.actor, at: NOW };
      await agent.store.requests.resolve(request.projectId, request.id, 1, decision);
      const { gate } = await receiptOf(agent, request.id, type);
      expect(gate).toEqual({
        action_digest: ACTION.digest,
        action_version: ACTION.version,
        lease_id: agent.lease.id,
        session_id: agent.lease.sessionId,
      });
    },
  );

  it("shows no call of another project", async () => {
    const agent = await connect();
    const { request } = await agent.run();
    const other = await connect();
    expect(await other.find(request.id)).toBeUndefined();
  });
}
