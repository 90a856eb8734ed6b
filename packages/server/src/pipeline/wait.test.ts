import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf, World } from "../routes/testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

const waiters = async () =>
  Number(
    /^holdpoint_pending_waiters (\d+)$/m.exec((await world.call("GET", "/metrics")).body)?.[1],
  );

/** Until the server holds as many waiters, by its own count. */
async function untilHeld(count: number): Promise<void> {
  while ((await waiters()) !== count) await new Promise(setImmediate);
}

function hold(id: string, waitMs = 30_000, signal?: AbortSignal) {
  return world.call("GET", `/v1/requests/${id}?wait_ms=${waitMs}`, {
    as: "agent",
    ...(signal && { signal }),
  });
}

describe("a held request", () => {
  it("wakes with the decision, without the clock moving", async () => {
    const { id } = await world.ask();
    const held = hold(id);
    await untilHeld(1);
    await world.decide(id, { decision: "reject", revision: 1, reason: "No." });
    expect((await held).body).toMatchObject({ status: "REJECTED", reason: "No." });
    expect(await waiters()).toBe(0);
  });

  it("wakes a thousand at once", async () => {
    const { id } = await world.ask();
    const held = Array.from({ length: 1_000 }, () => hold(id));
    await untilHeld(1_000);
    await world.decide(id, { decision: "approve", revision: 1 });
    for (const reply of await Promise.all(held)) expect(reply.body.status).toBe("APPROVED");
    expect(await waiters()).toBe(0);
  });

  it("answers at once what is decided already", async () => {
    const { id } = await world.ask();
    await world.decide(id, { decision: "approve", revision: 1 });
    expect((await hold(id)).body.status).toBe("APPROVED");
    expect(await waiters()).toBe(0);
  });

  it("answers PENDING when its time has passed", async () => {
    const { id } = await world.ask();
    const held = hold(id, 500);
    await untilHeld(1);
    world.clock.advance(500);
    expect((await held).body.status).toBe("PENDING");
    expect(await waiters()).toBe(0);
  });

  it("answers EXPIRED when the request runs out while held", async () => {
    const { id } = await world.ask({ timeout_ms: 1_000 });
    const held = hold(id);
    await untilHeld(1);
    world.clock.advance(1_000);
    expect((await held).body).toMatchObject({
      status: "EXPIRED",
      decided_by: { type: "system" },
    });
  });

  it("is let go when the client leaves", async () => {
    const { id } = await world.ask();
    const timers = world.clock.pendingTimers;
    const leaving = new AbortController();
    const held = hold(id, 30_000, leaving.signal);
    held.catch(() => {});
    await untilHeld(1);
    leaving.abort();
    await untilHeld(0);
    expect(world.clock.pendingTimers).toBe(timers);
  });

  it("is answered as it stands when the control plane closes", async () => {
    const { id } = await world.ask();
    const held = hold(id);
    await untilHeld(1);
    await world.controlPlane.close();
    const reply = await held;
    expect([reply.status, reply.body.status]).toEqual([200, "PENDING"]);
  });

  it("tells a key that was revoked meanwhile nothing", async () => {
    const { id } = await world.ask();
    const held = hold(id);
    await untilHeld(1);
    const keys = await world.call("GET", "/v1/api-keys", { as: "admin" });
    const hint = `hp_…${world.credentials.agent.slice(-6)}`;
    for (const key of keys.body.data.filter((one: { hint: string }) => one.hint === hint)) {
      await world.call("POST", `/v1/api-keys/${key.id}/revoke`, { as: "admin" });
    }
    await world.decide(id, { decision: "approve", revision: 1 });
    expect(codeOf(await held)).toBe("CREDENTIAL_INVALID");
  });

  it.each(["-1", "30001", "x", "1.5"])("refuses wait_ms=%s", async (waitMs) => {
    const { id } = await world.ask();
    const reply = await world.call("GET", `/v1/requests/${id}?wait_ms=${waitMs}`, { as: "agent" });
    expect([reply.status, codeOf(reply)]).toEqual([422, "VALIDATION_FAILED"]);
    expect(reply.body.issues[0].path).toBe("?wait_ms");
  });
});

describe("over a socket", () => {
  it("lets go when the connection is cut, and answers the others on close", async () => {
    const { id } = await world.ask();
    const { port } = await world.controlPlane.start({ port: 0 });
    const leaving = new AbortController();
    const url = `http://127.0.0.1:${port}/v1/requests/${id}?wait_ms=30000`;
    const headers = { authorization: world.credentials.agent };
    const left = fetch(url, { headers, signal: leaving.signal });
    left.catch(() => {});
    const stays = fetch(url, { headers });
    await untilHeld(2);
    leaving.abort();
    await untilHeld(1);
    await world.controlPlane.close();
    expect(await (await stays).json()).toMatchObject({ status: "PENDING" });
  });
});
