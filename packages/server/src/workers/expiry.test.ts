import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { World } from "../routes/testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

const THIRTY_DAYS_MS = 2_592_000_000;

async function statusOf(id: string): Promise<string> {
  return (await world.call("GET", `/v1/requests/${id}`, { as: "admin" })).body.status;
}

describe("expiry", () => {
  it("happens at the very millisecond, not before", async () => {
    const { id } = await world.ask({ timeout_ms: 60_000 });
    world.clock.advance(59_999);
    expect(await statusOf(id)).toBe("PENDING");
    world.clock.advance(1);
    expect(await statusOf(id)).toBe("EXPIRED");
  });

  it("sets its timer for the earliest, also when that came last", async () => {
    const later = await world.ask({ timeout_ms: 60_000 });
    const sooner = await world.ask({ timeout_ms: 1_000 });
    world.clock.advance(1_000);
    const list = await world.call("GET", "/v1/requests?status=EXPIRED", { as: "admin" });
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([sooner.id]);
    world.clock.advance(59_000);
    expect(await statusOf(later.id)).toBe("EXPIRED");
  });

  it("reaches beyond the longest delay a timer takes", async () => {
    const { id } = await world.ask({ timeout_ms: THIRTY_DAYS_MS });
    world.clock.advance(2_147_483_647);
    expect(await statusOf(id)).toBe("PENDING");
    world.clock.advance(THIRTY_DAYS_MS - 2_147_483_647);
    expect(await statusOf(id)).toBe("EXPIRED");
  });

  it("expires more than one batch", async () => {
    await Promise.all(Array.from({ length: 250 }, () => world.ask({ timeout_ms: 1_000 })));
    world.clock.advance(1_000);
    const list = await world.call("GET", "/v1/requests?status=PENDING", { as: "admin" });
    expect(list.body.data).toEqual([]);
  });
});
