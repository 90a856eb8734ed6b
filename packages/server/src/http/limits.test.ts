import { describe, expect, it } from "vitest";
import { codeOf, World } from "../routes/testing/world.js";

describe("rate limits", () => {
  it("stop one API key, say when to come back, and leave the others alone", async () => {
    await using world = await World.create({ rateLimits: { perApiKey: 3 } });
    const replies = [];
    for (let index = 0; index < 4; index += 1) {
      replies.push(await world.call("GET", "/v1/me", { as: "agent" }));
    }
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(codeOf(replies[3] as (typeof replies)[0])).toBe("RATE_LIMITED");
    const retryAfter = Number(replies[3]?.headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect((await world.call("GET", "/v1/me", { as: "otherAgent" })).status).toBe(200);
  });

  it("stop who keeps guessing, not who shares the address with a good key", async () => {
    await using world = await World.create({ rateLimits: { perAddress: 2 } });
    const guess = () => world.call("GET", "/v1/me", { headers: { authorization: "Bearer hp_x" } });
    const statuses = [await guess(), await guess(), await guess()].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await world.call("GET", "/v1/me", { as: "agent" })).status).toBe(200);
  });

  it("refuse a number that is no limit", async () => {
    await expect(World.create({ rateLimits: { perApiKey: 0 } })).rejects.toThrow(RangeError);
  });
});

describe("metrics", () => {
  it("ask for their token", async () => {
    await using world = await World.create({ metricsToken: "a-token-for-metrics" });
    const read = (authorization?: string) =>
      world.call("GET", "/metrics", { headers: authorization ? { authorization } : {} });
    expect(codeOf(await read())).toBe("AUTHENTICATION_REQUIRED");
    expect(codeOf(await read("Bearer wrong"))).toBe("CREDENTIAL_INVALID");
    const { body } = await read("Bearer a-token-for-metrics");
    expect(body).toMatch(/holdpoint_http_requests_total\{operation="metrics",status="401"\} 2/);
  });

  it("count calls and decisions by kinds, never by id", async () => {
    await using world = await World.create();
    const { id } = await world.ask();
    await world.decide(id, { decision: "approve", revision: 1 });
    const { body } = await world.call("GET", "/metrics");
    expect(body).toMatch(/operation="decideRequest",status="200"\} 1/);
    expect(body).toMatch(/holdpoint_requests_resolved_total\{status="APPROVED"\} 1/);
    expect(body).not.toContain(id);
  });
});
