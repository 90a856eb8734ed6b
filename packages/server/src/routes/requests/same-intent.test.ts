import { afterAll, beforeAll, expect, it } from "vitest";
import { codeOf, newPurchase, newRequest, World } from "../testing/world.js";

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.controlPlane.close());

const FINGERPRINTS = ["0".repeat(32), "1".repeat(32)] as const;
const post = (path: string, body: object) => world.call("POST", path, { as: "agent", body });

it.each([
  ["/v1/requests", newRequest(), { action: "other" }],
  ["/v1/purchases", newPurchase(), { category: "other" }],
])(
  "[G2] the same intent from another process, with its own fingerprint, is the same: %s",
  async (path, body, other) => {
    const [mine, theirs] = FINGERPRINTS;
    const made = await post(path, { ...body, fingerprint: mine });
    const found = await post(path, { ...body, fingerprint: theirs, sensitive: ["iban"] });
    expect([made.status, found.status]).toEqual([201, 200]);
    expect(found.body.id).toBe(made.body.id);
    expect((await post(path, body)).status).toBe(200);
    const changed = await post(path, { ...body, ...other, fingerprint: mine });
    expect(codeOf(changed)).toBe("REQUEST_ID_CONFLICT");
    // The shield counts it once.
    const service = encodeURIComponent((await requestOf(made.body.id)).service);
    const steps = await world.call("GET", `/v1/shield/${service}/steps`, { as: "viewer" });
    expect(steps.body.data).toMatchObject([{ id: made.body.id }]);
  },
);

async function requestOf(id: string) {
  return (await world.call("GET", `/v1/requests/${id}`, { as: "admin" })).body;
}
