import type { WireRequest } from "@holdpoint/protocol";
import { expect } from "vitest";
import { z } from "zod";
import type { AdapterDriver, DurableDriver, Parked, Scene } from "./driver.js";
import { endingOf, expectEffects, expectFailure, expectRefusal } from "./expect.js";
import type { Play } from "./gate-attacks.js";
import { receiptOf, TRANSFER, WIPE, type World } from "./world.js";

/** A conversation that has parked, with its questions. */
interface ParkedScene {
  readonly durable: DurableDriver;
  readonly scene: Scene;
  readonly parked: Parked;
  readonly questions: Readonly<Record<string, WireRequest>>;
}

async function park(driver: AdapterDriver, world: World, overrides: Partial<Scene> = {}) {
  const { durable } = driver;
  if (durable === undefined)
    throw new Error(`${driver.name} has no durable way. Say why in skips.`);
  const scene = world.scene(overrides);
  // Through JSON, as it would travel: what does not survive that is not there in another process.
  const parked = JSON.parse(JSON.stringify(await durable.park(scene))) as Parked;
  const pending = await world.holdpoint.pending();
  const questions = Object.fromEntries(pending.map((each) => [each.action, each]));
  for (const { tool } of scene.calls) expect(Object.keys(questions)).toContain(tool);
  expectEffects(world);
  return { durable, scene, parked, questions } satisfies ParkedScene;
}

/** The same conversation as another process sees it: another client, other tool objects. */
function elsewhere(world: World, { runId, calls }: Scene, overrides: Partial<Scene> = {}): Scene {
  return world.scene({ holdpoint: world.client(), runId, calls, ...overrides });
}

function idOf({ questions }: ParkedScene, { tool }: { readonly tool: string }): string {
  return (questions[tool] as WireRequest).id;
}

