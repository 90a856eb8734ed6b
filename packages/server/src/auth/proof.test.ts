import { generateKeyPairSync, hash, sign } from "node:crypto";
import { generateKeyPair, generateProof } from "dpop";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../domain/clock.js";
import {
  KeyPair,
  LeaseHolder,
  makeProof,
  type ProofChanges,
  requestLease,
} from "../routes/testing/lease-holder.js";
import { codeOf, newRequest, World } from "../routes/testing/world.js";
import { checkProof } from "./proof.js";

let world: World;
let holder: LeaseHolder;
beforeAll(async () => {
  world = await World.create();
  holder = await LeaseHolder.create(world, { ttl_seconds: 3_600 });
});
afterAll(() => world.controlPlane.close());

const seconds = (offset: number) => Math.floor(world.clock.now() / 1_000) + offset;
const ask = (changes?: ProofChanges) => holder.call("POST", "/v1/requests", newRequest(), changes);

it("takes a proof at both ends of its time", async () => {
  for (const offset of [-60, 5]) {
    expect((await ask({ claims: { iat: seconds(offset) } })).status).toBe(201);
  }
});

it.each<[string, () => ProofChanges]>([
  ["for another method", () => ({ claims: { htm: "GET" } })],
  ["for a method in other letters", () => ({ claims: { htm: "post" } })],
  ["for another path", () => ({ claims: { htu: "http://localhost/v1/leases" } })],
  ["for another host", () => ({ claims: { htu: "http://evil.example/v1/requests" } })],
  ["for another scheme", () => ({ claims: { htu: "https://localhost/v1/requests" } })],
  ["for no URL", () => ({ claims: { htu: "/v1/requests" } })],
  ["without a URL", () => ({ claims: { htu: undefined } })],
  ["that is too old", () => ({ claims: { iat: seconds(-62) } })],
  ["from the future", () => ({ claims: { iat: seconds(7) } })],
  ["without a time", () => ({ claims: { iat: undefined } })],
  ["with a time as text", () => ({ claims: { iat: String(seconds(0)) } })],
  ["without a name", () => ({ claims: { jti: undefined } })],
  ["with an empty name", () => ({ claims: { jti: "" } })],
  ["with an endless name", () => ({ claims: { jti: "j".repeat(257) } })],
  ["for another lease", () => ({ claims: { ath: hash("sha256", "other", "base64url") } })],
  ["for no lease", () => ({ claims: { ath: undefined } })],
  ["for another body", () => ({ claims: { body_sha256: hash("sha256", "{}", "base64url") } })],
  ["that leaves the body out", () => ({ claims: { body_sha256: undefined } })],
  ["of another type", () => ({ header: { typ: "JWT" } })],
  ["without a type", () => ({ header: { typ: undefined } })],
  ["without an algorithm", () => ({ header: { alg: "none" } })],
  ["by a shared secret", () => ({ header: { alg: "HS256" } })],
  ["by RSA", () => ({ header: { alg: "RS256", jwk: rsaKey() } })],
  ["by the RSA key of an ES256 header", () => ({ header: { jwk: rsaKey() } })],
  ["without its key", () => ({ header: { jwk: undefined } })],
  ["with its private key", () => ({ header: { jwk: { ...holder.key.jwk, d: "AAAA" } } })],
  [
    "with a key off the curve",
    () => ({ header: { jwk: { ...holder.key.jwk, x: "A".repeat(43) } } }),
  ],
  ["with a short coordinate", () => ({ header: { jwk: { ...holder.key.jwk, y: "AAAA" } } })],
  ["with an extension nobody knows", () => ({ header: { crit: ["exp"], exp: 1 } })],
  ["signed by another key than its own", () => ({ signedBy: new KeyPair() })],
  ["of another key throughout", () => otherKey(new KeyPair())],
])("refuses a proof %s", async (_name, changes) => {
  const reply = await ask(changes());
  expect([reply.status, codeOf(reply)]).toEqual([401, "PROOF_INVALID"]);
  expect(reply.headers.get("www-authenticate")).toContain('error="invalid_dpop_proof"');
});

function rsaKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({ format: "jwk" });
}

function otherKey(key: KeyPair): ProofChanges {
  return { header: { jwk: key.jwk }, signedBy: key };
}

it.each<[string, (proof: string) => string]>([
  ["a changed header", ([, ...rest]) => `f${rest.join("")}`],
  ["a changed payload", (proof) => proof.replace(/\.(\w)/, (_dot, first) => `.${first}A`)],
  ["a cut signature", (proof) => proof.slice(0, -4)],
  ["two parts", (proof) => proof.split(".").slice(0, 2).join(".")],
  ["four parts", (proof) => `${proof}.AAAA`],
  ["no signature", (proof) => `${proof.split(".").slice(0, 2).join(".")}.`],
  ["a signature in DER", (proof) => inDer(proof)],
  ["two proofs", (proof) => `${proof}, ${proof}`],
  ["nothing", () => ""],
])("refuses a proof with %s", async (_name, change) => {
  const headers = holder.headers({ method: "GET", path: "/v1/me" });
  const dpop = change(headers.dpop ?? "");
  const reply = await world.call("GET", "/v1/me", { headers: { ...headers, dpop } });
  expect(codeOf(reply)).toBe("PROOF_INVALID");
});

