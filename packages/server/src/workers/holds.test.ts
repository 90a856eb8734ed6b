import { LIMITS } from "@holdpoint/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../routes/testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

const HOUR_MS = 3_600_000;

const heldMinor = async () => {
  const { body } = await world.call("GET", "/v1/budgets", { as: "admin" });
  return body.data.map(({ held }: { held: { amount_minor: number } }) => held.amount_minor);
};
const listed = async (status: string) => {
  const { body } = await world.call("GET", `/v1/purchases?status=${status}`, { as: "agent" });
  return body.data.map(({ id }: { id: string }) => id);
};

describe("the hold worker", () => {
  it("gives back at the very millisecond what was approved and never confirmed", async () => {
    const { id } = await world.buyApproved();
    world.clock.advance(LIMITS.grantMs - 1);
    expect(await listed("approved")).toEqual([id]);
    world.clock.advance(1);
    expect(await listed("expired")).toEqual([id]);
    expect(await heldMinor()).toEqual([0, 0]);
  });

  it("counts as paid what was run and never confirmed", async () => {
    const { id } = await world.buyApproved();
    const { body: request } = await world.call("GET", `/v1/requests/${id}`, { as: "agent" });
    const execution = await world.claim(request);
    const body = { fencing_token: 1 };
    await world.call("POST", `/v1/executions/${execution.id}/commit`, { as: "agent", body });
    world.clock.advance(LIMITS.grantMs);
    expect(await listed("completed")).toEqual([id]);
    expect(await heldMinor()).toEqual([0, 0]);
  });

  it("keeps what is being run, and what nobody knows of, until somebody does", async () => {
    const { id } = await world.buyApproved();
    const { body: request } = await world.call("GET", `/v1/requests/${id}`, { as: "agent" });
    const execution = await world.claim(request);
    world.clock.advance(LIMITS.grantMs + HOUR_MS);
    expect(await listed("approved")).toEqual([id]);
    expect(await heldMinor()).toEqual([1_250, 1_250]);
    const body = { outcome: "failed", evidence: { provider_record: "none" } };
    await world.call("POST", `/v1/executions/${execution.id}/reconcile`, { as: "approver", body });
    expect(await listed("failed")).toEqual([id]);
    expect(await heldMinor()).toEqual([0, 0]);
  });

  it("ends more than one batch", async () => {
    const body = { policy: { currency: "EUR", auto_approve: { enabled: true } } };
    await world.call("POST", "/v1/spend-policies", { as: "admin", body });
    await Promise.all(Array.from({ length: 150 }, () => world.buy()));
    world.clock.advance(LIMITS.grantMs);
    expect(await listed("auto_approved")).toEqual([]);
    expect(await heldMinor()).toEqual([0, 0]);
  });
});
