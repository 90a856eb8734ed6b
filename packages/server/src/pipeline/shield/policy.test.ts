import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ShieldWorld } from "./testing/shield-world.js";

let shield: ShieldWorld;
beforeEach(async () => {
  shield = await ShieldWorld.create();
  await shield.learnt("locked");
}, 30_000);
afterEach(() => shield[Symbol.asyncDispose]());

const ALLOW = '@id("allow") permit (principal, action, resource);';
const IF_ANOMALOUS = `@id("odd") @reason("Nobody does that.") forbid (principal, action, resource)
  when { context has shield && context.shield.anomalous };`;
const IF_RARE = `@id("rare") @hold("finance") permit (principal, action, resource)
  when { context has shield && context.shield has one_in && context.shield.one_in >= 100 };`;

const shieldOf = (body: {
  readonly question: { readonly context: { readonly shield?: object } };
}) => body.question.context.shield;

describe("a policy", () => {
  it("decides by what the shield has measured", async () => {
    await shield.world.setPolicy(ALLOW + IF_ANOMALOUS);
    expect(await shield.jump()).toMatchObject({
      status: "REJECTED",
      reason: "Nobody does that.",
      policy: { policies: ["odd"] },
      shield: { anomalous: true, effect: "none" },
    });
    expect(await shield.askUsual()).toMatchObject({ status: "APPROVED" });
  });

  it("decides by how rare it is", async () => {
    await shield.world.setPolicy(ALLOW + IF_RARE);
    expect(await shield.jump()).toMatchObject({ status: "PENDING", role: "finance" });
    expect(await shield.askUsual()).toMatchObject({ status: "APPROVED" });
  });

  it("that requires a profile which enforces is met by no other", async () => {
    await shield.world.setPolicy(
      'permit (principal, action, resource) when { context has shield && context.shield.mode == "enforce" };',
    );
    expect((await shield.askUsual()).status).toBe("PENDING");
    await shield.setMode("enforce");
    expect((await shield.askUsual()).status).toBe("APPROVED");
    const elsewhere = await shield.ask({ action: "open_ticket", environment: "invented" });
    expect(elsewhere.status).toBe("PENDING");
  });

  it("is explained and tried by what was measured then, whatever has been learnt since", async () => {
    const jump = await shield.jump();
    const verdict = {
      mode: "locked",
      anomalous: true,
      one_in: Math.floor(jump.shield.one_in ?? 0),
    };
    await shield.setMode("shadow");
    await shield.world.setPolicy(ALLOW + IF_ANOMALOUS);
    const { body } = await shield.world.call("POST", "/v1/policies/explain", {
      as: "viewer",
      body: { request_id: jump.id },
    });
    expect(body).toMatchObject({ verdict: "deny" });
    expect(shieldOf(body)).toEqual(verdict);
    const tried = await shield.world.call("POST", "/v1/policies/try", {
      as: "admin",
      body: { text: ALLOW },
    });
    expect(tried.body.changed).toEqual([
      expect.objectContaining({ request_id: jump.id, was: "deny", would_be: "allow" }),
    ]);
  });
});

it("what is measured is counted, by how it came and what came of it", async () => {
  await shield.jump();
  const { body } = await shield.world.call("GET", "/metrics");
  expect(body).toMatch(/holdpoint_shield_steps_total\{source="observe",anomalous="false"\} 716\n/);
  expect(body).toMatch(/holdpoint_shield_steps_total\{source="ask",anomalous="true"\} 1\n/);
  expect(body).toMatch(/holdpoint_shield_measure_seconds_count \d+\n/);
  expect(body).toMatch(/holdpoint_shield_profiles 1\n/);
});
