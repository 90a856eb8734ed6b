import { hashSkeleton } from "@holdpoint/protocol";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf } from "../../routes/testing/world.js";
import { JUMP, ShieldWorld, TICKET, USUAL } from "./testing/shield-world.js";

let shield: ShieldWorld;
beforeEach(async () => {
  shield = await ShieldWorld.create();
});
afterEach(() => shield[Symbol.asyncDispose]());

async function stepsOf(query = ""): Promise<readonly { readonly [field: string]: unknown }[]> {
  const path = `/v1/shield/deploy/steps?limit=100${query}`;
  return (await shield.world.call("GET", path, { as: "viewer" })).body.data;
}

describe("a batch of observations", () => {
  it("is counted once, however often it is told, in one batch and in several", async () => {
    const run_id = "once";
    const [read, sum] = ["read_logs", "summarise"].map((action) => ({
      id: typeidUnboxed("obs"),
      action,
      run_id,
    }));
    if (read === undefined || sum === undefined) throw new Error("Expected two steps.");
    await shield.observe([read, sum, read, sum]);
    await shield.observe([read, sum]);
    const open = { id: typeidUnboxed("obs"), action: USUAL, run_id, ends_run: true };
    await shield.observe([sum, open, open]);
    const steps = await stepsOf();
    expect(steps.map(({ action }) => action)).toEqual([USUAL, "summarise", "read_logs"]);
    expect(steps.map(({ verdict }) => (verdict as { after?: string }).after)).toEqual([
      "summarise",
      "read_logs",
      undefined,
    ]);
    expect((await shield.profile()).baseline).toMatchObject({ steps: 3, runs: 1, actions: 3 });
  });

  it("moves its runs on from step to step, each by itself", async () => {
    await shield.observe([
      { action: "a", run_id: "one" },
      { action: "x", run_id: "two" },
      { action: "b", run_id: "one" },
      { action: "y", run_id: "two" },
      { action: "other", run_id: "one", service: "elsewhere" },
      { action: "c", run_id: "one" },
    ]);
    const after = (await stepsOf()).map(({ action, verdict }) => [
      action,
      (verdict as { after?: string }).after,
    ]);
    expect(after).toEqual([
      ["c", "b"],
      ["y", "x"],
      ["b", "a"],
      ["x", undefined],
      ["a", undefined],
    ]);
  });

  it("warns of what has happened, once the baseline is locked, and teaches nothing by it", async () => {
    await shield.learnt("enforce");
    const run_id = await shield.begin();
    await shield.observe([{ action: JUMP, run_id, id: typeidUnboxed("obs") }]);
    const [step] = await stepsOf("&anomalous=true");
    expect(step).toMatchObject({ action: JUMP, verdict: { anomalous: true, effect: "warned" } });
    expect((await shield.jump()).shield.anomalous).toBe(true);
  });

  it("[P-SHIELD-TAUGHT] teaches what a person calls usual", async () => {
    await shield.learnt("enforce");
    await shield.world.setPolicy("permit (principal, action, resource);");
    const run_id = await shield.begin();
    const [step_id] = await shield.observe([{ action: JUMP, run_id }]);
    const body = { step_id, answer: "usual" };
    const path = "/v1/shield/deploy/reviews";
    const reply = await shield.world.call("POST", path, { as: "approver", body });
    expect(reply.status).toBeLessThan(300);
    expect((await shield.jump()).status).toBe("APPROVED");
  });

  it("[P-SHIELD-BOUNDED] beyond as many services as a project may have is taken, and followed by nothing", async () => {
    const services = Array.from({ length: 510 }, (_, index) => ({
      action: "a",
      service: `service-${index}`,
    }));
    await shield.observe(services);
    const { body } = await shield.world.call("GET", "/v1/shield", { as: "viewer" });
    expect(body.data).toHaveLength(500);
    const asked = await shield.world.ask({ service: "service-509" });
    expect(asked).toMatchObject({ status: "PENDING" });
    expect(asked).not.toHaveProperty("shield");
    expect(shield.world.logLines.join("")).toContain("the shield follows as many services");
    expect((await shield.world.ask({ service: "service-1" })).shield?.mode).toBe("shadow");
  });

  it("[P-SHIELD-BOUNDED] of hostile names is counted as what it is", async () => {
    const names = ["__proto__", "constructor", "toString", "a/b", "ü — 漢字", "x".repeat(200)];
    await shield.observe(names.map((action) => ({ action, run_id: "../__proto__" })));
    const { graph } = await shield.profile();
    expect(graph.nodes.map(({ action }: { action: string }) => action).sort()).toEqual(
      [...names].sort(),
    );
  });
});

describe("[G6] what nobody here can read", () => {
  it("is measured by the hash that its client has made of it", async () => {
    await shield.learnt("enforce");
    await shield.world.setPolicy("permit (principal, action, resource);");
    const askSealed = async (payload: typeof TICKET | object) => {
      const run_id = await shield.begin();
      await shield.observe([{ action: "summarise", run_id }]);
      const skeleton_hash = await hashSkeleton(payload as typeof TICKET);
      const sealed = await shield.seal(payload as typeof TICKET);
      return shield.ask({ ...sealed, action: USUAL, run_id, skeleton_hash });
    };
    expect(await askSealed(TICKET)).toMatchObject({
      status: "APPROVED",
      shield: { anomalous: false },
    });
    expect(await askSealed({ ...TICKET, recipients: ["everybody"] })).toMatchObject({
      status: "PENDING",
      shield: { anomalous: true, signals: ["structure"], effect: "held" },
    });
  });

  it("is measured by its way where there is no hash", async () => {
    await shield.learnt("enforce");
    const { shield: verdict } = await shield.jump(await shield.seal(TICKET));
    expect(verdict).toMatchObject({ anomalous: true, signals: ["path"], structure_bits: 0 });
  });
});

it.each([
  ["gate", "the gate"],
  ["Spend", "purchases"],
])("nobody's word counts of %s, which the server sees itself", async (service, of) => {
  const observations = ["deploy", service].map((name) => ({
    id: typeidUnboxed("obs"),
    service: name,
    action: "refund",
    observed_at: "2026-11-22T09:30:00.000Z",
  }));
  const reply = await shield.world.call("POST", "/v1/observations", {
    as: "agent",
    body: { observations },
  });
  expect(codeOf(reply)).toBe("VALIDATION_FAILED");
  expect(reply.body.issues[0].path).toBe("/observations/1/service");
  expect(reply.body.detail).toContain(of);
  const { body } = await shield.world.call("GET", "/v1/shield", { as: "viewer" });
  expect(body.data).toEqual([]);
});

it("a request that is refused at the door is no step", async () => {
  const body = { service: "deploy", action: USUAL, payload: {}, id: "req_1" };
  const reply = await shield.world.call("POST", "/v1/requests", { as: "agent", body });
  expect(codeOf(reply)).toBe("VALIDATION_FAILED");
  const { body: list } = await shield.world.call("GET", "/v1/shield", { as: "viewer" });
  expect(list.data).toEqual([]);
});

it("a request that is sent again is one step", async () => {
  const id = typeidUnboxed("req");
  const fields = { id, action: USUAL, payload: TICKET, run_id: "again" };
  const first = await shield.ask(fields);
  const body = { service: "deploy", ...fields };
  const again = await shield.world.call("POST", "/v1/requests", { as: "agent", body });
  expect(again.body.shield).toEqual(first.shield);
  expect(await stepsOf()).toHaveLength(1);
});
