import { isId } from "../id.js";
import { isJsonObject } from "../json.js";
import type { TrustedKeys } from "../receipt/keys.js";
import { STEP_TYPES } from "./content.js";
import { digestContent, digestStep } from "./digest.js";
import { EscrowError } from "./error.js";
import { parseJws, type UnverifiedJws, verifyJws } from "./jws.js";
import { type AgentKey, openAttestation } from "./key.js";
import type { EscrowStage } from "./status.js";
import type { EscrowEnvelope, EscrowOpening, EscrowParty, EscrowStepType } from "./wire.js";

export interface VerifyEscrowOptions {
  /** The control plane's, from a source you trust, never from beside the escrow. */
  readonly keys: TrustedKeys;
  /** The project it must belong to. Default: any. */
  readonly projectId?: string | undefined;
  /** What it is said to be about, as it travels: each digest is recomputed. */
  readonly subject?: { readonly terms?: unknown; readonly result?: unknown } | undefined;
}

/** One step whose signature and place held. */
export interface VerifiedStep {
  readonly type: EscrowStepType;
  readonly signedBy: EscrowParty;
  readonly digest: string;
}

/** An escrow whose every statement held. */
export interface VerifiedEscrow {
  readonly opening: EscrowOpening;
  /** What a hand-off names it by. */
  readonly openDigest: string;
  /** As far as its parties signed. What a person decided of a dispute is in that request's receipt. */
  readonly stage: Exclude<EscrowStage, "RETURNED">;
  readonly resultDigest?: string;
  readonly steps: readonly VerifiedStep[];
  /** When the control plane registered each party's key, and by which key of its own it says so. */
  readonly attestations: readonly {
    readonly keyId: string;
    readonly agentId: string;
    readonly at: string;
    readonly attestedBy: string;
  }[];
  readonly compared: readonly ("terms" | "result")[];
}

/**
 * Verifies an escrow from its envelope and trusted keys alone, without asking anybody: whose the
 * keys are, each signature, that each step follows the one before it in the same escrow under the
 * same request, and the digests of what it is about.
 *
 * @param envelope - An {@link EscrowEnvelope}, as parsed from JSON.
 * @throws {EscrowError} Its `code` says what does not hold. Never treat the escrow as evidence then.
 */
export async function verifyEscrow(
  envelope: unknown,
  options: VerifyEscrowOptions,
): Promise<VerifiedEscrow> {
  const { escrow_id, steps, keys } = requireEnvelope(envelope);
  try {
    const parsed = parseSteps(steps, escrow_id);
    const { opening } = parsed;
    if (options.projectId !== undefined && opening.project_id !== options.projectId) {
      throw new EscrowError("other_project");
    }
    const attested = await openParties(keys, opening, options.keys);
    const verified = await verifySteps(parsed.steps, opening, attested);
    const resultDigest = parsed.steps.map(resultDigestOf).find((digest) => digest !== undefined);
    const compared = await compareSubject(opening, resultDigest, options.subject ?? {});
    return {
      opening,
      openDigest: (verified[0] as VerifiedStep).digest,
      stage: STAGES[(verified.at(-1) as VerifiedStep).type],
      ...(resultDigest !== undefined && { resultDigest }),
      steps: verified,
      attestations: [attested.payer, attested.payee].map(describeKey),
      compared,
    };
  } catch (error) {
    throw error instanceof EscrowError ? error.at({ escrowId: escrow_id }) : error;
  }
}

const STAGES = {
  open: "OPEN",
  fulfil: "FULFILLED",
  release: "RELEASED",
  dispute: "DISPUTED",
} as const satisfies Record<EscrowStepType, EscrowStage>;

/** What may follow what. */
const FOLLOWERS: Readonly<Record<EscrowStepType, readonly EscrowStepType[]>> = {
  open: ["fulfil", "dispute"],
  fulfil: ["release", "dispute"],
  release: [],
  dispute: [],
};

type Step = UnverifiedJws<EscrowStepType>;

/** The members of an {@link EscrowEnvelope}, and no others: what is not checked is not let through. */
function requireEnvelope(value: unknown): EscrowEnvelope {
  const members = ["version", "escrow_id", "steps", "keys"];
  if (!isJsonObject(value) || !Object.keys(value).every((name) => members.includes(name))) {
    throw new EscrowError("not_an_envelope");
  }
  const { version, escrow_id, steps, keys } = value as Readonly<Record<string, unknown>>;
  const isWhole = version === 1 && isId("escrow", escrow_id) && isList(steps, 3) && isList(keys, 2);
  if (!isWhole) throw new EscrowError("not_an_envelope");
  return { version: 1, escrow_id, steps, keys } as EscrowEnvelope;
}

