import {
  EscrowError,
  type VerifiedEscrow,
  type VerifiedEscrowChain,
  verifyEscrow,
  verifyEscrowChain,
  type WireEscrow,
} from "@holdpoint/protocol/escrow";
import { importTrustedKeys, type TrustedKeys } from "@holdpoint/protocol/receipt";
import { formatAmount } from "@holdpoint/protocol/spend/core";
import { ConfigurationError, invalidResponse, ReceiptVerificationError } from "../../core.js";
import type { ClientParts } from "../../late.js";
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

/** By client. A key we have not heard of may be newer than what we remember: then they are read again. */
const remembered = new WeakMap<ClientParts, TrustedKeys>();

async function withKeys<Result>(
  parts: ClientParts,
  signal: AbortSignal | undefined,
  verify: (keys: TrustedKeys) => Promise<Result>,
): Promise<Result> {
  const keys = remembered.get(parts);
  if (keys === undefined) return holding(async () => verify(await fetchKeys(parts, signal)));
  try {
    return await verify(keys);
  } catch {
    return holding(async () => verify(await fetchKeys(parts, signal)));
  }
}

async function fetchKeys(
  parts: ClientParts,
  signal: AbortSignal | undefined,
): Promise<TrustedKeys> {
  const path = "/.well-known/jwks.json";
  const jwks = await parts.transport.call({ method: "GET", path, signal });
  const keys = await importTrustedKeys(jwks).catch((cause: unknown) => {
    throw invalidResponse("Expected the keys of a control plane", { cause });
  });
  remembered.set(parts, keys);
  return keys;
}

async function readKeys(jwks: unknown): Promise<TrustedKeys> {
  try {
    return await importTrustedKeys(jwks);
  } catch (cause) {
    throw new ConfigurationError({
      code: "CONFIGURATION_INVALID",
      message: `The option keys is not usable. ${(cause as Error).message} Save /.well-known/jwks.json of the control plane, and pass its JSON.`,
      cause,
    });
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
