export type {
  WireCheckPolicy,
  WireExplainPolicy,
  WirePolicy,
  WirePolicyChange,
  WirePolicyCheck,
  WirePolicyExplanation,
  WirePolicyProblem,
  WirePolicyStatement,
  WirePolicyTrial,
  WireSetPolicy,
  WireTryPolicy,
} from "./wire.js";
