import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Context, createContext } from "../../context.js";
import { digestTextOf } from "../../domain/digest.js";
import { Service } from "../../gate/testing/service.js";
import { ManualClock } from "../../routes/testing/clock.js";
import { codeOf, MASTER_KEY } from "../../routes/testing/world.js";
import { GateAgent } from "../../store/conformance/gate-agent.js";
import { StoreError } from "../../store/errors.js";
import { executeAction, type LeasedCaller } from "./execute.js";
import { CANARY, GateWorld, HUGE, refundManifest, SMALL } from "./testing/gate-world.js";

describe("[P-GATE-EVIDENCE] a run that cannot be put on record", () => {
  let context: Context;
  let service: Service;
  let clock: ManualClock;
  let caller: LeasedCaller;
  beforeEach(async () => {
    clock = new ManualClock();
    service = await Service.start();
    const options = { storage: { kind: "memory" }, masterKey: MASTER_KEY, clock } as const;
    const logger = pino({ level: "silent" });
    context = await createContext(
      { ...options, logger, allowPrivateEgress: true },
      () => undefined,
    );
    const { store } = context;
    const { tenant, lease, actor } = await GateAgent.create([store]);
    const { projectId, agent } = tenant;
    caller = { type: "agent", keyId: lease.id, projectId, agent, scopes: ["gate"], lease };
    const made = { projectId, eventId: typeidUnboxed("evt") };
    const manifest = refundManifest(service, { secrets: [] });
    await store.actions.register({
      ...made,
      id: manifest.id,
      version: manifest.version,
      digest: digestTextOf(manifest),
      manifest,
      registeredAt: clock.now(),
      registeredBy: actor,
    });
    await store.policies.set({
      ...made,
      id: typeidUnboxed("pol"),
      eventId: typeidUnboxed("evt"),
      baseRevision: 0,
      text: "permit (principal, action, resource);",
      createdAt: clock.now(),
      createdBy: actor,
    });
  });
  afterEach(async () => {
    await context.gate.close();
    await context.store.close();
    await service[Symbol.asyncDispose]();
  });

  it("is no success to whoever asked, and unknown from then on", async () => {
    const { store } = context;
    const settle = async () => {
      throw new StoreError({ code: "STORE_UNAVAILABLE", message: "The disk is full." });
    };
    const failing = { ...context, store: { ...store, gateCalls: { ...store.gateCalls, settle } } };
    const input = { id: typeidUnboxed("req"), parameters: SMALL };
    await expect(executeAction(failing, caller, "refund", input)).rejects.toThrow(StoreError);
    clock.advance(40_000);
    const { call, isReplayed } = await executeAction(context, caller, "refund", input);
    expect([call.execution?.status, isReplayed]).toEqual(["OUTCOME_UNKNOWN", true]);
    expect(service.calls).toHaveLength(1);
  });

  it("is unknown when its runner has lost track of it", async () => {
    const run = async () => {
      throw new Error("A fault of our own.");
    };
    const failing = {
      ...context,
      gate: { ...context.gate, runner: { ...context.gate.runner, run } },
    };
    const input = { id: typeidUnboxed("req"), parameters: SMALL };
    const { call } = await executeAction(failing, caller, "refund", input);
    expect(call.execution).toMatchObject({
      status: "OUTCOME_UNKNOWN",
      error: { code: "interrupted" },
    });
  });

  it("is denied when its policy cannot be read, and that is on record", async () => {
    const judge = async () => {
      throw new StoreError({ code: "STORE_UNAVAILABLE", message: "No answer." });
    };
    const id = typeidUnboxed("req");
    const failing = { ...context, policy: { judge } };
    const denied = executeAction(failing, caller, "refund", { id, parameters: SMALL });
    await expect(denied).rejects.toMatchObject({ code: "ACTION_DENIED" });
    const call = await context.store.gateCalls.find(caller.projectId, id);
    expect(call?.request).toMatchObject({ status: "REJECTED", policy: { verdict: "deny" } });
    expect(service.calls).toEqual([]);
  });
});

describe("a secret", () => {
  it("is nowhere but in the call it is put into", async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdpoint-canary-"));
    const storage = { kind: "sqlite", path: join(folder, "holdpoint.db") } as const;
    const gate = await GateWorld.create({ storage });
    const { world, service } = gate;
    const seen: unknown[] = [];
    const answers = [
      () => service.answerJson(201, { id: "re_1", echo: `Bearer ${CANARY}` }),
      () => service.answerJson(422, { error: CANARY }),
      () => service.answerJson(500, { error: CANARY }, { "x-echo": CANARY }),
    ];
    for (const answer of answers) {
      answer();
      const id = typeidUnboxed("req");
      seen.push((await gate.execute({ id })).body, (await gate.execute({ id })).body);
      seen.push(await gate.receiptsOf(id));
      const { body: request } = await world.call("GET", `/v1/requests/${id}`, { as: "admin" });
      const path = `/v1/executions/${request.execution.id}`;
      seen.push(request, (await world.call("GET", path, { as: "admin" })).body);
    }
    seen.push((await gate.execute({ parameters: HUGE })).body);
    for (const path of ["/metrics", "/v1/secrets", "/v1/actions", "/v1/receipts"]) {
      seen.push((await world.call("GET", path, { as: "admin" })).body);
    }
    expect(service.calls.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill(`Bearer ${CANARY}`),
    );
    await gate[Symbol.asyncDispose]();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    rmSync(folder, { recursive: true });
    expect(files.join()).toContain("execution.committed");
    const everything = [JSON.stringify([seen, world.logLines]), ...files].join();
    expect(everything).toContain("re_1");
    expect(everything).not.toContain(CANARY);
    expect(everything).not.toContain(Buffer.from(CANARY).toString("base64"));
  });
});

describe("an action that fails before it is sent", () => {
  it("says so in its answer, and not why in words of the network", async () => {
    await using gate = await GateWorld.create();
    await gate.world.call("DELETE", "/v1/secrets/API_TOKEN", { as: "admin" });
    const reply = await gate.execute();
    expect(codeOf(reply)).toBeUndefined();
    expect(reply.body).toMatchObject({ outcome: "failed", verification: { status: "not_run" } });
    expect(gate.service.calls).toEqual([]);
  });
});
