import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Context, createContext } from "../context.js";
import { createApiKey } from "../pipeline/accounts/api-key.js";
import { bootstrap } from "../pipeline/accounts/bootstrap.js";
import { createOperatorToken } from "../pipeline/accounts/operator-token.js";
import { ManualClock } from "../routes/testing/clock.js";
import { MASTER_KEY, newRequest, ORIGIN } from "../routes/testing/world.js";
import { type App, createApp } from "./app.js";

/** Runs of a handler, and what becomes of the n-th once its effect is durable. */
type Fate = "remembered" | "dies before it is remembered" | "fails after its effect";

let context: Context;
let clock: ManualClock;
let admin: string;
let agent: string;
beforeEach(async () => {
  clock = new ManualClock();
  const options = { storage: { kind: "memory" }, masterKey: MASTER_KEY, clock } as const;
  const logger = pino({ level: "silent" });
  context = await createContext({ ...options, logger, rateLimits: false }, () => undefined);
  const person = { email: "ada@example.com", name: "Ada", projectName: "Home" };
  const { projectId, operatorId } = await bootstrap(context, person);
  const token = await createOperatorToken(context, projectId, operatorId, { name: "test" });
  const key = await createApiKey(context, projectId, { agent: "db-agent" });
  admin = `Bearer ${token.text}`;
  agent = `Bearer ${key.text}`;
});
afterEach(() => context.store.close());

/** An app whose first calls meet these fates, and whose later ones are remembered. */
function appWith(...fates: Fate[]): App {
  const { store } = context;
  const next = () => fates.shift() ?? "remembered";
  const idempotency: typeof store.idempotency = {
    ...store.idempotency,
    async finish(run, answer) {
      const fate = next();
      if (fate === "remembered") return store.idempotency.finish(run, answer);
      if (fate === "fails after its effect") return store.idempotency.release(run);
      throw new Error("The process is gone.");
    },
  };
  return createApp({ ...context, store: { ...store, idempotency } });
}

async function call(app: App, path: string, body: object, as: string) {
  const response = await app(
    new Request(`${ORIGIN}${path}`, {
      method: "POST",
      headers: {
        authorization: as,
        "content-type": "application/json",
        "idempotency-key": "the-key",
      },
      body: JSON.stringify(body),
    }),
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function listed(app: App, path: string): Promise<number> {
  const response = await app(
    new Request(`${ORIGIN}${path}`, { headers: { authorization: admin } }),
  );
  const { data } = (await response.json()) as { data: unknown[] };
  return data.length;
}

const request = newRequest();
const CALLS = [
  ["an API key", "/v1/api-keys", { agent: "new-agent", expires_in_ms: 86_400_000 }, "admin"],
  ["an operator token", "/v1/operator-tokens", { name: "laptop" }, "admin"],
  ["an operator", "/v1/operators", { email: "bo@example.com", roles: ["viewer"] }, "admin"],
  ["a project", "/v1/projects", { name: "Payments" }, "admin"],
  ["a request", "/v1/requests", request, "agent"],
] as const;

/** What names the thing that was made, and the secrets it came with. */
function identityOf({ id, api_key, token, created_at, expires_at }: Record<string, unknown>) {
  return { id, api_key, token, created_at, expires_at };
}

describe.each(CALLS)("[P-IDEMPOTENCY] %s", (_noun, path, body, as) => {
  const send = (app: App) => call(app, path, body, as === "admin" ? admin : agent);
  const list = path === "/v1/projects" ? "/v1/operators" : path;

  it("is made once though the process died before it remembered its answer", async () => {
    const app = appWith("dies before it is remembered", "dies before it is remembered");
    const lost = await send(app);
    const made = await listed(app, list);
    expect(await send(app)).toMatchObject({ status: 409, body: { code: "IDEMPOTENCY_IN_FLIGHT" } });
    for (let again = 0; again < 2; again += 1) {
      clock.advance(60_000);
      const reply = await send(app);
      expect(reply.status).toBeLessThan(300);
      expect(identityOf(reply.body)).toEqual(identityOf(lost.body));
    }
    expect(await listed(app, list)).toBe(made);
    const kept = await send(app);
    expect(identityOf(kept.body)).toEqual(identityOf(lost.body));
  });

  it("is made once though its first run failed after its effect", async () => {
    const app = appWith("fails after its effect");
    const lost = await send(app);
    clock.advance(1);
    const reply = await send(app);
    expect(identityOf(reply.body)).toEqual(identityOf(lost.body));
  });
});

it("does not let a run that was taken for dead put its answer over the other's", async () => {
  const { idempotency } = context.store;
  const begin = (at: number) =>
    idempotency.begin({ id: "id", bodyDigest: "digest", at, leaseExpiresAt: at + 60_000 });
  const slow = await begin(0);
  const quick = await begin(60_000);
  if (slow.outcome !== "begun" || quick.outcome !== "begun") throw new Error("Expected two runs.");
  expect(quick.run.seed).toEqual(slow.run.seed);
  await idempotency.finish(slow.run, { status: 500 });
  expect((await begin(60_001)).outcome).toBe("in_flight");
  await idempotency.finish(quick.run, { status: 201, body: { id: 1 } });
  await idempotency.release(slow.run);
  const answer = { status: 201, body: { id: 1 } };
  expect(await begin(60_002)).toEqual({ outcome: "answered", answer });
});
