import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createControlPlane } from "../../control-plane.js";
import { KeyPair, LeaseHolder, requestLease } from "../testing/lease-holder.js";
import { codeOf, MASTER_KEY, newRequest, ORIGIN, World } from "../testing/world.js";

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

const me = (holder: LeaseHolder) => holder.call("GET", "/v1/me");
const revokeKey = async (agent: string) => {
  const { body } = await world.call("GET", "/v1/api-keys", { as: "admin" });
  for (const key of body.data.filter(({ agent: { name } }: never) => name === agent)) {
    await world.call("POST", `/v1/api-keys/${key.id}/revoke`, { as: "admin" });
  }
};

it("goes on with a session, its scopes and its budget, also with a new key", async () => {
  const first = await LeaseHolder.create(world, { scopes: ["actions:refund"], max_calls: 5 });
  const next = await first.renew(new KeyPair());
  const { session_id, scopes, budget } = first.lease;
  expect(next.lease).toMatchObject({ session_id, scopes, budget });
  expect(next.lease.id).not.toBe(first.lease.id);
  expect((await me(next)).body.scopes).toEqual(["actions:refund"]);
  expect((await me(first)).status).toBe(200);
  const mixed = new LeaseHolder(world, first.key, next.lease);
  expect(codeOf(await me(mixed))).toBe("PROOF_INVALID");
});

it("goes on with no session of another agent or project", async () => {
  const { lease } = await LeaseHolder.create(world);
  for (const as of ["otherAgent", "foreignAgent"] as const) {
    const fields = { session_id: lease.session_id };
    const reply = await requestLease(world, new KeyPair(), fields, world.credentials[as]);
    expect(codeOf(reply)).toBe("RESOURCE_NOT_FOUND");
  }
});

it("gives what the credential has, the agent may have and the call asks for", async () => {
  const { lease } = await LeaseHolder.create(world, { scopes: ["requests:read", "gate"] });
  expect(lease.scopes).toEqual(["gate", "requests:read"]);
  const path = `/v1/agents/${lease.agent.id}/limits`;
  const limits = { scopes: ["actions:refund", "requests:read"], max_calls_per_day: 5 };
  const limited = await world.call("PUT", path, { as: "admin", body: limits });
  expect(limited.body).toMatchObject({ id: lease.agent.id, limits, used: { calls: 0 } });
  expect((await LeaseHolder.create(world)).lease.scopes).toEqual(limits.scopes);
  const narrow = await LeaseHolder.create(world, { scopes: ["gate"] });
  expect(narrow.lease.scopes).toEqual(["actions:refund"]);
  expect(codeOf(await narrow.call("POST", "/v1/requests", newRequest()))).toBe("SCOPE_MISSING");
  const renewal = { session_id: lease.session_id };
  for (const fields of [{ scopes: ["actions:other"] }, renewal]) {
    const reply = await requestLease(world, new KeyPair(), fields, world.credentials.agent);
    expect(codeOf(reply)).toBe("SCOPE_MISSING");
  }
});

it("ends a lease with its time, and no sooner", async () => {
  const holder = await LeaseHolder.create(world, { ttl_seconds: 60 });
  world.clock.advance(59_999);
  expect((await me(holder)).status).toBe(200);
  world.clock.advance(1);
  const reply = await me(holder);
  expect([reply.status, codeOf(reply)]).toEqual([401, "LEASE_EXPIRED"]);
  expect((await me(await holder.renew())).status).toBe(200);
});

it("revokes one lease at once, and leaves the others", async () => {
  const [one, other] = [await LeaseHolder.create(world), await LeaseHolder.create(world)];
  await me(one);
  const path = `/v1/leases/${one.lease.id}/revoke`;
  const revoked = await world.call("POST", path, { as: "viewer" });
  expect(revoked.body).toMatchObject({ status: "revoked", revoked_by: { type: "operator" } });
  expect(codeOf(await me(one))).toBe("LEASE_INVALID");
  expect((await me(other)).status).toBe(200);
  const { body } = await world.call("GET", "/v1/leases?status=live", { as: "viewer" });
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual([other.lease.id]);
});

it("ends a lease with the API key it was got by", async () => {
  const holder = await LeaseHolder.create(world);
  await me(holder);
  await revokeKey("db-agent");
  expect(codeOf(await me(holder))).toBe("LEASE_INVALID");
});

