import {
  EscrowError,
  type VerifiedEscrow,
  type VerifiedEscrowChain,
  verifyEscrow,
  verifyEscrowChain,
  type WireEscrow,
} from "@holdpoint/protocol/escrow";
import type { TrustedKeys } from "@holdpoint/protocol/receipt";
import { formatAmount } from "@holdpoint/protocol/spend/core";
import { ReceiptVerificationError } from "../../core.js";
import type { ClientParts } from "../../late.js";
import { fetchKeys, readKeys } from "../../receipts/keys.js";
import type { VerifiedEscrows, VerifyEscrowOptions } from "./options.js";

/** Verifies an escrow as it was answered, before anything of it is acted on. */
export async function verifyAnswer(
  parts: ClientParts,
  escrow: WireEscrow,
  signal: AbortSignal | undefined,
): Promise<VerifiedEscrow> {
  const { details = {}, result, contents_deleted_at: deletedAt } = escrow;
  // What retention has deleted cannot be compared; what was signed of it stands.
  const subject = deletedAt === undefined ? { terms: details, result } : {};
  const { projectId } = parts.options;
  return withKeys(parts, signal, (keys) =>
    verifyEscrow(escrow.envelope, { keys, projectId, subject }),
  );
}

/** Verifies one envelope, or those of a chain. */
export async function verifyGiven(
  parts: ClientParts,
  given: unknown,
  { keys: jwks, signal }: VerifyEscrowOptions = {},
): Promise<VerifiedEscrows> {
  const envelopes = Array.isArray(given) ? given : [given];
  const { projectId } = parts.options;
  const verify = (keys: TrustedKeys) => verifyEscrowChain(envelopes, { keys, projectId });
  const chain =
    jwks === undefined
      ? await withKeys(parts, signal, verify)
      : await holding(async () => verify(await readKeys(jwks)));
  return viewChain(chain);
}

/** Whatever does not hold is verified again with newer keys, if those at hand were not the newest. */
async function withKeys<Result>(
  parts: ClientParts,
  signal: AbortSignal | undefined,
  verify: (keys: TrustedKeys) => Promise<Result>,
): Promise<Result> {
  const { keys, isFresh } = await fetchKeys(parts, signal);
  if (isFresh) return holding(() => verify(keys));
  try {
    return await verify(keys);
  } catch {
    const newer = await fetchKeys(parts, signal, { anew: true });
    return holding(() => verify(newer.keys));
  }
}

async function holding<Result>(verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof EscrowError)) throw error;
    throw new ReceiptVerificationError({
      code: error.code,
      message: `${error.message} Act on nothing of it.`,
      cause: error,
    });
  }
}

function viewChain({ root, handOffs, escrows }: VerifiedEscrowChain): VerifiedEscrows {
  return {
    rootEscrowId: root.opening.escrow_id,
    handOffs,
    escrows: escrows.map(({ opening, stage }) => ({
      id: opening.escrow_id,
      requestId: opening.request_id,
      payer: opening.payer.agent_id,
      payee: opening.payee.agent_id,
      amount: formatAmount(BigInt(opening.amount.amount_minor), opening.amount.currency),
      currency: opening.amount.currency,
      stage,
    })),
  };
}
