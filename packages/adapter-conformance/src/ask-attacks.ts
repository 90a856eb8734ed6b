import { expect } from "vitest";
import { expectRefusal } from "./expect.js";
import type { Play } from "./gate-attacks.js";
import { question, TRANSFER } from "./world.js";

export const askAttacks = {
  async "ask-approve"(driver, world) {
    const { tools: _, calls: __, ...scene } = world.scene();
    const answer = driver.ask(scene, TRANSFER.args);
    const { id, payload } = await question(world, TRANSFER, answer);
    expect(JSON.stringify(payload)).toContain("500");
    await world.holdpoint.approve(id);
    expect(await answer).toMatch(/^APPROVED/);
    expect(await answer).toContain("500");
  },

  async "ask-edit"(driver, world) {
    const { tools: _, calls: __, ...scene } = world.scene();
    const answer = driver.ask(scene, TRANSFER.args);
    const { id } = await question(world, TRANSFER, answer);
    await world.holdpoint.approve(id, { patch: { amount: 50, to: "Ada" }, reason: "Half." });
    expect(await answer).toMatch(/^APPROVED WITH CHANGES/);
    expect(await answer).toContain("Changed /amount from 500 to 50.");
    expect(await answer).toContain("Half.");
  },

  async "ask-reject"(driver, world) {
    const { tools: _, calls: __, ...scene } = world.scene();
    const answer = driver.ask(scene, TRANSFER.args);
    const { id } = await question(world, TRANSFER, answer);
    await world.holdpoint.reject(id, { reason: "Not on a Friday." });
    expect(await answer).toMatch(/^STOP/);
    expectRefusal(await answer, "Not on a Friday.");
  },
} as const satisfies Record<string, Play>;
