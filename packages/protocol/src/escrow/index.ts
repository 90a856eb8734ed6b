export { handOffFault, type VerifiedEscrowChain, verifyEscrowChain } from "./chain.js";
export type { SignedContents, SignedKind } from "./content.js";
export { STEP_TYPES } from "./content.js";
export { digestContent, digestStep } from "./digest.js";
export {
  EscrowError,
  type EscrowErrorCode,
  type EscrowFault,
  type EscrowFaultPlace,
} from "./error.js";
export { headerText, parseJws, signContent, type UnverifiedJws } from "./jws.js";
export { type AgentKey, openAttestation, thumbprintOf, verifyKeyProof } from "./key.js";
export {
  canEscrowMove,
  ESCROW_STAGES,
  ESCROW_STATUSES,
  type EscrowStage,
  type EscrowStatus,
  escrowStatusOf,
} from "./status.js";
export {
  type VerifiedEscrow,
  type VerifiedStep,
  type VerifyEscrowOptions,
  verifyEscrow,
} from "./verify.js";
export type {
  AgentKeyAttestation,
  AgentKeyProof,
  EscrowDispute,
  EscrowEnvelope,
  EscrowFulfilment,
  EscrowOpening,
  EscrowParent,
  EscrowParty,
  EscrowPublicJwk,
  EscrowRelease,
  EscrowStep,
  EscrowStepType,
  WireAgentKey,
  WireDisputeEscrow,
  WireEscrow,
  WireFulfilEscrow,
  WireOpenEscrow,
  WireRegisterAgentKey,
  WireReleaseEscrow,
} from "./wire.js";
