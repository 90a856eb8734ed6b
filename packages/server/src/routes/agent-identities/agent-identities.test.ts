import { afterEach, beforeEach, expect, it } from "vitest";
import {
  KeyPair,
  LeaseHolder,
  makeAssertion,
  makeProof,
  type ProofChanges,
  requestLease,
} from "../testing/lease-holder.js";
import { codeOf, type Reply, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

async function makeCode(fields: object = {}): Promise<string> {
  const body = { agent: "crew", ...fields };
  return (await world.call("POST", "/v1/enrolments", { as: "admin", body })).body.code;
}

function enrol(code: string, key: KeyPair): Promise<Reply> {
  const path = "/v1/agent-identities";
  const rawBody = JSON.stringify({ code });
  const dpop = makeProof(key, { method: "POST", path, body: rawBody }, world.clock.now());
  return world.call("POST", path, { headers: { dpop }, rawBody });
}

function getLease(key: KeyPair, agentId: string, changes?: ProofChanges): Promise<Reply> {
  const assertion = makeAssertion(key, agentId, world.clock.now(), changes);
  return requestLease(world, new KeyPair(), {}, `Bearer ${assertion}`);
}

it("lets an agent work by a key of its own, with no shared secret", async () => {
  const own = new KeyPair();
  const enrolled = await enrol(await makeCode({ scopes: ["gate", "requests:read"] }), own);
  expect(enrolled.body).toMatchObject({
    project_id: world.projectId,
    agent: { name: "crew" },
    key_thumbprint: own.thumbprint,
    scopes: ["gate", "requests:read"],
    enrolled_by: { type: "operator", id: world.adminId },
  });
  const key = new KeyPair();
  const assertion = makeAssertion(own, enrolled.body.agent.id, world.clock.now());
  const issued = await requestLease(world, key, {}, `Bearer ${assertion}`);
  expect(issued.status).toBe(201);
  const holder = new LeaseHolder(world, key, issued.body);
  expect((await holder.call("GET", "/v1/requests")).status).toBe(200);
  const replayed = await requestLease(world, new KeyPair(), {}, `Bearer ${assertion}`);
  expect(codeOf(replayed)).toBe("REPLAY_DETECTED");
});

it("takes an agent's own key for nothing but leases", async () => {
  const own = new KeyPair();
  const { agent } = (await enrol(await makeCode(), own)).body;
  const authorization = `Bearer ${makeAssertion(own, agent.id, world.clock.now())}`;
  const reply = await world.call("GET", "/v1/requests", { headers: { authorization } });
  expect(codeOf(reply)).toBe("PERMISSION_DENIED");
});

it("uses a code once, of two agents who come at the same time", async () => {
  const code = await makeCode();
  const replies = await Promise.all([enrol(code, new KeyPair()), enrol(code, new KeyPair())]);
  expect(replies.map((reply) => codeOf(reply) ?? reply.status).sort()).toEqual([
    201,
    "ENROLMENT_INVALID",
  ]);
});

it("takes no code that is over or unknown, and no key twice", async () => {
  const code = await makeCode({ expires_in_ms: 60_000 });
  world.clock.advance(60_000);
  expect(codeOf(await enrol(code, new KeyPair()))).toBe("ENROLMENT_INVALID");
  expect(codeOf(await enrol("hpe_unknown", new KeyPair()))).toBe("ENROLMENT_INVALID");
  const key = new KeyPair();
  await enrol(await makeCode(), key);
  expect(codeOf(await enrol(await makeCode(), key))).toBe("RESOURCE_CONFLICT");
});

it("ends the leases of a key with the key", async () => {
  const own = new KeyPair();
  const { id, agent } = (await enrol(await makeCode(), own)).body;
  const key = new KeyPair();
  const assertion = makeAssertion(own, agent.id, world.clock.now());
  const issued = await requestLease(world, key, {}, `Bearer ${assertion}`);
  const holder = new LeaseHolder(world, key, issued.body);
  expect((await holder.call("GET", "/v1/me")).status).toBe(200);
  await world.call("POST", `/v1/agent-identities/${id}/revoke`, { as: "admin" });
  expect(codeOf(await holder.call("GET", "/v1/me"))).toBe("LEASE_INVALID");
  expect(codeOf(await getLease(own, agent.id))).toBe("CREDENTIAL_INVALID");
});

it.each<[string, () => ProofChanges]>([
  ["for another server", () => ({ claims: { aud: "https://evil.example" } })],
  [
    "for several servers",
    () => ({ claims: { aud: ["http://localhost", "https://evil.example"] } }),
  ],
  ["of another agent", () => ({ claims: { sub: "agt_01jz0000000000000000000000" } })],
  ["by another issuer", () => ({ claims: { iss: "agt_01jz0000000000000000000000" } })],
  ["without a name", () => ({ claims: { jti: undefined } })],
  ["that lives too long", () => ({ claims: { exp: world.clock.now() / 1_000 + 61 } })],
  ["that is over", () => ({ claims: { iat: 1_700_000_000, exp: 1_700_000_060 } })],
  ["without an end", () => ({ claims: { exp: undefined } })],
  ["of another type", () => ({ header: { typ: "JWT" } })],
  ["without a signature's algorithm", () => ({ header: { alg: "none" } })],
  ["of an unknown key", () => ({ header: { kid: "A".repeat(43) } })],
  ["signed by another key", () => ({ signedBy: new KeyPair() })],
])("refuses an assertion %s", async (_name, changes) => {
  const own = new KeyPair();
  const { agent } = (await enrol(await makeCode(), own)).body;
  expect(codeOf(await getLease(own, agent.id, changes()))).toBe("CREDENTIAL_INVALID");
});

it("counts enrolments against the address they come from", async () => {
  await using strict = await World.create({ rateLimits: { perAddress: 2 } });
  const attempt = () => strict.call("POST", "/v1/agent-identities", { body: { code: "hpe_x" } });
  const codes = [await attempt(), await attempt(), await attempt()].map(codeOf);
  expect(codes).toEqual(["PROOF_INVALID", "PROOF_INVALID", "RATE_LIMITED"]);
});
