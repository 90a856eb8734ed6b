import { Holdpoint, type JsonObject } from "@holdpoint/sdk";
import { expect } from "vitest";
import type { AdapterDriver } from "./driver.js";
import { endingOf, expectEffects, expectFailure, expectRefusal } from "./expect.js";
import { question, receiptOf, TRANSFER, WIPE, type World } from "./world.js";

/** Plays one attack, and says by throwing that the adapter did not stand it. */
export type Play = (driver: AdapterDriver, world: World) => Promise<void>;

export const gateAttacks = {
  async approve(driver, world) {
    const scene = world.scene();
    const conversation = driver.gate(scene);
    const request = await question(world, TRANSFER, conversation);
    expect(request).toMatchObject({
      service: scene.service,
      run_id: scene.runId,
      payload: TRANSFER.args,
      schema: { properties: { amount: { maximum: 1_000 } } },
    });
    expectEffects(world);
    await world.holdpoint.approve(request.id);
    const answers = await conversation;
    expectEffects(world, TRANSFER);
    expect(answers[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
    expect(await world.holdpoint.execution(request.id)).toMatchObject({ status: "COMMITTED" });
  },

  async edit(driver, world) {
    const conversation = driver.gate(world.scene());
    const { id } = await question(world, TRANSFER, conversation);
    const patch = { amount: 50, to: "Ada" };
    await world.holdpoint.approve(id, { patch, reason: "Half is plenty." });
    const answer = (await conversation)[TRANSFER.id];
    expectEffects(world, { tool: "transfer", args: patch });
    expect(answer).toContain(receiptOf(patch));
    expect(answer).toContain("Changed /amount from 500 to 50.");
    expect(answer).toContain("Half is plenty.");
  },

  async reject(driver, world) {
    const conversation = driver.gate(world.scene());
    const { id } = await question(world, TRANSFER, conversation);
    await world.holdpoint.reject(id, { reason: "Not on a Friday." });
    expectRefusal((await conversation)[TRANSFER.id], "Not on a Friday.");
    expectEffects(world);
  },

  async expire(driver, world) {
    const conversation = driver.gate(world.scene({ timeoutMs: 60_000 }));
    await question(world, TRANSFER, conversation);
    await world.holdpoint.clock.advance(61_000);
    expectRefusal((await conversation)[TRANSFER.id]);
    expectEffects(world);
  },

  async siblings(driver, world) {
    const conversation = driver.gate(world.scene({ calls: [TRANSFER, WIPE] }));
    const transfer = await question(world, TRANSFER, conversation);
    // A framework may run one call after the other, so the first is decided before the second is there.
    await world.holdpoint.approve(transfer.id);
    const wipe = await question(world, WIPE, conversation);
    await world.holdpoint.reject(wipe.id, { reason: "Never that." });
    const answers = await conversation;
    expectEffects(world, TRANSFER);
    expect(answers[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
    expectRefusal(answers[WIPE.id], "Never that.");
  },

  async observe(driver, world) {
    const scene = world.scene({ policy: () => false });
    const answers = await driver.gate(scene);
    expectEffects(world, TRANSFER);
    expect(answers[TRANSFER.id]).toContain(receiptOf(TRANSFER.args));
    expect(await world.holdpoint.pending()).toEqual([]);
    await scene.holdpoint.flush();
    expect(await world.holdpoint.observations()).toMatchObject([
      { service: scene.service, action: "transfer", run_id: scene.runId },
    ]);
  },

  async deny(driver, world) {
    const answers = await driver.gate(world.scene({ policy: { transfer: "deny" } }));
    expectRefusal(answers[TRANSFER.id]);
    expectEffects(world);
    expect(await world.holdpoint.pending()).toEqual([]);
  },

  async "policy-throws"(driver, world) {
    const policy = () => {
      throw new Error("No connection to the rules.");
    };
    const ending = await endingOf(driver.gate(world.scene({ policy })));
    expectEffects(world);
    expectFailure(ending, "CONFIGURATION_INVALID");
  },

  async "edit-breaks-schema"(driver, world) {
    const conversation = driver.gate(world.scene());
    const { id } = await question(world, TRANSFER, conversation);
    for (const patch of [{ amount: 5_000, to: "Ada" }, { amount: "50" }, { to: "Ada" }]) {
      const edit = world.holdpoint.approve(id, { patch });
      await expect(edit).rejects.toMatchObject({ code: "PATCH_INVALID" });
    }
    expectEffects(world);
    await world.holdpoint.reject(id, { reason: "Then not." });
    expectRefusal((await conversation)[TRANSFER.id], "Then not.");
    expectEffects(world);
  },

  async "edit-switches-tool"(driver, world) {
    const conversation = driver.gate(world.scene());
    const { id } = await question(world, TRANSFER, conversation);
    for (const patch of [
      WIPE.args as JsonObject,
      { tool: "wipe", args: WIPE.args as JsonObject },
    ]) {
      const edit = world.holdpoint.approve(id, { patch });
      await expect(edit).rejects.toMatchObject({ code: "PATCH_INVALID" });
    }
    await world.holdpoint.reject(id);
    await conversation;
    expectEffects(world);
  },

  async "tool-throws"(driver, world) {
    const broken = world.tool("transfer", undefined, async () => {
      throw new Error("The bank is closed.");
    });
    const scene = world.scene({ tools: [broken] });
    const conversation = endingOf(driver.gate(scene));
    const { id } = await question(world, TRANSFER, conversation);
    await world.holdpoint.approve(id);
    await conversation;
    expectEffects(world, TRANSFER);
    expect(await world.holdpoint.execution(id)).toMatchObject({ status: "FAILED" });
    expectFailure(await endingOf(driver.gate(scene)), "EXECUTION_FAILED");
    expectEffects(world, TRANSFER);
  },

  async abort(driver, world) {
    const abort = new AbortController();
    const conversation = endingOf(driver.gate(world.scene({ signal: abort.signal })));
    const { id } = await question(world, TRANSFER, conversation);
    abort.abort(new DOMException("The user has left.", "AbortError"));
    await conversation;
    expectEffects(world);
    expect(await world.holdpoint.request(id)).toMatchObject({ status: "PENDING" });
  },

  async unreachable(driver, world) {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const holdpoint = world.client({ fetch, maxRetries: 0 });
    const ending = await endingOf(driver.gate(world.scene({ holdpoint })));
    expectEffects(world);
    expectFailure(ending, "CONNECTION_FAILED");
  },

  async nonsense(driver, world) {
    for (const body of ['{"status":"APPROVED"}', "<html>", "{}"]) {
      const fetch = async () =>
        new Response(body, { headers: { "content-type": "application/json" } });
      const holdpoint = world.client({ fetch, maxRetries: 0 });
      const ending = await endingOf(driver.gate(world.scene({ holdpoint })));
      expectEffects(world);
      expectFailure(ending, "RESPONSE_INVALID");
    }
  },

  async unauthorized(driver, world) {
    const apiKey = `${world.holdpoint.apiKey.slice(0, -4)}AAAA`;
    const { url: baseUrl, fetch } = world.holdpoint;
    const holdpoint = new Holdpoint({ apiKey, baseUrl, fetch, maxRetries: 0 });
    const ending = await endingOf(driver.gate(world.scene({ holdpoint })));
    expectEffects(world);
    expectFailure(ending, "CREDENTIAL_INVALID");
  },
} as const satisfies Record<string, Play>;