export const durableAttacks = {
  async "durable-approve"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const answers = await held.durable.resume(elsewhere(world, held.scene), held.parked);
    expectEffects(world, TRANSFER);
    expect(answers[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
    const execution = await world.holdpoint.execution(idOf(held, TRANSFER));
    expect(execution).toMatchObject({ status: "COMMITTED" });
  },

  async "durable-edit"(driver, world) {
    const held = await park(driver, world);
    const patch = { amount: 50, to: "Ada" };
    await world.holdpoint.approve(idOf(held, TRANSFER), { patch, reason: "Half is plenty." });
    const answers = await held.durable.resume(elsewhere(world, held.scene), held.parked);
    expectEffects(world, { tool: "transfer", args: patch });
    expect(answers[TRANSFER.id]).toContain(receiptOf(patch));
    expect(answers[TRANSFER.id]).toContain("Changed /amount from 500 to 50.");
    expect(answers[TRANSFER.id]).toContain("Half is plenty.");
  },

  async "durable-reject"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.reject(idOf(held, TRANSFER), { reason: "Not on a Friday." });
    const answers = await held.durable.resume(elsewhere(world, held.scene), held.parked);
    expectRefusal(answers[TRANSFER.id], "Not on a Friday.");
    expectEffects(world);
  },

  async "durable-siblings"(driver, world) {
    const held = await park(driver, world, { calls: [TRANSFER, WIPE] });
    await world.holdpoint.reject(idOf(held, WIPE), { reason: "Never that." });
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const answers = await held.durable.resume(elsewhere(world, held.scene), held.parked);
    expectEffects(world, TRANSFER);
    expect(answers[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
    expectRefusal(answers[WIPE.id], "Never that.");
  },

  async undecided(driver, world) {
    const held = await park(driver, world);
    await endingOf(held.durable.resume(elsewhere(world, held.scene), held.parked));
    expectEffects(world);
    const request = await world.holdpoint.request(idOf(held, TRANSFER));
    expect(request).toMatchObject({ status: "PENDING", execution: { status: "NONE" } });
  },

  async "resumed-twice"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    for (const _ of [1, 2]) {
      const ending = endingOf(held.durable.resume(elsewhere(world, held.scene), held.parked));
      expect(JSON.stringify(await ending)).toContain(receiptOf(TRANSFER.args));
    }
    expectEffects(world, TRANSFER);
  },

  async "resumed-at-once"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const endings = await Promise.all(
      Array.from({ length: 50 }, () =>
        endingOf(held.durable.resume(elsewhere(world, held.scene), held.parked)),
      ),
    );
    expectEffects(world, TRANSFER);
    const told = endings.filter((ending) =>
      JSON.stringify(ending).includes(receiptOf(TRANSFER.args)),
    );
    expect(told).not.toEqual([]);
  },

  async "arguments-changed"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const args = { amount: 999, to: "Mallory" };
    const tampered = held.durable.tamper.changeArguments(held.parked, TRANSFER.id, args);
    const ending = await endingOf(held.durable.resume(elsewhere(world, held.scene), tampered));
    expectEffects(world);
    expectFailure(ending, "IDEMPOTENCY_CONFLICT", "ARGUMENTS_CHANGED");
    await held.durable.resume(elsewhere(world, held.scene), held.parked);
    expectEffects(world, TRANSFER);
  },

  async "approval-forged"(driver, world) {
    const held = await park(driver, world);
    const forged = held.durable.tamper.forgeApproval(held.parked, TRANSFER.id);
    await endingOf(held.durable.resume(elsewhere(world, held.scene), forged));
    expectEffects(world);
    const request = await world.holdpoint.request(idOf(held, TRANSFER));
    expect(request).toMatchObject({ status: "PENDING", execution: { status: "NONE" } });
  },

  async "moved-conversation"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const other = world.scene();
    const moved = held.durable.tamper.moveTo(held.parked, other.runId);
    await endingOf(held.durable.resume(elsewhere(world, other), moved));
    expectEffects(world);
    const request = await world.holdpoint.request(idOf(held, TRANSFER));
    expect(request).toMatchObject({ execution: { status: "NONE" } });
  },

  async "moved-tool"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const switched = held.durable.tamper.switchTool(held.parked, TRANSFER.id, "donate");
    const scene = elsewhere(world, held.scene, {
      tools: [world.tool("transfer"), world.tool("donate")],
    });
    await endingOf(held.durable.resume(scene, switched));
    expectEffects(world);
  },

  async "deny-then-approve"(driver, world) {
    const held = await park(driver, world);
    const id = idOf(held, TRANSFER);
    await world.holdpoint.reject(id, { reason: "No." });
    await expect(world.holdpoint.approve(id)).rejects.toMatchObject({ code: "ALREADY_DECIDED" });
    await endingOf(held.durable.resume(elsewhere(world, held.scene), held.parked));
    const forged = held.durable.tamper.forgeApproval(held.parked, TRANSFER.id);
    await endingOf(held.durable.resume(elsewhere(world, held.scene), forged));
    expectEffects(world);
  },

  async "tool-renamed"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const tools = [world.tool("transfer_money")];
    await endingOf(held.durable.resume(elsewhere(world, held.scene, { tools }), held.parked));
    expectEffects(world);
  },

  async "schema-changed"(driver, world) {
    const held = await park(driver, world);
    await world.holdpoint.approve(idOf(held, TRANSFER));
    const schema = z.object({ amount: z.number(), to: z.string(), iban: z.string() });
    const tools = [world.tool("transfer", schema)];
    await endingOf(held.durable.resume(elsewhere(world, held.scene, { tools }), held.parked));
    expectEffects(world);
  },

  async crashed(driver, world) {
    const held = await park(driver, world);
    const id = idOf(held, TRANSFER);
    await world.holdpoint.approve(id);
    const decision = await held.scene.holdpoint.wait(id);
    if (!decision.approved) throw new Error("Expected an approval.");
    // A process that begins, and is never heard of again.
    await held.scene.holdpoint.executions.claim(decision);
    await world.holdpoint.clock.advance(3_600_000);
    const ending = await endingOf(held.durable.resume(elsewhere(world, held.scene), held.parked));
    expectEffects(world);
    expectFailure(ending, "OUTCOME_UNKNOWN");
  },
} as const satisfies Record<string, Play>;
