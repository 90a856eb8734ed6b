import { type ConnectionError, type Holdpoint, OutcomeUnknownError } from "@holdpoint/sdk";
import {
  type ClaimedOutcome,
  createGate,
  type GatedCall,
  type GateOptions,
  type PendingCall,
} from "@holdpoint/sdk/adapter";
import { createTestControlPlane, type TestControlPlane } from "@holdpoint/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let plane: TestControlPlane;
let client: Holdpoint;
beforeEach(async () => {
  plane = await createTestControlPlane();
  client = plane.client();
});
afterEach(() => plane.close());

const call: GatedCall = { tool: "transfer", args: { amount: 5 }, toolCallId: "call_1" };

function gateWith(options: Partial<GateOptions> = {}) {
  return createGate(Object.freeze({ service: "bank", holdpoint: client, runId: "r1", ...options }));
}

async function approveHeld(patch?: { amount: number }) {
  const { id } = await gateWith().hold(call);
  await plane.approve(id, patch ? { patch, reason: "Less." } : {});
  return id;
}

async function claim(options: Partial<GateOptions> = {}): Promise<ClaimedOutcome> {
  const outcome = await gateWith(options).claim(call);
  if (outcome.type !== "claimed") throw new Error(`Expected a claim, got ${outcome.type}.`);
  return outcome;
}

test("waits for the person, and claims what they made of it", async () => {
  const onPending = vi.fn(({ id }: PendingCall) => {
    void plane.approve(id, { patch: { amount: 3 }, reason: "Less." });
  });
  const claimed = await claim({ onPending });
  expect(claimed.args).toEqual({ amount: 3 });
  expect(claimed.note).toContain("Changed /amount from 5 to 3.");
  const { id } = claimed.decision;
  expect(onPending).toHaveBeenCalledExactlyOnceWith({ call, id, url: expect.any(String) });
  expect(await plane.execution(id)).toMatchObject({ id: claimed.run.id, status: "CLAIMED" });
});

test("without waiting it says that it is pending, and parks what it is given", async () => {
  const outcome = await gateWith().claim({ ...call, wait: false }, { state: { page: 7 } });
  expect(outcome).toMatchObject({ type: "pending", text: expect.stringMatching(/^PENDING/) });
  const { id, state_id } = await plane.waitForRequest();
  expect(outcome).toMatchObject({ id });
  expect(await (await client.states.load(state_id as string)).json()).toEqual({ page: 7 });
  expect(await plane.execution(id)).toBeUndefined();
});

test("[G2] of 50 claims at once one gets it; the others are told how it ended", async () => {
  const id = await approveHeld({ amount: 3 });
  const claims = Array.from({ length: 50 }, async () => {
    const outcome = await gateWith({ holdpoint: plane.client() }).claim(call);
    if (outcome.type === "claimed") await outcome.run.commit({ receipt: 7 });
    return outcome;
  });
  const outcomes = await Promise.all(claims);
  expect(outcomes.filter(({ type }) => type === "claimed")).toHaveLength(1);
  for (const outcome of outcomes.filter(({ type }) => type !== "claimed")) {
    expect(outcome).toMatchObject({ type: "ran", isReplay: true, result: { receipt: 7 } });
  }
  expect(await plane.execution(id)).toMatchObject({ status: "COMMITTED", result: { receipt: 7 } });
});

test("what failed is on record, and not claimed again", async () => {
  const id = await approveHeld();
  const { run } = await claim();
  await run.fail({ message: "The bank is closed." });
  expect(await plane.execution(id)).toMatchObject({
    status: "FAILED",
    error: { message: "The bank is closed." },
  });
  await expect(claim()).rejects.toMatchObject({ code: "EXECUTION_FAILED" });
});

test("[G2] what nobody settled is unknown, and claimed again only when that is harmless", async () => {
  await approveHeld();
  await claim({ leaseMs: 30_000 });
  await plane.clock.advance(31_000);
  await expect(claim()).rejects.toBeInstanceOf(OutcomeUnknownError);
  // It was begun as something that must not run twice.
  await expect(claim({ idempotent: true })).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
});

test("what is idempotent is claimed anew", async () => {
  await approveHeld();
  const first = await claim({ idempotent: true, leaseMs: 30_000 });
  await plane.clock.advance(31_000);
  const second = await claim({ idempotent: true });
  expect(second.args).toEqual(first.args);
});

test.each([
  ["COMMITTED", (run: ClaimedOutcome["run"]) => run.commit({ receipt: 7 })],
  ["FAILED", (run: ClaimedOutcome["run"]) => run.fail({ message: "Closed." })],
])("what ends after its lease is put on record late: %s", async (status, settle) => {
  const id = await approveHeld();
  const { run } = await claim({ leaseMs: 30_000 });
  await plane.clock.advance(31_000);
  await settle(run);
  expect(await plane.execution(id)).toMatchObject({
    status,
    reconciled: true,
    evidence: { reported_by: "holder" },
  });
});

test("[G4] rejected, denied or out of reach: nothing is claimed", async () => {
  const { id } = await gateWith().hold(call);
  await plane.reject(id, { reason: "No." });
  expect(await gateWith().claim(call)).toMatchObject({
    type: "refused",
    text: expect.stringContaining("No."),
  });
  expect(await gateWith({ policy: "deny" }).claim(call)).toMatchObject({
    type: "refused",
    text: expect.stringMatching(/^STOP: the policy/),
  });
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  const holdpoint = plane.client({ fetch, maxRetries: 0 });
  await expect(gateWith({ holdpoint }).claim(call)).rejects.toMatchObject({
    code: "CONNECTION_FAILED" satisfies ConnectionError["code"],
  });
});

test.each(["allow", "observe"] as const)("what needs nobody is cleared: %s", async (policy) => {
  expect(await gateWith({ policy }).claim(call)).toEqual({ type: "cleared" });
  expect(await plane.pending()).toEqual([]);
});