function isList(value: unknown, maxLength: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length >= 1 && value.length <= maxLength;
}

function parseSteps(jwsList: readonly unknown[], escrowId: string) {
  const steps = jwsList.map((jws, index) => within(index, () => parseJws(jws, STEP_TYPES)));
  const [first] = steps;
  if (first?.content.type !== "open") throw new EscrowError("bad_order", { step: 0 });
  const opening = first.content;
  for (const [index, { content }] of steps.entries()) {
    const before = index === 0 ? undefined : steps[index - 1];
    if (before && !FOLLOWERS[before.kind].includes(content.type)) {
      throw new EscrowError("bad_order", { step: index });
    }
    if (content.escrow_id !== escrowId || content.request_id !== opening.request_id) {
      throw new EscrowError("other_escrow", { step: index });
    }
  }
  requireSense(opening);
  return { opening, steps };
}

/** What no payer and payee could mean. */
function requireSense({ payer, payee, fulfil_by, release_by }: EscrowOpening): void {
  const isSense =
    payer.agent_id !== payee.agent_id && payer.key_id !== payee.key_id && fulfil_by <= release_by;
  if (!isSense) throw new EscrowError("bad_content", { step: 0 });
}

interface PartyKeys {
  readonly payer: AgentKey;
  readonly payee: AgentKey;
}

/** Finds who the keys that the opening names are attested to. */
async function openParties(
  attestations: readonly unknown[],
  opening: EscrowOpening,
  trusted: TrustedKeys,
): Promise<PartyKeys> {
  const keys = await Promise.all(attestations.map((jws) => openAttestation(jws, trusted)));
  const find = (party: EscrowParty): AgentKey => {
    const key = keys.find(({ keyId }) => keyId === party.key_id);
    if (key === undefined) throw new EscrowError("unknown_key");
    const { agent_id, project_id } = key.attestation;
    if (agent_id !== party.agent_id || project_id !== opening.project_id) {
      throw new EscrowError("foreign_key");
    }
    return key;
  };
  return { payer: find(opening.payer), payee: find(opening.payee) };
}

async function verifySteps(
  steps: readonly Step[],
  opening: EscrowOpening,
  keys: PartyKeys,
): Promise<readonly VerifiedStep[]> {
  const verified: VerifiedStep[] = [];
  for (const [index, step] of steps.entries()) {
    const before = verified.at(-1);
    const { signedBy, key } = signerOf(step, opening, keys, index);
    await verifyJws(step.jws, key.verifier).catch((error: EscrowError) => {
      throw error.at({ step: index });
    });
    if ("previous_digest" in step.content && step.content.previous_digest !== before?.digest) {
      throw new EscrowError("broken_link", { step: index });
    }
    verified.push({ type: step.kind, signedBy, digest: await digestStep(step.jws) });
  }
  return verified;
}

/** Who has to sign a step, and has by the key it names. */
function signerOf({ kind, keyId }: Step, opening: EscrowOpening, keys: PartyKeys, step: number) {
  const sides = SIGNERS[kind];
  const side = sides.find((one) => opening[one].key_id === keyId);
  if (side === undefined) throw new EscrowError("wrong_signer", { step });
  return { signedBy: opening[side], key: keys[side] };
}

const SIGNERS: Readonly<Record<EscrowStepType, readonly ("payer" | "payee")[]>> = {
  open: ["payer"],
  fulfil: ["payee"],
  release: ["payer"],
  dispute: ["payer", "payee"],
};

function resultDigestOf({ content }: Step): string | undefined {
  return content.type === "fulfil" ? content.result_digest : undefined;
}

async function compareSubject(
  opening: EscrowOpening,
  resultDigest: string | undefined,
  { terms, result }: NonNullable<VerifyEscrowOptions["subject"]>,
): Promise<readonly ("terms" | "result")[]> {
  const pairs = [
    { field: "terms", digest: opening.terms_digest, value: terms },
    { field: "result", digest: resultDigest, value: result },
  ] as const;
  const given = pairs.filter(({ value }) => value !== undefined);
  for (const { field, digest, value } of given) {
    if ((await digestContent(value)) !== digest)
      throw new EscrowError("content_differs", { field });
  }
  return given.map(({ field }) => field);
}

function describeKey({ keyId, attestedBy, attestation }: AgentKey) {
  return { keyId, agentId: attestation.agent_id, at: attestation.at, attestedBy };
}

function within<Result>(step: number, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof EscrowError ? error.at({ step }) : error;
  }
}
