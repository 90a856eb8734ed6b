import { LIMITS } from "@holdpoint/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf, newRequest, World } from "../../routes/testing/world.js";
import { AgentProcess, type Fate, Killed, type Learnt, Provider } from "./testing/process.js";

/**
 * One decision, at most one effect, and whoever asks learns what is true: whatever is lost, killed
 * or sent at once. Over a socket, by processes that know only the wire.
 */
let world: World;
let url: string;
let provider: Provider;
let ask: ReturnType<typeof newRequest>;
beforeEach(async () => {
  world = await World.create();
  const { port } = await world.controlPlane.start({ port: 0 });
  url = `http://127.0.0.1:${port}`;
  provider = new Provider();
  ask = newRequest();
});
afterEach(() => world.controlPlane.close());

function start(fate: Fate = {}): Promise<Learnt> {
  const authorization = world.credentials.agent;
  return new AgentProcess({ url, authorization, provider, fate }).work(ask);
}

async function decide(body: object = {}): Promise<void> {
  const reply = await world.decide(ask.id, { decision: "approve", revision: 1, ...body });
  expect(reply.status).toBe(200);
}

async function executionId(): Promise<string> {
  const { body } = await world.call("GET", `/v1/requests/${ask.id}`, { as: "admin" });
  return body.execution.id;
}

/** Looks at the provider's own record and says what it shows. */
async function reconcile(): Promise<void> {
  const outcome = provider.effects.length > 0 ? "committed" : "failed";
  const body = { outcome, evidence: { provider_records: provider.effects.length } };
  const path = `/v1/executions/${await executionId()}/reconcile`;
  expect((await world.call("POST", path, { as: "agent", body })).status).toBe(200);
}

const COMMITTED = { status: "COMMITTED", result: { record: 1 } };

describe("[G2] an answer that is lost", () => {
  it.each([
    ["ask", "before"],
    ["ask", "after"],
    ["claim", "before"],
    ["claim", "after"],
    ["commit", "before"],
    ["commit", "after"],
  ] as const)(
    "of %s, %s the server has committed it: one effect, and it is known",
    async (call, when) => {
      expect(await start({ loses: { call, when } })).toEqual({ status: "PENDING" });
      await decide();
      expect(await start({ loses: { call, when } })).toEqual(COMMITTED);
      expect(await start()).toEqual(COMMITTED);
      expect(provider.effects).toEqual([ask.payload]);
    },
  );
});

describe("[G2] a process that is killed", () => {
  it("before its claim leaves the work to the next", async () => {
    await start();
    await decide();
    await expect(start({ killedAt: "before claim" })).rejects.toThrow(Killed);
    expect(await start()).toEqual(COMMITTED);
    expect(provider.effects).toHaveLength(1);
  });

  it.each([
    ["after claim", 0, "FAILED"],
    ["after the effect", 1, "COMMITTED"],
  ] as const)(
    "%s leaves an unknown outcome, which evidence settles: %i effects, %s",
    async (killedAt, effects, truth) => {
      await start();
      await decide();
      await expect(start({ killedAt })).rejects.toThrow(Killed);
      const early = start();
      await untilHeld();
      world.clock.advance(1_000);
      expect(await early).toEqual({ status: "CLAIMED" });
      world.clock.advance(LIMITS.defaultLeaseMs);
      expect(await start()).toEqual({ status: "OUTCOME_UNKNOWN" });
      await reconcile();
      expect(await start()).toEqual({ status: truth });
      expect(provider.effects).toHaveLength(effects);
    },
  );

  it("before it could settle, and comes back too late, does not settle over the truth", async () => {
    await start();
    await decide();
    await expect(start({ killedAt: "after the effect" })).rejects.toThrow(Killed);
    world.clock.advance(LIMITS.defaultLeaseMs);
    await reconcile();
    const path = `/v1/executions/${await executionId()}/commit`;
    const body = { fencing_token: 1, result: "late" };
    const reply = await world.call("POST", path, { as: "agent", body });
    expect(codeOf(reply)).toBe("EXECUTION_SETTLED");
    expect(reply.body.current_execution).toMatchObject({ status: "COMMITTED", reconciled: true });
    expect(provider.effects).toHaveLength(1);
  });

  it("after it has settled leaves its result", async () => {
    await start();
    await decide();
    await expect(start({ killedAt: "after settle" })).rejects.toThrow(Killed);
    expect(await start()).toEqual(COMMITTED);
    expect(provider.effects).toHaveLength(1);
  });
});

