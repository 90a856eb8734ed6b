import { expect, it } from "vitest";
import { World } from "../routes/testing/world.js";

const CANARY = "canary-7d20ab";

it("no log line carries a payload, an edit, a reason, a credential or a cookie", async () => {
  await using world = await World.create();
  const cookie = await world.signIn();
  const { id } = await world.ask({ payload: { sql: CANARY }, metadata: { note: CANARY } });
  await world.decide(id, {
    decision: "approve",
    revision: 1,
    patched_payload: { sql: `${CANARY}-edited` },
    reason: CANARY,
  });
  await world.call("GET", `/v1/requests?search=${CANARY}`, { as: "admin" });
  await world.call("GET", `/auth/magic-link/verify?token=${CANARY}`);
  await world.call("GET", "/v1/me", { headers: { cookie } });
  await world.call("GET", "/v1/me", { headers: { authorization: `Bearer hp_${CANARY}` } });
  await world.call("POST", "/v1/requests", { as: "agent", rawBody: `{"${CANARY}` });
  await world.call("POST", "/v1/requests", { as: "agent", body: { [CANARY]: CANARY } });
  const text = world.logLines.join("");
  expect(world.logLines.length).toBeGreaterThan(8);
  expect(text).not.toContain(CANARY);
  expect(text).not.toContain(cookie.split("=")[1]);
  for (const credential of Object.values(world.credentials)) {
    expect(text).not.toContain(credential.slice("Bearer ".length));
  }
  for (const line of world.logLines) expect(JSON.parse(line).trace_id).toMatch(/^[0-9a-f-]{36}$/);
});

it("an unexpected failure is INTERNAL outside, and found in the log by its trace id", async () => {
  await using world = await World.create();
  world.clock.now = () => {
    throw new Error(CANARY);
  };
  const reply = await world.call("GET", "/v1/me", { as: "agent" });
  expect([reply.status, reply.body.code]).toEqual([500, "INTERNAL"]);
  const logged = world.logLines.map((line) => JSON.parse(line));
  expect(logged.find(({ msg }) => msg === "unexpected failure")).toMatchObject({
    trace_id: reply.body.trace_id,
    level: 50,
  });
  expect(JSON.stringify(reply.body)).not.toContain(CANARY);
  expect(world.logLines.join("")).not.toContain(CANARY);
});

it("a call after closing is told to come again", async () => {
  const world = await World.create();
  await world.controlPlane.close();
  await world.controlPlane.close();
  const reply = await world.call("GET", "/v1/me", { as: "agent" });
  expect([reply.status, reply.body.code]).toEqual([503, "UNAVAILABLE"]);
  expect((await world.call("GET", "/readyz")).status).toBe(503);
  expect((await world.call("GET", "/healthz")).status).toBe(200);
});
