import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, type Reply } from "../../routes/testing/world.js";
import { GateWorld, LARGE } from "../gate/testing/gate-world.js";
import { ShieldWorld } from "./testing/shield-world.js";

const HALF_AN_HOUR_MS = 1_800_000;
const RUNS = 24;

let gate: GateWorld;
let shield: ShieldWorld;
let runs = 0;

/** Looks a customer up, then refunds: what every run does. */
async function routine(): Promise<void> {
  const run_id = `run-${runs++}`;
  for (const action of ["lookup", "refund"]) {
    const reply = await gate.execute({ run_id }, { action });
    if (reply.status !== 200) throw new Error(`Expected 200: ${JSON.stringify(reply.body)}`);
  }
}

beforeAll(async () => {
  gate = await GateWorld.create();
  shield = new ShieldWorld(gate.world);
  await gate.register({ id: "lookup" });
  await gate.register({ id: "purge", approval: "never" });
  for (let run = 0; run < RUNS; run += 1) await routine();
  gate.world.clock.advance(HALF_AN_HOUR_MS);
  await gate.connect();
  // The first step of another run finds that the others are over.
  await routine();
  await shield.setSettings({ hold_one_in: 10 }, "gate");
  await shield.setMode("locked", "gate");
  // Learning takes its time where others use the same cores.
}, 60_000);
afterAll(() => gate[Symbol.asyncDispose]());

const requestOf = async (reply: Reply) =>
  (await gate.world.call("GET", `/v1/requests/${reply.body.id}`, { as: "admin" })).body;

/** Refunds at once, which no run has done. */
const jump = (action = "refund", body: object = {}) =>
  gate.execute({ run_id: `run-${runs++}`, ...body }, { action });

const lastRequest = async () =>
  (await gate.world.call("GET", "/v1/requests?limit=1", { as: "admin" })).body.data[0];

describe.sequential("a call of the gate", () => {
  it("[P-SHIELD-TIGHTENS] that departs runs with a warning while its baseline is locked", async () => {
    const reply = await jump();
    expect(reply.status).toBe(200);
    const { shield: verdict } = await requestOf(reply);
    expect(verdict).toMatchObject({ anomalous: true, effect: "warned", signals: ["path"] });
    expect(verdict.explanation).toMatch(
      /^A run of gate has never begun with refund \(0 of \d+\)\. As surprising as 1 run in \d+\.$/,
    );
  });

  it("[P-SHIELD-TIGHTENS] that departs waits for a person once it is enforced, and runs once when approved", async () => {
    await shield.setMode("enforce", "gate");
    const calls = gate.service.calls.length;
    const id = (await jump()).body.id;
    expect(gate.service.calls).toHaveLength(calls);
    const held = (await gate.world.call("GET", `/v1/requests/${id}`, { as: "admin" })).body;
    expect(held).toMatchObject({
      status: "PENDING",
      policy: { verdict: "allow", policies: ["small"] },
      shield: { effect: "held" },
    });
    await gate.approve(id);
    const run = await gate.execute({ id, parameters: undefined });
    expect(run.body.outcome).toBe("success");
    expect(gate.service.calls).toHaveLength(calls + 1);
    const receipts = await gate.receiptsOf(id);
    expect(receipts.map(({ type }) => type).slice(0, 3)).toEqual([
      "request.created",
      "shield.anomaly",
      "request.approved",
    ]);
    for (const { gate: part, shield: told } of receipts.slice(0, 2)) {
      expect(part).toBeDefined();
      expect(told).toMatchObject({ anomalous: true, effect: "held", mode: "enforce" });
    }
  });

  it("[P-SHIELD-TIGHTENS] that departs is denied where nobody is ever asked about it", async () => {
    const reply = await jump("purge");
    expect(codeOf(reply)).toBe("ACTION_DENIED");
    const request = await lastRequest();
    expect(request).toMatchObject({
      action: "purge",
      status: "REJECTED",
      decided_by: { type: "system", id: "shield" },
      shield: { effect: "denied", anomalous: true },
      policy: { verdict: "allow" },
    });
    expect(request.reason).toBe(request.shield.explanation);
  });

  it("[P-SHIELD-TIGHTENS] that departs and is held anyway is held with a warning", async () => {
    const reply = await jump("lookup", { parameters: LARGE, run_id: "odd" });
    expect(reply.status).toBe(202);
    expect((await requestOf(reply)).shield).toMatchObject({ anomalous: false, effect: "none" });
    const second = await jump("lookup", { parameters: LARGE, run_id: "odd" });
    expect((await requestOf(second)).shield).toMatchObject({ anomalous: true, effect: "warned" });
  });

  it("that goes the usual way runs", async () => {
    await routine();
    expect((await lastRequest()).shield).toMatchObject({ anomalous: false, effect: "none" });
  });

  it("is measured by the shape of its parameters", async () => {
    const { body } = await gate.world.call("GET", "/v1/shield/gate/steps?limit=1", {
      as: "viewer",
    });
    expect(body.data[0].skeleton_hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
