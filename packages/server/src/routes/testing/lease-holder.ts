import { generateKeyPairSync, hash, type KeyObject, randomUUID, sign } from "node:crypto";
import {
  ASSERTION_TYPE,
  BODY_DIGEST_CLAIM,
  PROOF_TYPE,
  type PublicP256Jwk,
  type WireIssuedLease,
} from "@holdpoint/protocol/gate";
import type { Credentials, Reply, World } from "./world.js";
import { ORIGIN } from "./world.js";

/** What a call is, for its proof. */
export interface ProvenCall {
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
  readonly token?: string | undefined;
}

/** What a test changes about a proof. A claim or header that is `undefined` is left out. */
export interface ProofChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedBy?: KeyPair;
}

/** A P-256 key of an agent's. */
export class KeyPair {
  readonly privateKey: KeyObject;
  readonly jwk: PublicP256Jwk;
  readonly thumbprint: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    this.privateKey = privateKey;
    this.jwk = { kty: "EC", crv: "P-256", x, y };
    const { crv, kty } = this.jwk;
    this.thumbprint = hash("sha256", JSON.stringify({ crv, kty, x, y }), "base64url");
  }

  sign(header: object, claims: object): string {
    const signed = `${encode(header)}.${encode(claims)}`;
    const key = { key: this.privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
  }
}

/** A proof by this key (RFC 9449 §4.2), with a digest of the body. */
export function makeProof(
  key: KeyPair,
  { method, path, body, token }: ProvenCall,
  now: number,
  { header = {}, claims = {}, signedBy = key }: ProofChanges = {},
): string {
  return signedBy.sign(
    { typ: PROOF_TYPE, alg: "ES256", jwk: key.jwk, ...header },
    {
      jti: randomUUID(),
      htm: method,
      htu: `${ORIGIN}${path.split("?", 1)[0]}`,
      iat: Math.floor(now / 1_000),
      ...(token !== undefined && { ath: hash("sha256", token, "base64url") }),
      ...(body !== undefined && { [BODY_DIGEST_CLAIM]: hash("sha256", body, "base64url") }),
      ...claims,
    },
  );
}

/** What an enrolled agent authenticates with. */
export function makeAssertion(
  key: KeyPair,
  agentId: string,
  now: number,
  { header = {}, claims = {}, signedBy = key }: ProofChanges = {},
): string {
  const iat = Math.floor(now / 1_000);
  return signedBy.sign(
    { typ: ASSERTION_TYPE, alg: "ES256", kid: key.thumbprint, ...header },
    { iss: agentId, sub: agentId, aud: ORIGIN, jti: randomUUID(), iat, exp: iat + 60, ...claims },
  );
}

/** An agent with a key and the lease bound to it. */
export class LeaseHolder {
  readonly world: World;
  readonly key: KeyPair;
  readonly lease: WireIssuedLease;

  constructor(world: World, key: KeyPair, lease: WireIssuedLease) {
    this.world = world;
    this.key = key;
    this.lease = lease;
  }

  /** Gets a lease by an API key of the world. */
  static async create(
    world: World,
    fields: object = {},
    as: keyof Credentials = "agent",
  ): Promise<LeaseHolder> {
    const key = new KeyPair();
    const reply = await requestLease(world, key, fields, world.credentials[as]);
    if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
    return new LeaseHolder(world, key, reply.body);
  }

  /** Goes on with the session, by default with the same key. */
  async renew(key = this.key, as: keyof Credentials = "agent"): Promise<LeaseHolder> {
    const fields = { session_id: this.lease.session_id };
    const reply = await requestLease(this.world, key, fields, this.world.credentials[as]);
    if (reply.status !== 201) throw new Error(`Expected 201, got ${reply.status}`);
    return new LeaseHolder(this.world, key, reply.body);
  }

  /** The headers of one call. */
  headers(call: Omit<ProvenCall, "token">, changes?: ProofChanges): Record<string, string> {
    const { token } = this.lease;
    const dpop = makeProof(this.key, { ...call, token }, this.world.clock.now(), changes);
    return { authorization: `DPoP ${token}`, dpop };
  }

  /** Calls the API with the lease and a proof for this call. */
  call(method: string, path: string, body?: unknown, changes?: ProofChanges): Promise<Reply> {
    const rawBody = body === undefined ? undefined : JSON.stringify(body);
    const headers = this.headers({ method, path, body: rawBody }, changes);
    return this.world.call(method, path, { headers, ...(rawBody !== undefined && { rawBody }) });
  }
}

/** `POST /v1/leases` with a proof by this key. @param authorization - Of the credential. */
export function requestLease(
  world: World,
  key: KeyPair,
  fields: object,
  authorization: string,
  changes?: ProofChanges,
): Promise<Reply> {
  const rawBody = JSON.stringify(fields);
  const call = { method: "POST", path: "/v1/leases", body: rawBody };
  const dpop = makeProof(key, call, world.clock.now(), changes);
  return world.call("POST", "/v1/leases", { headers: { authorization, dpop }, rawBody });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
