import { typeidUnboxed } from "typeid-js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { samples } from "../../routes/testing/samples.js";
import { codeOf, newPurchase, newRequest, World } from "../../routes/testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

const post = (path: string, body: object) => world.call("POST", path, { as: "agent", body });

/** What the shield follows. */
async function followed(): Promise<readonly string[]> {
  const { body } = await world.call("GET", "/v1/shield", { as: "admin" });
  return body.data.map((each: { service: string; environment?: string }) =>
    [each.service, each.environment].join(" "),
  );
}

const ELSEWHERE = { environment: "elsewhere" };

it("begins to follow nothing for a request that is refused", async () => {
  const asked = newRequest();
  expect((await post("/v1/requests", asked)).status).toBe(201);
  const before = await followed();
  expect(before).toEqual(["db-agent "]);
  const other = await post("/v1/requests", { ...asked, service: "other" });
  expect(codeOf(other)).toBe("REQUEST_ID_CONFLICT");
  const lost = newRequest({ service: "other", state_id: typeidUnboxed("sta") });
  expect(codeOf(await post("/v1/requests", lost))).toBe("STATE_NOT_FOUND");
  expect(await followed()).toEqual(before);
});

it("begins to follow nothing for a purchase that is refused", async () => {
  const bought = newPurchase();
  expect((await post("/v1/purchases", bought)).status).toBe(201);
  const before = await followed();
  expect(before).toEqual(["spend "]);
  const other = await post("/v1/purchases", { ...bought, ...ELSEWHERE });
  expect(codeOf(other)).toBe("REQUEST_ID_CONFLICT");
  expect(await followed()).toEqual(before);
});

it("begins to follow nothing for an escrow that is refused", async () => {
  const sample = await samples.openEscrow?.(world);
  const { path = "", body = {} } = sample ?? {};
  expect((await post(path, body as object)).status).toBe(201);
  const before = await followed();
  expect(before).toEqual(["spend "]);
  expect((await post(path, { ...(body as object), ...ELSEWHERE })).status).toBe(409);
  expect(await followed()).toEqual(before);
});
