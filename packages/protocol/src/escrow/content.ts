import { isBase64Url } from "../envelope/shape.js";
import { MAX_AMOUNT_MINOR } from "../spend/amount.js";
import { currencyDecimals } from "../spend/currency.js";
import {
  type Check,
  hasExactly,
  hasMembers,
  isDigest,
  isExactly,
  isIdOf,
  isTime,
  type Members,
  optional,
  parseCanonical,
} from "../strict.js";
import { EscrowError } from "./error.js";
import type {
  AgentKeyAttestation,
  AgentKeyProof,
  EscrowOpening,
  EscrowStep,
  EscrowStepType,
} from "./wire.js";

/** What can be signed, by the word that its `typ` and its content name it with. */
export interface SignedContents {
  readonly open: EscrowOpening;
  readonly fulfil: Extract<EscrowStep, { type: "fulfil" }>;
  readonly release: Extract<EscrowStep, { type: "release" }>;
  readonly dispute: Extract<EscrowStep, { type: "dispute" }>;
  readonly agent_key: AgentKeyAttestation;
  readonly agent_key_proof: AgentKeyProof;
}
export type SignedKind = keyof SignedContents;

export const STEP_TYPES = [
  "open",
  "fulfil",
  "release",
  "dispute",
] as const satisfies readonly EscrowStepType[];

/**
 * Reads a signed text. It must be the canonical JSON of itself, so that one content has one writing,
 * and have exactly the members of version 1: what is not understood is not proved.
 *
 * @throws {EscrowError} `ESCROW_MALFORMED` (`not_canonical` or `bad_content`).
 */
export function parseContent<Kind extends SignedKind>(
  kind: Kind,
  text: string,
): SignedContents[Kind] {
  const value = parseCanonical(text);
  if (value === undefined) throw new EscrowError("not_canonical");
  if (!hasMembers(value, CONTENTS[kind])) throw new EscrowError("bad_content");
  return value as unknown as SignedContents[Kind];
}

const isBytes32: Check = (value) => typeof value === "string" && isBase64Url(value, 43);
const isAmountMinor: Check = (value) =>
  Number.isSafeInteger(value) &&
  (value as number) >= 1 &&
  (value as number) <= Number(MAX_AMOUNT_MINOR);
const isCurrency: Check = (value) =>
  typeof value === "string" && currencyDecimals(value) !== undefined;

const PARTY: Members = { agent_id: isIdOf("agent"), key_id: isBytes32 };

const STEP: Members = {
  version: isExactly(1),
  escrow_id: isIdOf("escrow"),
  request_id: isIdOf("request"),
};

const CONTENTS: Readonly<Record<SignedKind, Members>> = {
  open: {
    ...STEP,
    type: isExactly("open"),
    project_id: isIdOf("project"),
    payer: hasExactly(PARTY),
    payee: hasExactly(PARTY),
    amount: hasExactly({ amount_minor: isAmountMinor, currency: isCurrency }),
    terms_digest: isDigest,
    fulfil_by: isTime,
    release_by: isTime,
    parent: optional(hasExactly({ escrow_id: isIdOf("escrow"), open_digest: isDigest })),
  },
  fulfil: {
    ...STEP,
    type: isExactly("fulfil"),
    previous_digest: isDigest,
    result_digest: isDigest,
  },
  release: { ...STEP, type: isExactly("release"), previous_digest: isDigest },
  dispute: {
    ...STEP,
    type: isExactly("dispute"),
    previous_digest: isDigest,
    reason_digest: optional(isDigest),
  },
  agent_key: {
    version: isExactly(1),
    type: isExactly("agent_key"),
    project_id: isIdOf("project"),
    agent_id: isIdOf("agent"),
    jwk: hasExactly({ kty: isExactly("OKP"), crv: isExactly("Ed25519"), x: isBytes32 }),
    at: isTime,
  },
  agent_key_proof: {
    version: isExactly(1),
    type: isExactly("agent_key_proof"),
    project_id: isIdOf("project"),
    agent_id: isIdOf("agent"),
    key_id: isBytes32,
  },
};
