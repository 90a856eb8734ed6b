import type { WireCreateLease, WireIssuedLease } from "@holdpoint/protocol/gate";
import { digestText } from "@holdpoint/protocol/gate";
import { Transport } from "../core.js";
import type { ResolvedOptions } from "../options.js";
import type { Authorizer } from "../transport/authorizer.js";
import { type Asserter, createAsserter, drawProofKey, type ProofKey } from "./proof.js";
import { authorizeWhileLearning, type Prover } from "./prover.js";
import { parseLease } from "./wire.js";

/** Renewed when a third of its life is left, and at most this long before its end. */
const MAX_AHEAD_MS = 60_000;

/** A lease with the key it is bound to: one thing, never changed. */
export interface HeldLease {
  readonly key: ProofKey;
  readonly issued: WireIssuedLease;
  /** Of its token, as proofs name it. */
  readonly digest: string;
  /** By the monotonic clock, so that neither wrong nor corrected wall clocks matter. */
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** Gets a lease for a new key. */
export type LeaseIssuer = (asked: WireCreateLease) => Promise<HeldLease>;

export function createIssuer(options: ResolvedOptions, prover: Prover): LeaseIssuer {
  let credential: Promise<Asserter> | undefined;
  return async (asked) => {
    credential ??= credentialOf(options);
    const [key, assert] = await Promise.all([drawProofKey(), credential]);
    const transport = new Transport(options, leaseAuthorizer(key, prover, assert));
    const body = JSON.stringify(asked);
    const sentAtMs = performance.now();
    const call = { method: "POST", path: "/v1/leases", body } as const;
    const issued = parseLease(await transport.call(call));
    return { key, issued, digest: await digestText(issued.token), ...lifeOf(issued, sentAtMs) };
  };
}

async function credentialOf({ apiKey, agentKey }: ResolvedOptions): Promise<Asserter> {
  if (agentKey === undefined) return async () => apiKey;
  return createAsserter(agentKey.agentId, agentKey.privateKey);
}

/** Each try has its own proof and assertion: each is taken once. */
function leaseAuthorizer(key: ProofKey, prover: Prover, assert: Asserter): Authorizer {
  return {
    authorize: (outgoing) =>
      authorizeWhileLearning(
        async () => {
          const credential = await assert(outgoing.url, prover.nowMs());
          const dpop = await prover.prove(key, outgoing);
          const headers = { authorization: `Bearer ${credential}`, dpop };
          return { headers, secrets: [credential] };
        },
        (answer) => prover.learn(answer),
      ),
  };
}

/** Its life counts from before it was asked for: it ends no later than the control plane says. */
function lifeOf({ issued_at, expires_at }: WireIssuedLease, sentAtMs: number) {
  const lifeMs = Date.parse(expires_at) - Date.parse(issued_at);
  const endsAtMs = sentAtMs + lifeMs;
  return { endsAtMs, renewAtMs: endsAtMs - Math.min(MAX_AHEAD_MS, lifeMs / 3) };
}