it("takes a held answer from a lease that was revoked meanwhile", async () => {
  const holder = await LeaseHolder.create(world);
  const { id } = await world.ask();
  const held = holder.call("GET", `/v1/requests/${id}?wait_ms=30000`);
  const stays = (await LeaseHolder.create(world)).call("GET", `/v1/requests/${id}?wait_ms=30000`);
  await world.call("POST", `/v1/leases/${holder.lease.id}/revoke`, { as: "admin" });
  await world.decide(id, { decision: "approve", revision: 1 });
  expect(codeOf(await held)).toBe("LEASE_INVALID");
  expect((await stays).body.status).toBe("APPROVED");
});

it("accepts no lease from before a freeze, and issues none until it is thawed", async () => {
  const holder = await LeaseHolder.create(world);
  const set = (body: object, as: "viewer" | "admin") =>
    world.call("PUT", "/v1/authority", { as, body });
  const frozen = await set({ frozen: true, reason: "It runs wild." }, "viewer");
  expect(frozen.body).toMatchObject({ frozen: true, epoch: 1, reason: "It runs wild." });
  expect(codeOf(await me(holder))).toBe("LEASE_INVALID");
  const issue = () => requestLease(world, new KeyPair(), {}, world.credentials.agent);
  expect(codeOf(await issue())).toBe("AUTHORITY_FROZEN");
  expect(codeOf(await set({ frozen: false }, "viewer"))).toBe("ROLE_REQUIRED");
  await set({ frozen: false }, "admin");
  expect(codeOf(await me(holder))).toBe("LEASE_INVALID");
  expect((await issue()).status).toBe(201);
});

it("answers a claim of what was approved before a freeze that authority is frozen", async () => {
  const { id, grant } = await world.askApproved();
  await world.call("PUT", "/v1/authority", { as: "viewer", body: { frozen: true } });
  const body = { id: `exe_${id.slice(4)}`, grant_id: grant?.id };
  const reply = await world.call("POST", `/v1/requests/${id}/executions`, {
    as: "agent",
    body: { ...body, approved_digest: grant?.approved_digest },
  });
  expect([reply.status, codeOf(reply)]).toEqual([403, "AUTHORITY_FROZEN"]);
});

it("keeps leases over the rotation of their signing key", async () => {
  const before = await LeaseHolder.create(world);
  const { kid } = await world.controlPlane.admin.rotateSigningKey("lease");
  world.clock.advance(120_000);
  const after = await LeaseHolder.create(world);
  const header = JSON.parse(
    Buffer.from(after.lease.token.split(".")[0] ?? "", "base64url").toString(),
  );
  expect(header.kid).toBe(kid);
  for (const holder of [before, after]) expect((await me(holder)).status).toBe(200);
});

it("counts the calls of an agent's leases together, and those of nobody against it", async () => {
  await using strict = await World.create({ rateLimits: { perApiKey: 8, perAddress: 1_000 } });
  const first = await LeaseHolder.create(strict);
  const second = await LeaseHolder.create(strict);
  const headers = first.headers({ method: "GET", path: "/v1/me" });
  expect((await strict.call("GET", "/v1/me", { headers })).status).toBe(200);
  for (let index = 0; index < 20; index += 1) await strict.call("GET", "/v1/me", { headers });
  const statuses = [];
  for (let index = 0; index < 8; index += 1) {
    statuses.push((await me(index % 2 === 0 ? first : second)).status);
  }
  expect(statuses).toEqual([...Array(7).fill(200), 429]);
});

it("remembers leases, and the proofs that were taken, over a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-leases-"));
  const storage = { kind: "sqlite", path: join(folder, "holdpoint.db") } as const;
  const first = await World.create({ storage });
  const holder = await LeaseHolder.create(first);
  const used = holder.headers({ method: "GET", path: "/v1/me" });
  expect((await first.call("GET", "/v1/me", { headers: used })).status).toBe(200);
  await first.controlPlane.close();
  const { clock } = first;
  const second = await createControlPlane({ storage, masterKey: MASTER_KEY, clock });
  const send = async (headers: Record<string, string>) => {
    const response = await second.fetch(new Request(`${ORIGIN}/v1/me`, { headers }));
    const { code } = (await response.json()) as { readonly code?: string };
    return [response.status, code];
  };
  expect(await send(used)).toEqual([401, "REPLAY_DETECTED"]);
  expect(await send(holder.headers({ method: "GET", path: "/v1/me" }))).toEqual([200, undefined]);
  await second.close();
  await rm(folder, { recursive: true });
});
