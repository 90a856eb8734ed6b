import { createLocalJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KeyPair, LeaseHolder, requestLease } from "../testing/lease-holder.js";
import { codeOf, newRequest, World } from "../testing/world.js";

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.controlPlane.close());

it("issues a lease that a proof by its key calls with", async () => {
  const holder = await LeaseHolder.create(world, { max_calls: 10 });
  expect(holder.lease).toMatchObject({
    token_type: "DPoP",
    project_id: world.projectId,
    agent: { name: "db-agent" },
    scopes: ["gate", "requests:read", "requests:write"],
    issued_at: "2026-11-22T09:31:00.000Z",
    expires_at: "2026-11-22T09:36:00.000Z",
    budget: { calls: 0, max_calls: 10 },
  });
  const me = await holder.call("GET", "/v1/me");
  expect(me.body).toMatchObject({ type: "agent", agent: holder.lease.agent });
  const asked = await holder.call("POST", "/v1/requests", newRequest());
  expect(asked.status).toBe(201);
});

it("signs a token that jose verifies by the published keys (RFC 9068)", async () => {
  const { lease, key } = await LeaseHolder.create(world);
  const { body: jwks } = await world.call("GET", "/.well-known/jwks.json");
  const { payload, protectedHeader } = await jwtVerify(lease.token, createLocalJWKSet(jwks), {
    issuer: "http://localhost",
    audience: "http://localhost",
    subject: lease.agent.id,
    typ: "at+jwt",
    algorithms: ["EdDSA"],
    currentDate: new Date(world.clock.now()),
  });
  expect(payload).toMatchObject({
    jti: lease.id,
    client_id: lease.agent.id,
    scope: "gate requests:read requests:write",
    cnf: { jkt: key.thumbprint },
  });
  const kid = jwks.keys.find(({ holdpoint_purpose }: never) => holdpoint_purpose === "lease").kid;
  expect(protectedHeader.kid).toBe(kid);
});

it("refuses a lease without the proof, as a bearer token, and with another key's proof", async () => {
  const { lease } = await LeaseHolder.create(world);
  const bare = { authorization: `DPoP ${lease.token}` };
  expect(codeOf(await world.call("GET", "/v1/me", { headers: bare }))).toBe("PROOF_INVALID");
  const bearer = { authorization: `Bearer ${lease.token}` };
  expect(codeOf(await world.call("GET", "/v1/me", { headers: bearer }))).toBe("CREDENTIAL_INVALID");
  const thief = new LeaseHolder(world, new KeyPair(), lease);
  expect(codeOf(await thief.call("GET", "/v1/me"))).toBe("PROOF_INVALID");
});

it("gets no lease by a lease", async () => {
  const holder = await LeaseHolder.create(world);
  const reply = await holder.call("POST", "/v1/leases", {});
  expect(codeOf(reply)).toBe("PERMISSION_DENIED");
});

it("gets no lease without the scope, without a proof, or for an operator", async () => {
  const ask = (authorization: string) => requestLease(world, new KeyPair(), {}, authorization);
  expect(codeOf(await ask(world.credentials.readOnlyAgent))).toBe("SCOPE_MISSING");
  expect(codeOf(await ask(world.credentials.admin))).toBe("PERMISSION_DENIED");
  const unproven = await world.call("POST", "/v1/leases", { as: "agent", body: {} });
  expect(codeOf(unproven)).toBe("PROOF_INVALID");
  expect(unproven.headers.get("www-authenticate")).toBe(
    'DPoP realm="holdpoint", error="invalid_dpop_proof", algs="ES256"',
  );
});
