import pino from "pino";
import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Context, createContext } from "../context.js";
import { digestOf, digestTextOf } from "../domain/digest.js";
import { type App, createApp } from "../http/app.js";
import { ManualClock } from "../routes/testing/clock.js";
import { MASTER_KEY, ORIGIN } from "../routes/testing/world.js";
import { createApiKey } from "./accounts/api-key.js";
import { bootstrap } from "./accounts/bootstrap.js";
import { createOperatorToken } from "./accounts/operator-token.js";

let context: Context;
let app: App;
let projectId: string;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  const options = { storage: { kind: "memory" }, masterKey: MASTER_KEY, clock } as const;
  const logger = pino({ level: "silent" });
  context = await createContext({ ...options, logger, rateLimits: false }, () => undefined);
  app = createApp(context);
  const person = { email: "ada@example.com", name: "Ada", projectName: "Home" };
  projectId = (await bootstrap(context, person)).projectId;
});
afterEach(() => context.store.close());

/** An approver's `Authorization` header. */
async function approver(name: string, role = "approver"): Promise<string> {
  const operator = await context.store.operators.ensure({
    id: typeidUnboxed("usr"),
    email: `${name}@example.com`,
    name,
    createdAt: clock.now(),
  });
  await context.store.operators.invite(projectId, operator, [role], clock.now());
  const { text } = await createOperatorToken(context, projectId, operator.id, { name: "test" });
  return `Bearer ${text}`;
}

/** A request that two people have to approve, as a spend policy makes one. */
async function ask(fields: object = {}): Promise<string> {
  const { key } = await createApiKey(context, projectId, { agent: "shopper" });
  const payload = { amount: "900.00", currency: "EUR" };
  const made = await context.store.requests.create({
    id: typeidUnboxed("req"),
    projectId,
    agent: key.agent,
    service: "spend",
    action: "purchase",
    payload,
    payloadDigest: digestTextOf(payload),
    encrypted: false,
    priority: "medium",
    quorum: 2,
    metadata: {},
    createdAt: clock.now(),
    expiresAt: clock.now() + 60_000,
    digest: digestOf(payload),
    ...fields,
  });
  if (!("request" in made)) throw new Error("Expected a new request.");
  return made.request.id;
}

async function call(method: string, path: string, as: string, body?: object) {
  const response = await app(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers: { authorization: as, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the wire says
  return { status: response.status, body: (await response.json()) as any };
}

const approve = (id: string, as: string, fields: object = {}) =>
  call("POST", `/v1/requests/${id}/decision`, as, { decision: "approve", revision: 1, ...fields });

describe("[G1] a request that two people have to approve", () => {
  it("is approved by the second, who need not read it again", async () => {
    const [eve, ben] = [await approver("eve"), await approver("ben")];
    const id = await ask();
    const first = await approve(id, eve);
    expect(first).toMatchObject({
      status: 200,
      body: {
        status: "PENDING",
        revision: 1,
        quorum: 2,
        approvals: [{ operator: { name: "eve" } }],
      },
    });
    expect(first.body).not.toHaveProperty("grant");
    expect(await approve(id, eve)).toEqual(first);
    const second = await approve(id, ben);
    expect(second).toMatchObject({
      status: 200,
      body: {
        status: "APPROVED",
        decided_by: { name: "ben" },
        approvals: [{ operator: { name: "eve" } }, { operator: { name: "ben" } }],
        grant: { revision: 2 },
      },
    });
    expect((await call("GET", `/v1/requests/${id}`, eve)).body).toEqual(second.body);
    const { body } = await call("GET", "/v1/requests", eve);
    expect(body.data[0]).toMatchObject({ quorum: 2, approvals: second.body.approvals });
    const cy = await approve(id, await approver("cy"));
    expect(cy).toMatchObject({ status: 409, body: { code: "ALREADY_DECIDED" } });
  });

  it("is rejected by one", async () => {
    const id = await ask();
    await approve(id, await approver("eve"));
    const body = { decision: "reject", revision: 1, reason: "Too much." };
    const reply = await call("POST", `/v1/requests/${id}/decision`, await approver("ben"), body);
    expect(reply.body).toMatchObject({ status: "REJECTED", reason: "Too much." });
  });

  it("is not edited, for the others would not have seen it", async () => {
    const id = await ask();
    const eve = await approver("eve");
    const patched_payload = { amount: "1.00", currency: "EUR" };
    const edited = await approve(id, eve, { patched_payload });
    expect(edited).toMatchObject({
      status: 422,
      body: { code: "PATCH_INVALID", issues: [{ path: "/patched_payload" }] },
    });
    const { body } = await call("GET", `/v1/requests/${id}`, eve);
    expect(body).toMatchObject({ status: "PENDING", approvals: [] });
    const same = { amount: "900.00", currency: "EUR" };
    expect(await approve(id, eve, { patched_payload: same })).toMatchObject({ status: 200 });
  });

  it("counts nobody of another role", async () => {
    const id = await ask({ role: "finance" });
    await approve(id, await approver("eve", "finance"));
    const reply = await approve(id, await approver("ben"));
    expect(reply).toMatchObject({ status: 403, body: { code: "ROLE_REQUIRED" } });
    expect(await approve(id, await approver("cy", "finance"))).toMatchObject({
      body: { status: "APPROVED" },
    });
  });

  it("is told live, with each approval", async () => {
    const id = await ask();
    const woken: string[] = [];
    context.wakeups.onProject(projectId, () => woken.push(id));
    await approve(id, await approver("eve"));
    expect(woken).toEqual([id]);
  });

  it("expires when the second does not come", async () => {
    const id = await ask();
    const [eve, ben] = [await approver("eve"), await approver("ben")];
    await approve(id, eve);
    clock.advance(60_000);
    const late = await approve(id, ben);
    expect(late.body).toMatchObject({ code: "ALREADY_DECIDED", current: { status: "EXPIRED" } });
  });
});
