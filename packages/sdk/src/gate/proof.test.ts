import { inspect } from "node:util";
import { digestText } from "@holdpoint/protocol/gate";
import { decodeJwt, EmbeddedJWK, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { drawProofKey, signProof } from "./proof.js";

const call = { method: "POST", url: "https://hp.test/v1/leases?a=1#b", body: "{}", atMs: 1_999 };

test("a key cannot be taken out of this process, and is another each time", async () => {
  const [key, other] = await Promise.all([drawProofKey(), drawProofKey()]);
  await expect(crypto.subtle.exportKey("jwk", key.privateKey)).rejects.toThrow();
  await expect(crypto.subtle.exportKey("pkcs8", key.privateKey)).rejects.toThrow();
  expect(key.jwk).toEqual({
    kty: "EC",
    crv: "P-256",
    x: expect.stringMatching(/^[\w-]{43}$/),
    y: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(key.jwk.x).not.toBe(other.jwk.x);
  expect(inspect(key, { showHidden: true, depth: 9 })).not.toMatch(/\bd: /);
});

test("a proof names the call, and holds for its key alone", async () => {
  const [key, other] = await Promise.all([drawProofKey(), drawProofKey()]);
  const proof = await signProof(key, { ...call, leaseDigest: "digest", nonce: "nonce" });
  const { payload } = await jwtVerify(proof, EmbeddedJWK, { currentDate: new Date(call.atMs) });
  expect(payload).toEqual({
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    htm: "POST",
    htu: "https://hp.test/v1/leases",
    iat: 1,
    body_sha256: await digestText("{}"),
    ath: "digest",
    nonce: "nonce",
  });
  const forged = await signProof({ privateKey: other.privateKey, jwk: key.jwk }, call);
  await expect(jwtVerify(forged, EmbeddedJWK)).rejects.toThrow();
});

test("a proof of a call without body, lease and nonce has none of them, and is used once", async () => {
  const key = await drawProofKey();
  const bare = { ...call, body: undefined };
  const [first, second] = await Promise.all([signProof(key, bare), signProof(key, bare)]);
  expect(Object.keys(decodeJwt(first)).sort()).toEqual(["htm", "htu", "iat", "jti"]);
  expect(decodeJwt(first).jti).not.toBe(decodeJwt(second).jti);
});
