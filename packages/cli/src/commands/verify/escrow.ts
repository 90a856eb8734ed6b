import {
  type VerifiedEscrow,
  type VerifiedEscrowChain,
  verifyEscrow,
  verifyEscrowChain,
} from "@holdpoint/protocol/escrow";
import { formatAmount } from "@holdpoint/protocol/spend";
import { holding } from "../../evidence/failure.js";
import { type LoadedKeys, loadTrustedKeys } from "../../evidence/keys.js";
import { printAnswer } from "../../output/answer.js";
import { describeEvidence, type Findings } from "../../output/evidence.js";
import type { Terminal } from "../../terminal.js";
import type { VerifyOptions } from "./options.js";

/** One escrow, or a chain of them: each as its envelope alone, or as the API answers it. */
export type EscrowFile =
  | { readonly kind: "escrow"; readonly value: object }
  | { readonly kind: "chain"; readonly values: readonly unknown[] };

/**
 * Tells a file about escrows from one about anything else; it may still be malformed. A chain is a
 * list, or what `GET /v1/escrows` answers.
 */
export function recogniseEscrows(value: unknown): EscrowFile | undefined {
  const list = isObject(value) && "data" in value ? value.data : value;
  if (Array.isArray(list)) {
    return list.some(isEscrow) ? { kind: "chain", values: list } : undefined;
  }
  return isEscrow(value) ? { kind: "escrow", value } : undefined;
}

export async function verifyEscrowFile(
  terminal: Terminal,
  file: EscrowFile,
  options: VerifyOptions,
): Promise<void> {
  const loaded = await loadTrustedKeys(terminal, options.keys);
  const trust = { keys: loaded.keys, projectId: options.project };
  if (file.kind === "escrow") {
    const { envelope, subject } = takeApart(file.value);
    const escrow = await holding(() => verifyEscrow(envelope, { ...trust, subject }));
    printAnswer(terminal, options, escrowToJson(escrow), () => describe(escrow, loaded, terminal));
    return;
  }
  const chain = await holding(async () => {
    const parts = file.values.map(takeApart);
    for (const { envelope, subject } of parts) await verifyEscrow(envelope, { ...trust, subject });
    const envelopes = parts.map(({ envelope }) => envelope);
    return verifyEscrowChain(envelopes, trust);
  });
  printAnswer(terminal, options, chainToJson(chain), () => describeChain(chain, loaded, terminal));
}

/** What the API answers brings terms and result along, whose digests are then recomputed. */
function takeApart(value: unknown) {
  if (!isObject(value) || !("envelope" in value)) return { envelope: value, subject: {} };
  const { envelope, details = {}, result, contents_deleted_at: deletedAt } = value;
  // What retention has deleted cannot be compared.
  return { envelope, subject: deletedAt === undefined ? { terms: details, result } : {} };
}

function isEscrow(value: unknown): value is object {
  if (!isObject(value)) return false;
  return "escrow_id" in value || ("envelope" in value && isObject(value.envelope));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function escrowToJson(escrow: VerifiedEscrow) {
  return { verified: true, kind: "escrow", ...statementOf(escrow) };
}

function chainToJson({ root, escrows, handOffs }: VerifiedEscrowChain) {
  return {
    verified: true,
    kind: "escrow_chain",
    root_escrow_id: root.opening.escrow_id,
    hand_offs: handOffs,
    escrows: escrows.map(statementOf),
  };
}

function statementOf({ opening, openDigest, stage, steps, ...escrow }: VerifiedEscrow) {
  const { resultDigest, attestations, compared } = escrow;
  return {
    escrow: opening,
    open_digest: openDigest,
    stage,
    ...(resultDigest !== undefined && { result_digest: resultDigest }),
    steps: steps.map(({ type, signedBy, digest }) => ({ type, signed_by: signedBy, digest })),
    attestations: attestations.map(({ keyId, agentId, at, attestedBy }) => ({
      key_id: keyId,
      agent_id: agentId,
      at,
      attested_by: attestedBy,
    })),
    compared,
  };
}

function describe(escrow: VerifiedEscrow, keys: LoadedKeys, { colours }: Terminal): string {
  const { opening, stage } = escrow;
  const facts = [
    ["escrow", opening.escrow_id],
    ["stage", `${stage}: ${STAGES[stage]}`],
    ["amount", amountOf(escrow)],
    ["payer", `${opening.payer.agent_id}, key ${opening.payer.key_id}`],
    ["payee", `${opening.payee.agent_id}, key ${opening.payee.key_id}`],
    ["fulfil by", opening.fulfil_by],
    ["release by", opening.release_by],
    ["passes on", opening.parent?.escrow_id],
    ["request", opening.request_id],
    ["project", opening.project_id],
  ] as const;
  return describeEvidence("The escrow verifies.", facts, findingsOf([escrow], keys), colours);
}

function describeChain(chain: VerifiedEscrowChain, keys: LoadedKeys, terminal: Terminal): string {
  const { root, escrows, handOffs } = chain;
  const facts = [
    ["begins with", root.opening.escrow_id],
    ["hand-offs", String(handOffs)],
    ...escrows.map((escrow) => {
      const { escrow_id, payer, payee } = escrow.opening;
      const sides = `${payer.agent_id} → ${payee.agent_id}`;
      return [escrow_id, `${sides}, ${amountOf(escrow)}, ${escrow.stage}`] as const;
    }),
  ] as const;
  const findings = findingsOf(escrows, keys);
  const checked = [
    ...findings.checked,
    ["hand-offs", "each paid by its parent's payee, no more, no later, under the same key"],
  ] as const;
  const verdict = "The chain of escrows verifies from end to end.";
  return describeEvidence(verdict, facts, { ...findings, checked }, terminal.colours);
}

const STAGES = {
  OPEN: "held for the payee to fulfil",
  FULFILLED: "the payee says that it is done",
  RELEASED: "the payer has let the money go",
  DISPUTED: "one of both asks for a person",
} as const satisfies Record<VerifiedEscrow["stage"], string>;

function amountOf({ opening }: VerifiedEscrow): string {
  const { amount_minor, currency } = opening.amount;
  return `${formatAmount(BigInt(amount_minor), currency)} ${currency}`;
}

function findingsOf(escrows: readonly VerifiedEscrow[], keys: LoadedKeys): Findings {
  const missing = (["terms", "result"] as const).filter((field) =>
    escrows.some((escrow) => isSigned(escrow, field) && !escrow.compared.includes(field)),
  );
  const compared = (["terms", "result"] as const).filter((field) =>
    escrows.some((escrow) => escrow.compared.includes(field)),
  );
  return {
    checked: [
      ["keys", `attested to their agents by a control plane, trusted from ${keys.origin}`],
      ["signatures", "of every step, by the agent whose step it is"],
      ["order", "each step names the one before it, the escrow and the request"],
      ["form", "canonical JSON of version 1, no more and no less"],
      ...compared.map(
        (field) => [field, "are what was signed: their digest was recomputed"] as const,
      ),
    ],
    notChecked: [
      ...missing.map(
        (field) =>
          [field, "its digest is signed; verify the answer of GET /v1/escrows/:id"] as const,
      ),
      ["the money", "that it was held and moved: holdpoint verify the receipts of the request"],
      [
        "a person's decision",
        "of a dispute: it is in the receipt of the request that asked for it",
      ],
    ],
  };
}

function isSigned({ resultDigest }: VerifiedEscrow, field: "terms" | "result"): boolean {
  return field === "terms" || resultDigest !== undefined;
}
