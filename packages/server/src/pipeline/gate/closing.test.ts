import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf } from "../../routes/testing/world.js";
import { GateWorld } from "./testing/gate-world.js";

let gate: GateWorld;
beforeEach(async () => {
  gate = await GateWorld.create();
});
afterEach(() => gate[Symbol.asyncDispose]());

describe("closing", () => {
  it("waits for what runs, which ends as it ends", async () => {
    const paused = gate.pause();
    const running = gate.execute();
    await paused.arrived;
    const closed = gate.world.controlPlane.close();
    paused.answer();
    expect((await running).body.outcome).toBe("success");
    await closed;
  });

  it("cuts off after ten seconds what still runs, whose outcome is then unknown", async () => {
    const paused = gate.pause();
    const running = gate.execute();
    await paused.arrived;
    const closed = gate.world.controlPlane.close();
    gate.world.clock.advance(10_000);
    expect((await running).body).toMatchObject({
      outcome: "outcome_unknown",
      error: { code: "interrupted" },
    });
    await closed;
  });

  it("lets nothing begin any more", async () => {
    const paused = gate.pause();
    const running = gate.execute();
    await paused.arrived;
    const closed = gate.world.controlPlane.close();
    const late = await gate.execute({ id: typeidUnboxed("req") });
    expect(codeOf(late)).toBe("UNAVAILABLE");
    paused.answer();
    await Promise.all([running, closed]);
    expect(gate.service.calls).toHaveLength(1);
  });
});
