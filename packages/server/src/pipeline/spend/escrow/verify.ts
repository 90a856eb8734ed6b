import { type VerifyEscrowOptions, verifyEscrow } from "@holdpoint/protocol/escrow";
import type { Context } from "../../../context.js";
import { problemOf } from "../../../domain/escrow-problem.js";

/** What was signed of one escrow so far, the new step at its end. */
interface SignedSteps {
  readonly projectId: string;
  readonly escrowId: string;
  readonly steps: readonly string[];
  readonly attestations: readonly string[];
  readonly subject: NonNullable<VerifyEscrowOptions["subject"]>;
}

/**
 * Verifies an escrow as anybody does who is given its envelope, before a step of it counts.
 *
 * @throws {ProblemError} `ESCROW_MALFORMED`, `ESCROW_SIGNATURE_INVALID`, `ESCROW_KEY_UNKNOWN`,
 *   `ESCROW_CHAIN_BROKEN`, `ESCROW_DIGEST_WRONG`.
 */
export async function verifySteps(context: Context, signed: SignedSteps) {
  const { projectId, escrowId, steps, attestations, subject } = signed;
  const envelope = { version: 1, escrow_id: escrowId, steps, keys: attestations };
  const keys = await loadOwnKeys(context);
  return verifyEscrow(envelope, { keys, projectId, subject }).catch((error: unknown) => {
    throw problemOf(error);
  });
}

/** The keys by which this control plane attests. */
async function loadOwnKeys({ store }: Context): Promise<VerifyEscrowOptions["keys"]> {
  const signing = await store.signingKeys.list();
  const receipts = await Promise.all(
    signing
      .filter(({ purpose }) => purpose === "receipt")
      .map(async ({ kid, publicKey, notAfter }) => {
        const bytes = new Uint8Array(publicKey);
        const verifier = await crypto.subtle.importKey("raw", bytes, "Ed25519", true, ["verify"]);
        return [kid, { keyId: kid, verifier, notAfterMs: notAfter }] as const;
      }),
  );
  return { receipts: new Map(receipts), logs: [] };
}
