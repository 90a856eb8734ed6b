/** Run by crash.test.ts: a control plane on a file that begins a call, and stays until it is killed. */
import { LeaseHolder } from "../../../routes/testing/lease-holder.js";
import { World } from "../../../routes/testing/world.js";
import { POLICY } from "./gate-world.js";

const { path, manifest, call } = JSON.parse(process.argv[2] ?? "");
const storage = { kind: "sqlite", path } as const;
const world = await World.create({ storage, allowPrivateEgress: true });
await world.setPolicy(POLICY);
const as = "admin";
await world.call("PUT", `/v1/secrets/API_TOKEN`, { as, body: { value: "the-token" } });
await world.call("PUT", `/v1/actions/${manifest.id}`, { as, body: manifest });
const agent = await LeaseHolder.create(world);
await agent.call("POST", `/v1/actions/${manifest.id}/execute`, call);