async function untilHeld(): Promise<void> {
  for (;;) {
    const { body } = await world.call("GET", "/metrics");
    if (/^holdpoint_pending_waiters 1$/m.test(body)) return;
    await new Promise(setImmediate);
  }
}

describe("[G2] many at once", () => {
  it("of 50 resumes one runs it, and all 50 learn how it ended", { timeout: 30_000 }, async () => {
    await start();
    await decide();
    const learnt = await Promise.all(Array.from({ length: 50 }, () => start()));
    expect(learnt).toEqual(Array(50).fill(COMMITTED));
    expect(provider.effects).toHaveLength(1);
  });

  it("of 50 asks, decisions and resumes together, one of each counts", {
    timeout: 30_000,
  }, async () => {
    await Promise.all(Array.from({ length: 50 }, () => start()));
    const decisions = await Promise.all(
      Array.from({ length: 50 }, () => world.decide(ask.id, { decision: "approve", revision: 1 })),
    );
    expect(decisions.filter(({ status }) => status === 200)).toHaveLength(1);
    await Promise.all(Array.from({ length: 50 }, () => start()));
    const { body } = await world.call("GET", `/v1/requests/${ask.id}/events`, { as: "admin" });
    expect(body.data.map(({ type }: { type: string }) => type)).toEqual([
      "request.created",
      "request.approved",
      "execution.claimed",
      "execution.committed",
    ]);
    expect(provider.effects).toHaveLength(1);
  });
});

describe("[G2] a second decision", () => {
  it.each([
    ["approve", "reject", "REJECTED", 0],
    ["reject", "approve", "APPROVED", 1],
  ] as const)(
    "to %s after a first to %s is told of it: %s",
    async (second, first, status, effects) => {
      await start();
      await decide({ decision: first });
      for (const revision of [1, 2]) {
        const reply = await world.decide(ask.id, { decision: second, revision });
        expect([codeOf(reply), reply.body.current.status]).toEqual(["ALREADY_DECIDED", status]);
      }
      expect(await start()).toEqual(effects === 0 ? { status } : COMMITTED);
      expect(provider.effects).toHaveLength(effects);
    },
  );
});

describe("[G2] the same key with another body", () => {
  const other = { sql: "DROP DATABASE production" };

  it("asks for nothing else under the request's id", async () => {
    await start();
    await decide();
    const body = { ...ask, payload: other };
    const reply = await world.call("POST", "/v1/requests", { as: "agent", body });
    expect(codeOf(reply)).toBe("REQUEST_ID_CONFLICT");
    expect(await start()).toEqual(COMMITTED);
    expect(provider.effects).toEqual([ask.payload]);
  });

  it("is a conflict under an idempotency key, and the first is answered again", async () => {
    const headers = { "idempotency-key": "order-66" };
    const post = (body: object) =>
      world.call("POST", "/v1/requests", { as: "agent", body, headers });
    const first = await post(ask);
    const conflict = await post({ ...newRequest(), payload: other });
    expect([conflict.status, codeOf(conflict)]).toEqual([422, "IDEMPOTENCY_CONFLICT"]);
    expect(await post(ask)).toMatchObject({ status: 201, body: first.body });
    await decide();
    expect(await start()).toEqual(COMMITTED);
    expect(provider.effects).toEqual([ask.payload]);
  });

  it("runs what a person has edited, not what was asked", async () => {
    await start();
    await decide({ patched_payload: { sql: "SELECT 1" } });
    expect(await start()).toEqual(COMMITTED);
    expect(provider.effects).toEqual([{ sql: "SELECT 1" }]);
  });
});
