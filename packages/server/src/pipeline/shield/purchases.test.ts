import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ShieldWorld } from "./testing/shield-world.js";

const HALF_AN_HOUR_MS = 1_800_000;

let shield: ShieldWorld;
beforeEach(async () => {
  shield = await ShieldWorld.create();
  await shield.world.call("POST", "/v1/spend-policies", { as: "admin", body: { policy: AUTO } });
  // Each run buys once.
  for (let run = 0; run < 24; run += 1) await shield.world.buy({ run_id: `run-${run}` });
  shield.world.clock.advance(HALF_AN_HOUR_MS);
  await shield.world.buy({ run_id: "odd" });
  await shield.setSettings({ hold_one_in: 10 }, "spend");
  await shield.setMode("locked", "spend");
  // Where others use the same cores.
}, 30_000);
afterEach(() => shield[Symbol.asyncDispose]());

const AUTO = { currency: "EUR", auto_approve: { enabled: true }, daily_limit: "1000.00" };

/** Buys once more in a run that has bought already, which none has. */
async function jump(fields: object = {}) {
  const { id, status } = await shield.world.buy({ run_id: "odd", ...fields });
  const { body } = await shield.world.call("GET", `/v1/requests/${id}`, { as: "admin" });
  return { status, ...body.shield, id };
}

describe("a purchase that departs", () => {
  it("[P-SHIELD-TIGHTENS] is let through with a warning while its baseline is locked", async () => {
    expect(await jump()).toMatchObject({
      status: "auto_approved",
      anomalous: true,
      effect: "warned",
      explanation: expect.stringMatching(
        /^After purchase, spend has gone to purchase 0 of 24 times/,
      ),
    });
  });

  it("[P-SHIELD-TIGHTENS] waits for a person once it is enforced, with its money held", async () => {
    await shield.setMode("enforce", "spend");
    const held = await jump();
    expect(held).toMatchObject({ status: "pending", anomalous: true, effect: "held" });
    expect(await shield.eventsOf(held.id)).toEqual([
      "request.created",
      "shield.anomaly",
      "purchase.reserved",
    ]);
    await shield.decide(held.id, { decision: "approve" });
    const { body } = await shield.world.call("GET", `/v1/purchases/${held.id}`, { as: "agent" });
    expect(body.status).toBe("approved");
    expect(await jump({ run_id: "another" })).toMatchObject({ status: "auto_approved" });
  });

  it("[P-SHIELD-TIGHTENS] is refused as before by what binds the money, and says that the shield changed nothing", async () => {
    await shield.setMode("enforce", "spend");
    const amount = { amount_minor: 200_000, currency: "EUR" };
    expect(await jump({ amount })).toMatchObject({
      status: "rejected",
      anomalous: true,
      effect: "none",
    });
  });

  it("[P-SHIELD-TIGHTENS] that a person decides anyway is held with a warning", async () => {
    await shield.setMode("enforce", "spend");
    await shield.world.setPolicy(
      '@id("hold") @hold("finance") permit (principal, action, resource);',
    );
    expect(await jump()).toMatchObject({ status: "pending", effect: "warned" });
  });

  it("[P-SHIELD-TIGHTENS] and is denied by the policy stays denied", async () => {
    await shield.setMode("enforce", "spend");
    await shield.world.setPolicy('@id("never") forbid (principal, action, resource);');
    expect(await jump()).toMatchObject({ status: "rejected", effect: "none" });
  });
});