function inDer(proof: string): string {
  const signed = proof.split(".").slice(0, 2).join(".");
  const signature = sign("sha256", Buffer.from(signed), holder.key.privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}

it("ignores query and letter case of the host, and takes no body but its own where none is due", async () => {
  const claims = { htu: "HTTP://LOCALHOST:80/v1/requests?limit=1#top" };
  const headers = holder.headers({ method: "GET", path: "/v1/requests" }, { claims });
  const reply = await world.call("GET", "/v1/requests?limit=5", { headers });
  expect(reply.status).toBe(200);
  const { id } = (await ask()).body;
  const path = `/v1/requests/${id}/cancel`;
  const bare = holder.headers({ method: "POST", path });
  const smuggled = await world.call("POST", path, { headers: bare, rawBody: "{}" });
  expect(codeOf(smuggled)).toBe("PROOF_INVALID");
});

it("takes each proof once, of all who send it at the same time", async () => {
  const headers = holder.headers({ method: "GET", path: "/v1/me" });
  const send = () => world.call("GET", "/v1/me", { headers });
  const replies = await Promise.all(Array.from({ length: 20 }, send));
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  const refused = replies.filter(({ status }) => status !== 200).map(codeOf);
  expect(new Set(refused)).toEqual(new Set(["REPLAY_DETECTED"]));
});

it("asks for its own nonce, takes it for a while, and no other", async () => {
  await using strict = await World.create({ proofNonces: true });
  const key = new KeyPair();
  const issue = (nonce?: string) =>
    requestLease(strict, key, {}, strict.credentials.agent, { claims: { nonce } });
  const refused = await issue();
  expect([refused.status, codeOf(refused)]).toEqual([401, "PROOF_NONCE_REQUIRED"]);
  expect(refused.headers.get("www-authenticate")).toContain('error="use_dpop_nonce"');
  const nonce = refused.headers.get("dpop-nonce") ?? "";
  expect((await issue(nonce)).status).toBe(201);
  expect(codeOf(await issue(`${nonce}x`))).toBe("PROOF_NONCE_REQUIRED");
  strict.clock.advance(60_000);
  expect((await issue(nonce)).status).toBe(201);
  strict.clock.advance(60_000);
  const again = await issue(nonce);
  expect(codeOf(again)).toBe("PROOF_NONCE_REQUIRED");
  expect(again.headers.get("dpop-nonce")).not.toBe(nonce);
});

it("reads the example of RFC 9449 §4.1, and its thumbprint and token hash", () => {
  const text =
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
  const urls = ["https://server.example.com/token"];
  const proof = checkProof({ text, method: "POST", urls }, { now: 1_562_262_616_000 });
  expect(proof.key.thumbprint).toBe("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  const token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
  expect(hash("sha256", token, "base64url")).toBe("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
});

it("takes the proofs that dpop makes", async () => {
  await using present = await World.create({ clock: systemClock });
  const keys = await generateKeyPair("ES256");
  const body = "{}";
  const digest = { body_sha256: hash("sha256", body, "base64url") };
  const url = "http://localhost/v1/leases";
  const dpop = await generateProof(keys, url, "POST", undefined, undefined, digest);
  const headers = { authorization: present.credentials.agent, dpop };
  const issued = await present.call("POST", "/v1/leases", { headers, rawBody: body });
  expect(issued.status).toBe(201);
  const { token } = issued.body;
  const proof = await generateProof(keys, "http://localhost/v1/me", "GET", undefined, token);
  const me = { authorization: `DPoP ${token}`, dpop: proof };
  expect((await present.call("GET", "/v1/me", { headers: me })).status).toBe(200);
});

it("makes leases and proofs in its tests that oauth4webapi accepts", async () => {
  const { token, id } = holder.lease;
  const call = { method: "GET", path: "/v1/me", token };
  const dpop = makeProof(holder.key, call, world.clock.now());
  const server = { issuer: "http://localhost", jwks_uri: "http://localhost/.well-known/jwks.json" };
  const sent = new Request("http://localhost/v1/me", {
    headers: { authorization: `DPoP ${token}`, dpop },
  });
  const claims = await oauth.validateJwtAccessToken(server, sent, "http://localhost", {
    requireDPoP: true,
    [oauth.allowInsecureRequests]: true,
    [oauth.clockSkew]: Math.round((world.clock.now() - Date.now()) / 1_000),
    [oauth.customFetch]: async (url) => {
      const reply = await world.call("GET", new URL(url).pathname);
      return Response.json({ keys: reply.body.keys });
    },
  });
  expect(claims).toMatchObject({ jti: id, cnf: { jkt: holder.key.thumbprint } });
});
